package io.unroll.job.pipeline;

import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.Formats;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.Keys;
import io.unroll.job.describe.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code sink} and {@code flink}: where outputs go, and what Flink is told. Only a file has them.
 */
final class SinkKeys {
  private static final String PLACE = "kafka: {topic} or file: {path}";

  private static final Keys KEYS = new Keys("sink");
  private static final Keys OUTPUT_KEYS = new Keys("sink.OUTPUT");
  private static final Keys KAFKA_KEYS = new Keys("sink.OUTPUT.kafka");
  private static final Keys FILE_KEYS = new Keys("sink.OUTPUT.file");
  private static final Keys FLINK_KEYS = new Keys("flink");

  static final Key<Pipeline.Delivery> DELIVERY =
      KEYS.standard(
          "delivery",
          Type.word(
              Pipeline.Delivery.values(),
              delivery -> delivery.name().toLowerCase(Locale.ROOT).replace('_', '-')),
          Pipeline.Delivery.EXACTLY_ONCE,
          "Whether outputs in Kafka may come twice after a failure (at-least-once) or"
              + " not (exactly-once)");

  static final Key<Format> FORMAT =
      KEYS.standard(
          "format",
          SourceKeys.formats(Format::isWritten),
          Formats.named(Formats.JSON),
          "How an output record is written");

  static final Key<Pipeline.Output> PREDICTIONS =
      KEYS.required("predictions", Type.shape("map"), PLACE, "One record per prediction");

  static final Key<Pipeline.Output> SEQUENCES =
      KEYS.key("sequences", Type.shape("map"), "One record per opened and closed sequence");

  static final Key<Pipeline.Output> EVALUATIONS =
      KEYS.key(
          "evaluations",
          Type.shape("map"),
          "With evaluate. One record per output, with what came true");

  static final Key<Pipeline.Output> REJECTED =
      KEYS.key(
          "rejected",
          Type.shape("map"),
          "Records and outputs that cannot be used, with the reason");

  static final Key<Pipeline.Output> LATE =
      KEYS.key("late", Type.shape("map"), "Records that came too late");

  /** Every output, in the order in which mistakes name them. */
  static final List<Key<Pipeline.Output>> OUTPUTS =
      List.of(PREDICTIONS, SEQUENCES, EVALUATIONS, REJECTED, LATE);

  static final Key<String> KAFKA = OUTPUT_KEYS.key("kafka", Type.shape("map"), "A Kafka topic");

  static final Key<String> TOPIC =
      KAFKA_KEYS.required("topic", Type.text("a topic's name"), "a topic", "The topic to write");

  static final Key<String> PRODUCER_PROPERTY =
      KAFKA_KEYS.key("*", Type.shape("text"), "Any producer property, in Kafka's own names");

  static final Key<String> FILE =
      OUTPUT_KEYS.key("file", Type.shape("map"), "A folder of part files");

  static final Key<Path> PATH =
      FILE_KEYS.required("path", new Type.File(), "a folder", "Relative to the pipeline file");

  static final Key<String> FLINK_OPTION =
      FLINK_KEYS.key("*", Type.shape("text"), "Any Flink option; nested maps are dotted keys");

  private SinkKeys() {}

  /** The maps that this class declares. */
  static List<Keys> sections() {
    return List.of(KEYS, OUTPUT_KEYS, KAFKA_KEYS, FILE_KEYS, FLINK_KEYS);
  }
}
