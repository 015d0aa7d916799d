package io.unroll.connectors.kafka;

import java.util.List;
import java.util.Map;

/**
 * What a Kafka source reads.
 *
 * @param topics at least one
 * @param groupId under which offsets are committed when a checkpoint completes; they tell others
 *     how far the job is, the job itself starts from {@code start} or from its own checkpoint
 * @param start where a job without a checkpoint starts
 * @param stop whether the source ends
 * @param properties of the Kafka consumer, in Kafka's own names; {@code bootstrap.servers} is
 *     required, {@link KafkaObservations#ownedSourceProperties()} are refused
 */
public record KafkaSourceSettings(
    List<String> topics, String groupId, Start start, Stop stop, Map<String, String> properties) {

  /** Where to start without a checkpoint; committed offsets are not looked at. */
  public enum Start {
    EARLIEST,
    LATEST
  }

  /** Whether the source ends. */
  public enum Stop {
    /** It reads on for ever. */
    NEVER,
    /** It ends at the offsets that are the latest when the job starts or restarts. */
    LATEST
  }

  /**
   * @throws IllegalArgumentException if no topic is named, the group id is empty, there is no
   *     {@code bootstrap.servers}, or a property belongs to the source
   */
  public KafkaSourceSettings {
    topics = List.copyOf(topics);
    properties = Map.copyOf(properties);
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("topics: found none, expected at least one");
    }
    if (groupId.isEmpty()) {
      throw new IllegalArgumentException("group.id: found an empty text, expected a name");
    }
    ClientProperties.require(properties, KafkaObservations.ownedSourceProperties());
  }
}
