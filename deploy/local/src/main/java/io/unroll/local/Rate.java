package io.unroll.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** How many records a second came in of late. */
final class Rate {
  private static final long WINDOW_NANOS = 5_000_000_000L;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long count) {}

  /**
   * Over the last 5 s.
   *
   * @param nanos now, of a clock that only goes on
   * @param count of all records so far; a restart may set it back
   * @return records a second, 0 at first
   */
  long after(long nanos, long count) {
    if (!samples.isEmpty() && samples.getLast().count > count) {
      samples.clear();
    }
    while (samples.size() > 1 && nanos - samples.getFirst().nanos > WINDOW_NANOS) {
      samples.removeFirst();
    }
    samples.addLast(new Sample(nanos, count));
    Sample first = samples.getFirst();
    return nanos == first.nanos
        ? 0
        : Math.round((count - first.count) * 1e9 / (nanos - first.nanos));
  }
}
