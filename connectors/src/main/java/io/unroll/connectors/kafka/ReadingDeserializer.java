package io.unroll.connectors.kafka;

import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.Records;
import io.unroll.connectors.record.Reading;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One reading per Kafka record, whatever the record holds. */
final class ReadingDeserializer implements KafkaRecordDeserializationSchema<Reading> {

  private static final long serialVersionUID = 1L;

  private final ObservationReader reader;

  /** Topic to partition to {@code "topic/partition@"}: made once, shared by all its records. */
  private transient @Nullable Map<String, Map<Integer, String>> origins;

  /** The records of this subtask, all read in its thread. */
  private transient @Nullable Records records;

  ReadingDeserializer(ObservationReader reader) {
    this.reader = reader;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Reading> out) {
    Records known = records;
    if (known == null) {
      known = reader.records();
      records = known;
    }
    out.collect(
        known.read(
            new ConsumedParts(record),
            origin(record.topic(), record.partition()),
            record.offset()));
  }

  private String origin(String topic, int partition) {
    Map<String, Map<Integer, String>> known = origins;
    if (known == null) {
      known = new HashMap<>();
      origins = known;
    }
    return known
        .computeIfAbsent(topic, any -> new HashMap<>())
        .computeIfAbsent(partition, any -> topic + "/" + partition + "@");
  }

  @Override
  public TypeInformation<Reading> getProducedType() {
    return TypeInformation.of(Reading.class);
  }
}
