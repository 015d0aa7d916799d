package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Kafka topics as a sink: one sink for all outputs of a cluster, so that a checkpoint commits them
 * together; each record names its topic.
 */
public final class KafkaOutputs {

  /** Header of a rejected or late record: what is wrong. */
  public static final String REASON = "unroll.reason";

  /** Header of a rejected or late record: its place in the source. */
  public static final String INPUT = "unroll.input";

  /** Header of a late record: the watermark that it missed, epoch milliseconds as text. */
  public static final String WATERMARK = "unroll.watermark";

  /** Header of an output that its own topic cannot take: which one it is, {@code predictions}. */
  public static final String OUTPUT = "unroll.output";

  /**
   * Header of a rejected or late record whose value was cut to what its topic takes: the value's
   * own length in bytes, as text.
   */
  public static final String CUT = "unroll.cut";

  /**
   * Header of a rejected or late record whose own headers were left out, because key and headers
   * are above what its topic takes: the bytes of their names and values, as text.
   */
  public static final String CUT_HEADERS = "unroll.cut.headers";

  /**
   * Header of a rejected or late record whose key was left out, because it is above what its topic
   * takes even without the record's own headers: its length in bytes, as text.
   */
  public static final String CUT_KEY = "unroll.cut.key";

  /**
   * Header of a rejected or late record whose reason was cut, because it is above what its topic
   * takes even without key and value: its length in bytes, as text.
   */
  public static final String CUT_REASON = "unroll.cut.reason";

  /**
   * The broker's default maximum ({@code transaction.max.timeout.ms}); Flink's own default of an
   * hour is above it and would be refused.
   */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

  /** Bytes go out as bytes; transactions and the order of retries belong to the delivery. */
  private static final Set<String> OWNED =
      Set.of(
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG);

  private KafkaOutputs() {}

  /** The client properties that users must not set. */
  public static Set<String> ownedSinkProperties() {
    return OWNED;
  }

  /**
   * A sink that writes each record to its own topic. A record that its topic does not take fails
   * the job: ask a {@link TopicJudge} before.
   */
  public static Sink<OutboundRecord> sink(KafkaSinkSettings settings) {
    Map<String, String> properties = new HashMap<>(settings.properties());
    properties.putIfAbsent(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(TRANSACTION_TIMEOUT.toMillis()));
    KafkaSinkBuilder<OutboundRecord> builder =
        KafkaSink.<OutboundRecord>builder()
            .setRecordSerializer(new OutboundSerializer())
            .setDeliveryGuarantee(
                switch (settings.delivery()) {
                  case AT_LEAST_ONCE -> DeliveryGuarantee.AT_LEAST_ONCE;
                  case EXACTLY_ONCE -> DeliveryGuarantee.EXACTLY_ONCE;
                });
    properties.forEach(builder::setProperty);
    String prefix = settings.transactionalIdPrefix();
    if (prefix != null) {
      builder.setTransactionalIdPrefix(prefix);
    }
    return GuardedSink.of(
        builder.build(), properties, committer -> new AskingCommitter(committer, properties));
  }

  /** A prediction, keyed by its series and stamped with its observation's timestamp. */
  public static OutboundRecord prediction(
      String topic, Prediction prediction, OutputFormat format) {
    return record(topic, prediction.series, prediction.timestamp, format.prediction(prediction));
  }

  /**
   * A sequence's opening or closing, keyed by its series and stamped with the highest timestamp
   * seen in it. An idle close lies in the future of a live feed, where brokers refuse records
   * ({@code message.timestamp.after.max.ms}), so its own time is in the value only.
   */
  public static OutboundRecord sequence(String topic, SequenceEvent event, OutputFormat format) {
    return record(topic, event.series, event.last, format.sequence(event));
  }

  /**
   * A prediction and what came true, keyed by its series and stamped with its observation's time.
   */
  public static OutboundRecord evaluation(
      String topic, Evaluation evaluation, OutputFormat format) {
    return record(topic, evaluation.series, evaluation.timestamp, format.evaluation(evaluation));
  }

  /**
   * A rejected or late record: the original key, value and headers, and headers that say what is
   * wrong.
   *
   * @throws IllegalArgumentException if it does not carry the record as it came
   */
  public static OutboundRecord rejected(String topic, Rejected rejected) {
    RawRecord raw = rejected.raw;
    if (raw == null) {
      throw new IllegalArgumentException(
          "rejected record " + rejected.input + ": found no raw record, expected one to send");
    }
    OutboundRecord record = new OutboundRecord();
    record.topic = topic;
    record.key = raw.key;
    record.value = raw.value;
    // A rejected timestamp may be the very thing that is wrong, and brokers refuse what lies too
    // far
    // ahead: only a late record's timestamp has been judged good.
    record.timestamp = rejected.watermark == null ? null : rejected.timestamp;
    Long watermark = rejected.watermark;
    String output = rejected.output;
    int count = raw.headerNames.length;
    int added = 2 + (watermark == null ? 0 : 1) + (output == null ? 0 : 1);
    record.headerNames = Arrays.copyOf(raw.headerNames, count + added);
    record.headerValues = Arrays.copyOf(raw.headerValues, count + added);
    header(record, count, REASON, rejected.reason);
    header(record, count + 1, INPUT, rejected.input);
    if (watermark != null) {
      header(record, count + 2, WATERMARK, Long.toString(watermark));
    }
    if (output != null) {
      header(record, count + added - 1, OUTPUT, output);
    }
    return record;
  }

  /**
   * An output that its topic does not take, on its way to {@code rejected}.
   *
   * @param output its name, {@code predictions}
   * @param record what was to be written; its key is the series
   * @param input the place in the source that it is about
   * @param reason why it cannot be written
   */
  public static Rejected unwritable(
      String output, OutboundRecord record, String input, String reason) {
    Rejected rejected = new Rejected();
    rejected.output = output;
    rejected.input = input;
    rejected.series = record.key == null ? null : new String(record.key, UTF_8);
    rejected.timestamp = record.timestamp;
    rejected.reason = reason;
    RawRecord raw = new RawRecord(record.key, record.value);
    raw.headerNames = record.headerNames;
    raw.headerValues = record.headerValues;
    rejected.raw = raw;
    return rejected;
  }

  private static void header(OutboundRecord record, int at, String name, String value) {
    byte[] @Nullable [] values = record.headerValues;
    record.headerNames[at] = name;
    values[at] = value.getBytes(UTF_8);
  }

  private static OutboundRecord record(String topic, String series, long timestamp, byte[] value) {
    OutboundRecord record = new OutboundRecord();
    record.topic = topic;
    record.key = series.getBytes(UTF_8);
    record.value = value;
    record.timestamp = timestamp;
    return record;
  }
}
