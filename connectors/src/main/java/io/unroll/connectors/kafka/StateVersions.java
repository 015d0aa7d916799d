package io.unroll.connectors.kafka;

import java.io.IOException;

/**
 * The versions of the source's state. Those of Flink's own Kafka source count from 0; ours begin
 * where it will never come, so that both can be told apart in a savepoint.
 */
final class StateVersions {
  /** The first version of ours: what Flink's source writes, and something behind it. */
  static final int FIRST = 1_001;

  private StateVersions() {}

  /** True if Flink's own source wrote it: savepoints of releases before ours had versions. */
  static boolean isFlinks(int version) {
    return version < FIRST;
  }

  static void refuseNewer(int version, int newest) throws IOException {
    if (version > newest) {
      throw new IOException(
          "the Kafka source's state is of version "
              + version
              + ", expected at most "
              + newest
              + ": it was written by a newer Unroll");
    }
  }
}
