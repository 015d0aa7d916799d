package io.unroll.bench.network;

import io.unroll.bench.peer.Shape;
import io.unroll.model.ModelBuilder;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.util.Locale;
import java.util.Random;

/** Networks of one recurrent layer with random weights: the same for everybody who asks. */
public final class Networks {
  private static final long SEED = 20260101;

  private Networks() {}

  /** Weights within ±1/√neurons, as PyTorch starts with: no gate saturates. */
  public static CellWeights weights(Shape.Cell cell, int inputs, int neurons) {
    Random random = new Random(SEED + 31L * neurons + cell.gates());
    float bound = (float) (1 / Math.sqrt(neurons));
    int rows = cell.gates() * neurons;
    return new CellWeights(
        "recurrent",
        inputs,
        neurons,
        uniform(random, rows * inputs, bound),
        uniform(random, rows * neurons, bound),
        uniform(random, rows, bound),
        uniform(random, rows, bound));
  }

  private static float[] uniform(Random random, int count, float bound) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (2 * random.nextFloat() - 1) * bound;
    }
    return values;
  }

  /** Values of a standard normal distribution, as scaled features are. */
  public static float[] inputs(int count) {
    Random random = new Random(SEED);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The layer alone: its output is h. */
  public static OnnxFile file(Shape.Cell cell, int neurons) {
    return OnnxFile.of(builder(cell, neurons).build());
  }

  /** An LSTM and a dense layer behind it. */
  public static OnnxFile withHead(int neurons, int outputs) {
    Random random = new Random(SEED);
    return OnnxFile.of(
        builder(Shape.Cell.LSTM, neurons)
            .dense("head", uniform(random, neurons * outputs, 1), uniform(random, outputs, 1))
            .build());
  }

  private static ModelBuilder builder(Shape.Cell cell, int neurons) {
    CellWeights weights = weights(cell, Shape.INPUTS, neurons);
    ModelBuilder builder =
        RecurrentModel.builder()
            .name(cell.name().toLowerCase(Locale.ROOT) + neurons)
            .inputs(Shape.INPUTS);
    return switch (cell) {
      case LSTM -> builder.lstm(weights);
      case GRU -> builder.gru(weights, true);
    };
  }

  /** The layer on a kernel, by its name. */
  public static RecurrentModel model(Shape.Cell cell, int neurons, String kernel) {
    try {
      return file(cell, neurons).read(Kernels.named(kernel));
    } catch (OnnxException e) {
      throw new IllegalStateException("what the builder wrote, the reader refused", e);
    }
  }
}
