package io.unroll.connectors.kafka;

import io.unroll.connectors.record.Reading;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Flink's Kafka source, which remembers two things more: what each partition's records have said of
 * event time, and the ids of its topics. Goes on from the state of Flink's own.
 */
final class ReadingSource
    implements Source<Reading, KafkaPartitionSplit, SourceState>, ResultTypeQueryable<Reading> {
  private static final long serialVersionUID = 1L;

  private final KafkaSource<Reading> kafka;
  private final List<String> topics;
  private final Properties client;
  private final long outOfOrderMillis;
  private final long lookEveryMillis;

  /**
   * @param outOfOrderMillis how far the watermark stays behind the highest timestamp
   */
  ReadingSource(KafkaSource<Reading> kafka, KafkaSourceSettings settings, long outOfOrderMillis) {
    this.kafka = kafka;
    this.topics = settings.topics();
    this.client = new Properties();
    client.putAll(settings.properties());
    client.setProperty(
        AdminClientConfig.CLIENT_ID_CONFIG,
        settings
                .properties()
                .getOrDefault(KafkaSourceOptions.CLIENT_ID_PREFIX.key(), settings.groupId())
            + "-topics");
    this.outOfOrderMillis = outOfOrderMillis;
    this.lookEveryMillis =
        kafka.getBoundedness() == Boundedness.BOUNDED
            ? 0
            : KafkaSourceOptions.getOption(
                client, KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS, Long::parseLong);
  }

  @Override
  public Boundedness getBoundedness() {
    return kafka.getBoundedness();
  }

  @Override
  public SourceReader<Reading, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    return new ReadingSourceReader(kafka.createReader(context), outOfOrderMillis);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, SourceState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    return new TopicEnumerator(
        kafka, topics, context, null, () -> new TopicLookup(client), lookEveryMillis);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, SourceState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, SourceState state) {
    return new TopicEnumerator(
        kafka, topics, context, state, () -> new TopicLookup(client), lookEveryMillis);
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return new TimedSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<SourceState> getEnumeratorCheckpointSerializer() {
    return new SourceStateSerializer();
  }

  @Override
  public TypeInformation<Reading> getProducedType() {
    return kafka.getProducedType();
  }
}
