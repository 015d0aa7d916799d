package io.unroll.job.operator;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Tuning;
import io.unroll.job.life.Unscale;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.TestKernel;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.FMatrixRMaj;

/** Real models for the operator's tests, and what each gives for one series alone. */
final class TestModels {
  private TestModels() {}

  /** A tanh cell: 3 features, 5 outputs. */
  static OnnxFile rnn() {
    return GoldenCase.load("01-basic-rnn-cell").onnx();
  }

  /** The tanh cell whose graph starts every state at 0.5. */
  static OnnxFile startingAtHalf() {
    try {
      OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.parseFrom(rnn().model()).toBuilder();
      for (OnnxMl.NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
        if (node.getOpType().equals("ConstantOfShape")) {
          byte[] half =
              ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0.5f).array();
          node.getAttributeBuilder(0).getTBuilder().setRawData(ByteString.copyFrom(half));
        }
      }
      return new OnnxFile("starting-at-half", model.build().toByteArray(), Map.of());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Two ReLU layers: 4 features, 3 outputs. */
  static OnnxFile relu() {
    return GoldenCase.load("02-relu-rnn-2layer-dense").onnx();
  }

  /** The same with weights a thousand times as large: finite inputs can overflow it. */
  static OnnxFile overflowing() {
    try {
      OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.parseFrom(relu().model()).toBuilder();
      for (OnnxMl.TensorProto.Builder tensor :
          model.getGraphBuilder().getInitializerBuilderList()) {
        ByteBuffer floats =
            ByteBuffer.wrap(tensor.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < floats.capacity(); at += Float.BYTES) {
          floats.putFloat(at, floats.getFloat(at) * 1000);
        }
        tensor.setRawData(ByteString.copyFrom(floats));
      }
      return new OnnxFile("overflowing", model.build().toByteArray(), Map.of());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A tanh cell with a dense layer: 2 features, 2 outputs, a state as {@link #rnn} has. */
  static OnnxFile decoder() {
    Random random = new Random(5);
    return OnnxFile.of(
        RecurrentModel.builder()
            .name("decoder")
            .inputs(2)
            .rnn(
                new CellWeights(
                    "rnn",
                    2,
                    5,
                    floats(random, 10),
                    floats(random, 25),
                    new float[5],
                    new float[5]))
            .dense("head", floats(random, 10), floats(random, 2))
            .build());
  }

  private static float[] floats(Random random, int count) {
    float[] result = new float[count];
    for (int i = 0; i < count; i++) {
      result[i] = (float) random.nextGaussian() * 0.6f;
    }
    return result;
  }

  /** An LSTM on percent log-returns: 1 feature, 3 outputs. */
  static OnnxFile indices() {
    return new OnnxFile(
        "eu-stock-quantiles-lstm",
        GoldenCase.bytes("feeds/eu-stock-quantiles-lstm.onnx"),
        Map.of());
  }

  /** Each observation steps when it comes. */
  private static final Tuning ONE_BY_ONE =
      new Tuning(TestKernel.NAME, 1, Tuning.BATCH_DELAY_MILLIS, Tuning.CACHE_BYTES);

  static SequenceConfig config(OnnxFile model, long idleMillis, long maxSteps, Emit emit) {
    List<Feature> raw =
        IntStream.range(0, read(model).inputSize()).mapToObj(i -> Feature.raw("x" + i)).toList();
    return config(model, raw, idleMillis, maxSteps, emit);
  }

  static SequenceConfig config(
      OnnxFile model, List<Feature> features, long idleMillis, long maxSteps, Emit emit) {
    return SequenceConfig.of(model, features)
        .with(Boundaries.NONE.withIdleTimeout(idleMillis).withMaxSteps(maxSteps))
        .with(new Emission(emit, 1))
        .with(ONE_BY_ONE);
  }

  /** As {@code config}, served by windows of the last inputs. */
  static SequenceConfig window(SequenceConfig config, int inputs) {
    return config.with(
        new SequenceConfig.Served(config.model(), config.served().initialState(), inputs));
  }

  /** As {@code config}, from another initial state. */
  static SequenceConfig startingFrom(SequenceConfig config, InitialState state) {
    return config.with(new SequenceConfig.Served(config.model(), state, config.window()));
  }

  /** Predictions after every step, held against what comes true. */
  static SequenceConfig.Output evaluated(List<Evaluate> evaluations) {
    return new SequenceConfig.Output(Emission.EVERY_STEP, 0, null, List.of(), evaluations);
  }

  /** Predictions after every step, in the unit of a feature. */
  static SequenceConfig.Output unscaled(List<Unscale> unscaled) {
    return new SequenceConfig.Output(Emission.EVERY_STEP, 0, null, unscaled, List.of());
  }

  /** Predictions after every step, of which the first ones are marked. */
  static SequenceConfig.Output warming(int steps) {
    return new SequenceConfig.Output(Emission.EVERY_STEP, steps, null, List.of(), List.of());
  }

  /** As {@code config}, in batches. */
  static SequenceConfig batches(SequenceConfig config, int size, long delayMillis) {
    Tuning tuning = config.tuning();
    return config.with(new Tuning(tuning.kernel(), size, delayMillis, tuning.cacheBytes()));
  }

  /** As {@code config}, with so much room in front of RocksDB. */
  static SequenceConfig cached(SequenceConfig config, long bytes) {
    Tuning tuning = config.tuning();
    return config.with(
        new Tuning(tuning.kernel(), tuning.batchSize(), tuning.batchDelayMillis(), bytes));
  }

  /** The index model on percent log-returns of {@code close}. */
  static SequenceConfig logReturns(long idleMillis, long maxSteps) {
    return config(
        indices(),
        List.of(new Feature("close", Transform.logReturn(100))),
        idleMillis,
        maxSteps,
        Emit.STEP);
  }

  static RecurrentModel read(OnnxFile file) {
    try {
      return file.read();
    } catch (OnnxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The outputs of one sequence of model inputs, from the initial state. (steps, outputs) */
  static float[][] alone(OnnxFile file, double[]... inputs) {
    RecurrentModel model = read(file);
    Workspace workspace = model.workspace(1);
    FMatrixRMaj input = new FMatrixRMaj(1, model.inputSize());
    FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
    model.initialState(state.data, 0);
    float[][] outputs = new float[inputs.length][];
    for (int t = 0; t < inputs.length; t++) {
      for (int i = 0; i < inputs[t].length; i++) {
        input.data[i] = (float) inputs[t][i];
      }
      model.step(input, state, workspace);
      outputs[t] = Arrays.copyOf(workspace.output().data, model.outputSize());
    }
    return outputs;
  }
}
