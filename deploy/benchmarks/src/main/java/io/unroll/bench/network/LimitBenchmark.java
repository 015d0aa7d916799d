package io.unroll.bench.network;

import io.unroll.bench.limit.FmaLoop;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The machine's limit: {@link FmaLoop}, {@link #ROUNDS} rounds at a time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LimitBenchmark {
  public static final int ROUNDS = 1_000;

  // Not final: constants would be folded.
  private float factor = 0.999f;
  private float other = 0.001f;

  @Benchmark
  public float fma() {
    return FmaLoop.run(ROUNDS, factor, other);
  }
}
