package io.unroll.connectors.kafka;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * What a sink has sent since its last flush, in a few numbers per topic: a producer says of a
 * record that it could not write neither its size nor its timestamp. One thread.
 */
final class SentRecords {

  /** How the connector says in words where a record was to go: topic, partition, offset. */
  private static final String TO = "Failed to send data to Kafka ";

  private final TopicLimitsReader limits;
  private final List<Topic> topics = new ArrayList<>();

  /** The topic of the record before. */
  private Topic last = new Topic("");

  private static final class Topic {
    final String name;
    long largest;
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;

    Topic(String name) {
      this.name = name;
    }

    void clear() {
      largest = 0;
      earliest = Long.MAX_VALUE;
      latest = Long.MIN_VALUE;
    }
  }

  /** Limits are asked for when a topic refuses a record. */
  SentRecords(TopicLimitsReader limits) {
    this.limits = limits;
  }

  void add(OutboundRecord record) {
    Topic topic = last;
    if (!topic.name.equals(record.topic)) {
      topic = topic(record.topic);
      last = topic;
    }
    topic.largest = Math.max(topic.largest, TopicJudge.atMost(record));
    Long timestamp = record.timestamp;
    if (timestamp != null) {
      topic.earliest = Math.min(topic.earliest, timestamp);
      topic.latest = Math.max(topic.latest, timestamp);
    }
  }

  private Topic topic(String name) {
    for (Topic known : topics) {
      if (known.name.equals(name)) {
        return known;
      }
    }
    Topic topic = new Topic(name);
    topics.add(topic);
    return topic;
  }

  /** Everything has arrived. */
  void clear() {
    topics.forEach(Topic::clear);
  }

  /** A failure with its topic and, where the topic refused a record, limit and size. */
  IOException explained(Exception failure) throws InterruptedException {
    if (failure instanceof InterruptException) {
      Thread.interrupted(); // said by the exception
      throw (InterruptedException)
          new InterruptedException(failure.getMessage()).initCause(failure);
    }
    Topic topic = topicOf(failure);
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String text = topic == null ? "a Kafka topic: " : "topic '" + topic.name + "': ";
    if (topic != null && has(failure, RecordTooLargeException.class)) {
      text += "refused a record, the largest one sent has at most " + topic.largest + " bytes; ";
      text += now(topic.name);
    } else if (topic != null && has(failure, InvalidTimestampException.class)) {
      text +=
          "refused a record, those sent are stamped "
              + Instant.ofEpochMilli(topic.earliest)
              + " to "
              + Instant.ofEpochMilli(topic.latest)
              + "; "
              + now(topic.name);
    } else {
      text += innermost.getMessage();
    }
    return new IOException(text, failure);
  }

  private static boolean has(Exception failure, Class<? extends Throwable> type) {
    return ExceptionUtils.findThrowable(failure, type).isPresent();
  }

  /** What the topic takes now, which the job will use when it starts again. */
  private String now(String topic) throws InterruptedException {
    try {
      return "it takes now " + limits.read(topic) + ", which the job's next start will read";
    } catch (IOException e) {
      return Objects.requireNonNullElse(e.getMessage(), "");
    }
  }

  /**
   * The longest name that fits: {@code a-1} may be a topic, or a topic and a partition. Without a
   * name in the failure it is the only topic that was written to.
   */
  private @Nullable Topic topicOf(Throwable failure) {
    Topic found = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && message.startsWith(TO)) {
        for (Topic topic : topics) {
          if (message.startsWith(topic.name + "-", TO.length())
              && (found == null || topic.name.length() > found.name.length())) {
            found = topic;
          }
        }
      }
    }
    // The producer may say what it was refused before the connector has said where.
    return found == null && topics.size() == 1 ? topics.get(0) : found;
  }
}
