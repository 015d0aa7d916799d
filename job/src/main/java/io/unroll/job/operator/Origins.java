package io.unroll.job.operator;

/**
 * One text per source, for the state of every series to share. Each record brings a copy of its
 * own; kept, those would be as many as there are series, and always young: every collection of
 * garbage would move them and look through the states that hold them.
 */
final class Origins {
  private final String[] known = new String[64]; // more sources than that only share less

  /** A text equal to {@code origin}, mostly the one of the records before. */
  String shared(String origin) {
    int slot = origin.hashCode() & (known.length - 1);
    String before = known[slot];
    if (origin.equals(before)) {
      return before;
    }
    known[slot] = origin;
    return origin;
  }
}
