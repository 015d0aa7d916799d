package io.unroll.connectors.kafka;

import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.record.Reading;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Kafka topics as a source of readings; what a record is, its {@link ObservationReader} decides.
 *
 * <p>Reads committed records only, unless {@code isolation.level} says otherwise. A reading's place
 * is {@code topic/partition@offset}. The watermark strategy belongs to the caller: {@link
 * io.unroll.connectors.record.ReadingWatermarks#strategy}.
 */
public final class KafkaObservations {

  /**
   * Bytes come in as bytes; the reader commits and chooses offsets itself ({@code start}), and
   * names each consumer after {@code client.id.prefix}.
   */
  private static final Set<String> OWNED =
      Set.of(
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.CLIENT_ID_CONFIG);

  private KafkaObservations() {}

  /** The client properties that users must not set. */
  public static Set<String> ownedSourceProperties() {
    return OWNED;
  }

  /** What the source makes of {@code record}; for tools that look at records without a job. */
  public static Reading read(ConsumerRecord<byte[], byte[]> record, ObservationReader reader) {
    return reader.read(
        new ConsumedParts(record),
        record.topic() + "/" + record.partition() + "@",
        record.offset());
  }

  /**
   * A source that is unbounded unless {@code settings} stop it. Its checkpoints hold what each
   * partition has said of event time and the ids of its topics: a restored source gives the one
   * back to the watermark and compares the other before it reads.
   *
   * @param outOfOrder the bound of the watermark strategy that it runs with, zero or more
   */
  public static Source<Reading, ?, ?> source(
      KafkaSourceSettings settings, ObservationReader reader, Duration outOfOrder) {
    KafkaSourceBuilder<Reading> builder =
        KafkaSource.<Reading>builder()
            .setTopics(settings.topics())
            .setStartingOffsets(
                switch (settings.start()) {
                  case EARLIEST -> OffsetsInitializer.earliest();
                  case LATEST -> OffsetsInitializer.latest();
                })
            .setDeserializer(new ReadingDeserializer(reader))
            .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.properties().forEach(builder::setProperty);
    builder.setGroupId(settings.groupId());
    if (settings.stop() == KafkaSourceSettings.Stop.LATEST) {
      builder.setBounded(OffsetsInitializer.latest());
    }
    return new ReadingSource(builder.build(), settings, outOfOrder.toMillis());
  }
}
