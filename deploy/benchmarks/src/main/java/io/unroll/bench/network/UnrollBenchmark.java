package io.unroll.bench.network;

import io.unroll.bench.peer.Shape;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.StaticUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.ejml.data.FMatrixRMaj;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A batch of whole sequences, unrolled in one of three ways, built and run. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UnrollBenchmark {
  /** Sequences in the batch. */
  public static final int ROWS = 16;

  /** Neurons of the LSTM, and so values of an output. */
  public static final int NEURONS = 64;

  @Param("dynamic")
  public String unroll = "";

  @Param("10")
  public int steps;

  @SuppressWarnings("NullAway.Init") // set up by JMH
  private RecurrentModel model;

  private float[][][] input = {};

  @Setup
  public void setup() {
    model = Networks.model(Shape.Cell.LSTM, NEURONS, Kernels.best().name());
    Warming.up(model, ROWS);
    float[] features = Networks.inputs(Shape.INPUTS);
    input = new float[ROWS][steps][];
    for (float[][] sequence : input) {
      Arrays.fill(sequence, features);
    }
  }

  @Benchmark
  public Object run() {
    return switch (unroll) {
      case "static" -> new StaticUnroll(model, steps, ROWS).run(input);
      case "dynamic" -> new DynamicUnroll(model).run(input);
      case "stream" -> stream();
      default -> throw new IllegalArgumentException("unroll: found '" + unroll + "'");
    };
  }

  /** As the operator does it: a step when the row is there, and its output goes on. */
  private float stream() {
    Workspace workspace = model.workspace(ROWS);
    FMatrixRMaj x = new FMatrixRMaj(ROWS, model.inputSize());
    FMatrixRMaj state = new FMatrixRMaj(ROWS, model.stateLayout().size());
    float sum = 0;
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < ROWS; row++) {
        System.arraycopy(input[row][t], 0, x.data, row * x.numCols, x.numCols);
      }
      model.step(x, state, workspace);
      sum += workspace.output().data[0];
    }
    return sum;
  }

  /** Bytes of what static and dynamic give back, {@link Unrolled}, which is not their own need. */
  public static double resultBytes(int steps) {
    double outputs = steps * (16.0 + 4 * NEURONS) + 16 + 4.0 * steps;
    double rest = 2 * 16 + 4 * NEURONS * 3.0;
    return ROWS * (outputs + rest);
  }
}
