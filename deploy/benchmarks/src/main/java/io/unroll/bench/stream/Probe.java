package io.unroll.bench.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Where the job's parts and the measuring thread of one JVM meet. Static because Flink makes
 * sources, operators and sinks of serialised copies; one job per JVM.
 */
public final class Probe {
  /** How the source sends. */
  sealed interface Pace {
    /** As fast as they are taken. */
    record Full() implements Pace {}

    /** So many a second from a moment on, whether they are taken or not. */
    record Open(double perSecond) implements Pace {}
  }

  private static final AtomicLong OUT = new AtomicLong();
  private static final ConcurrentLinkedQueue<Barrier> BARRIERS = new ConcurrentLinkedQueue<>();
  private static volatile Pace pace = new Pace.Full();
  private static volatile @Nullable SingleWriterRecorder latencies;
  private static volatile long watermarkAt;

  /**
   * A barrier in the operator.
   *
   * @param at when it came, {@link System#nanoTime}
   * @param nanos what the operator did before it let the barrier pass
   */
  record Barrier(long at, long nanos) {}

  private Probe() {}

  /** Records that came out so far. One thread counts. */
  static long out() {
    return OUT.get();
  }

  /** Counts a record that came out. */
  public static void count() {
    OUT.lazySet(OUT.getPlain() + 1);
  }

  /** Takes the latency of a record, if it is being measured. */
  static void arrived(long intendedNanos) {
    SingleWriterRecorder recorder = latencies;
    if (recorder != null) {
      recorder.recordValue(Math.max(0, System.nanoTime() - intendedNanos));
    }
  }

  static Pace pace() {
    return pace;
  }

  static void pace(Pace next) {
    pace = next;
  }

  static void measureLatency() {
    latencies = new SingleWriterRecorder(3);
  }

  /** Latencies since {@link #measureLatency} or the last call, nanoseconds. */
  static Histogram latencies() {
    SingleWriterRecorder recorder = latencies;
    if (recorder == null) {
      throw new IllegalStateException("latency is not being measured");
    }
    return recorder.getIntervalHistogram();
  }

  static void barrier(long at, long nanos) {
    BARRIERS.add(new Barrier(at, nanos));
  }

  /** Barriers since the last call. */
  static List<Barrier> barriers() {
    List<Barrier> taken = new ArrayList<>();
    for (Barrier barrier = BARRIERS.poll(); barrier != null; barrier = BARRIERS.poll()) {
      taken.add(barrier);
    }
    return taken;
  }

  /** When the last closing watermark left the source; 0 before. */
  static long watermarkAt() {
    return watermarkAt;
  }

  static void watermarkLeaves() {
    watermarkAt = System.nanoTime();
  }
}
