package io.unroll.bench.network;

import io.unroll.bench.peer.Peers;
import io.unroll.bench.peer.Shape;
import io.unroll.bench.peer.Step;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One step of all rows on one thread, state in and out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepBenchmark {
  @Param("LSTM")
  public String cell = "";

  @Param("64")
  public int neurons;

  @Param("1")
  public int rows;

  /** A kernel of ours by its name, or {@link Peers#ONNX_RUNTIME}. */
  @Param("plain")
  public String kernel = "";

  @SuppressWarnings("NullAway.Init") // set up by JMH
  private Step step;

  @Setup
  public void setup() {
    Shape shape = Shape.of(Shape.Cell.of(cell), neurons, rows);
    step = kernel.equals(Peers.ONNX_RUNTIME) ? Peers.get().step(shape) : new OwnStep(shape, kernel);
  }

  @TearDown
  public void tearDown() {
    step.close();
  }

  @Benchmark
  public void step() throws Exception {
    step.run();
  }
}
