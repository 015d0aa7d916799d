package io.unroll.job.state;

import java.util.Arrays;
import java.util.List;

/**
 * What is remembered of a series across its sequences. Small, and only where a pipeline asks for
 * it.
 */
public final class SeriesRecord {
  private static final String[] NONE = {};
  private static final double[] NO_NUMBERS = {};

  /** Highest timestamp of what has been remembered, epoch milliseconds. */
  public long last = Long.MIN_VALUE;

  /** The identities of the last observations that were used, the oldest first. */
  public String[] identities = NONE;

  /** Moments of the features that are scaled by them, three each. Never changed in place. */
  public double[] moments = NO_NUMBERS;

  /** Observations of the series that were used or filled in, where predictions wait for them. */
  public long observed;

  /**
   * What the last of them had of the fields that predictions are held against, one for each of the
   * job's evaluations; NaN for nothing. Never changed in place.
   */
  public double[] actuals = NO_NUMBERS;

  /** Predictions that wait for what they are about, in the order in which they were made. */
  public List<PendingPrediction> pending = List.of();

  /** Says of which evaluations {@link #pending} and {@link #actuals} are. */
  public long evaluations;

  /**
   * Values that records had which were rejected because others were missing, for the sequence that
   * opens next, as {@link SequenceState#previous} has them: NaN where none came. Empty for none at
   * all. Never changed in place. (remembered)
   */
  public double[] previous = NO_NUMBERS;

  /** Whether an observation of that identity has been used. */
  public boolean knows(String identity) {
    return Arrays.asList(identities).contains(identity);
  }

  /**
   * Remembers an identity.
   *
   * @param window how many at most
   */
  public void remember(String identity, int window) {
    int kept = Math.min(identities.length, window - 1);
    String[] next = new String[kept + 1];
    System.arraycopy(identities, identities.length - kept, next, 0, kept);
    next[kept] = identity;
    identities = next; // a new array: a snapshot may still read the old one
  }

  /** True if nothing is remembered. */
  public boolean isEmpty() {
    return identities.length == 0
        && moments.length == 0
        && actuals.length == 0
        && pending.isEmpty()
        && previous.length == 0;
  }

  /** A copy that shares nothing that changes. */
  public SeriesRecord copy() {
    SeriesRecord copy = new SeriesRecord();
    copy.last = last;
    copy.identities = identities; // none of these is ever changed in place
    copy.moments = moments;
    copy.observed = observed;
    copy.actuals = actuals;
    copy.pending = pending;
    copy.evaluations = evaluations;
    copy.previous = previous;
    return copy;
  }
}
