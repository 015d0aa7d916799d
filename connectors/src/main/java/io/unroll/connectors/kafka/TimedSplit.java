package io.unroll.connectors.kafka;

import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/**
 * A partition, how far it has been read, and what its records said of event time by then: offset
 * and timestamp are of the same moment, so that a restore finds both or neither.
 */
final class TimedSplit extends KafkaPartitionSplit {
  /** No observation has been read. */
  static final long NONE = Long.MIN_VALUE;

  private final long highest;

  TimedSplit(KafkaPartitionSplit split, long highest) {
    super(
        split.getTopicPartition(),
        split.getStartingOffset(),
        split.getStoppingOffset().orElse(NO_STOPPING_OFFSET));
    this.highest = highest;
  }

  /** The highest timestamp of an observation before the offset, or {@link #NONE}. */
  static long highest(KafkaPartitionSplit split) {
    return split instanceof TimedSplit timed ? timed.highest : NONE;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other) && other instanceof TimedSplit split && highest == split.highest;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Long.hashCode(highest);
  }

  @Override
  public String toString() {
    return super.toString() + (highest == NONE ? "" : " up to " + highest);
  }
}
