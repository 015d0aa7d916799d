package io.unroll.job.state;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The counters of one subtask. They live in operator state, so that restarts and rescaling add up:
 * whichever subtask restores an array adds it to its own.
 */
public final class Counters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] counts = new long[Counter.values().length];

  public void add(Counter counter) {
    counts[counter.index()]++;
  }

  /** Adds another number than 1; of what comes and goes a subtask may count below 0. */
  public void add(Counter counter, long number) {
    counts[counter.index()] += number;
  }

  public long get(Counter counter) {
    return counts[counter.index()];
  }

  /** The counts in {@link Counter}'s order, for operator state. */
  public long[] toArray() {
    return counts.clone();
  }

  /**
   * Adds restored counts; an array of an older version is shorter.
   *
   * @throws IllegalArgumentException if it is longer
   */
  public void addAll(long[] restored) {
    if (restored.length > counts.length) {
      throw new IllegalArgumentException(
          "state has "
              + restored.length
              + " counters, expected at most "
              + counts.length
              + ": it was written by a newer Unroll");
    }
    for (int i = 0; i < restored.length; i++) {
      counts[i] += restored[i];
    }
  }

  /** {@code inputs 7, steps 5}: what is not 0; {@code nothing yet} where all are. */
  @Override
  public String toString() {
    String text =
        Arrays.stream(Counter.values())
            .filter(counter -> get(counter) != 0)
            .map(counter -> counter.label() + " " + get(counter))
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "nothing yet" : text;
  }
}
