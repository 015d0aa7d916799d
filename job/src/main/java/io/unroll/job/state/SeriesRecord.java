package io.unroll.job.state;

import java.util.Arrays;

/**
 * What is remembered of a series across its sequences. Small, and only where a pipeline asks for
 * it.
 */
public final class SeriesRecord {
  private static final String[] NONE = {};

  /** Highest timestamp of what has been remembered, epoch milliseconds. */
  public long last = Long.MIN_VALUE;

  /** The identities of the last observations that were used, the oldest first. */
  public String[] identities = NONE;

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

  /** A copy that shares nothing that changes. */
  public SeriesRecord copy() {
    SeriesRecord copy = new SeriesRecord();
    copy.last = last;
    copy.identities = identities; // never changed in place
    return copy;
  }
}
