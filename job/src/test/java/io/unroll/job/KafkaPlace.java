package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.RecordParts;
import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.record.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RandomPipeline} from a topic or a file to topics or files: each place is drawn. Without
 * a broker it is good enough for a file that nobody runs.
 */
final class KafkaPlace implements RandomPipeline.Place {
  private static final int PARTITIONS = 2;

  private final @Nullable EmbeddedBroker broker;
  private final Random random;
  private final FilePlace files = new FilePlace();
  private final boolean readsKafka;
  private final List<String> topics = new ArrayList<>();

  KafkaPlace(@Nullable EmbeddedBroker broker, Random random) {
    this.broker = broker;
    this.random = random;
    readsKafka = random.nextInt(4) > 0;
  }

  @Override
  public boolean readsKafka() {
    return readsKafka;
  }

  private void create(String topic) throws Exception {
    if (broker != null) {
      broker.createTopic(topic, PARTITIONS);
    }
  }

  @Override
  public Map<String, Object> source(RandomPipeline pipeline) throws Exception {
    String servers = broker == null ? "nowhere:9092" : broker.bootstrapServers();
    pipeline.file.put("kafka", Map.of("bootstrap.servers", servers));
    if (!readsKafka) {
      return files.source(pipeline);
    }
    String topic = pipeline.name + "-in";
    create(topic);
    if (broker != null) {
      broker.produce(
          pipeline.records.rows.stream().map(row -> record(pipeline, topic, row)).toList());
    }
    Map<String, Object> kafka = new LinkedHashMap<>();
    kafka.put("topics", random.nextBoolean() ? topic : List.of(topic));
    kafka.put("group.id", pipeline.name);
    kafka.put("stop", "latest");
    if (random.nextBoolean()) {
      kafka.put("start", "earliest");
    }
    if (random.nextInt(4) == 0) {
      kafka.put("max.poll.records", "7");
    }
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("kafka", kafka);
    return source;
  }

  /** Records of a series are in one partition. */
  private static ProducerRecord<byte[], byte[]> record(
      RandomPipeline pipeline, String topic, RandomRecords.Row row) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            Math.floorMod(row.series().hashCode(), PARTITIONS),
            row.millis(),
            row.withKey() ? row.series().getBytes(UTF_8) : null,
            pipeline.records.bytes(row));
    record.headers().add("trace", "t,1".getBytes(UTF_8));
    return record;
  }

  @Override
  public Map<String, Object> output(RandomPipeline pipeline, String output) throws Exception {
    if (random.nextInt(3) == 0) {
      return files.output(pipeline, output);
    }
    Map<String, Object> kafka = new LinkedHashMap<>();
    kafka.put("topic", pipeline.name + "-" + output);
    if (random.nextInt(4) == 0) {
      kafka.put("linger.ms", "3");
    }
    create(pipeline.name + "-" + output);
    topics.add(output);
    return Map.of("kafka", kafka);
  }

  @Override
  public List<Reading> first(RandomPipeline pipeline, PipelineJob job) throws Exception {
    if (!readsKafka) {
      return files.first(pipeline, job);
    }
    List<Reading> readings = new ArrayList<>();
    for (RandomRecords.Row row : pipeline.records.rows) {
      ProducerRecord<byte[], byte[]> record = record(pipeline, "t", row);
      readings.add(job.reader().read(RecordParts.ofValue(record.value()), "t/0@", 0));
    }
    return readings;
  }

  @Override
  public List<RandomPipeline.Text> written(RandomPipeline pipeline, String output)
      throws Exception {
    if (broker == null || !topics.contains(output)) {
      return files.written(pipeline, output);
    }
    List<RandomPipeline.Text> texts = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : broker.consume(pipeline.name + "-" + output)) {
      texts.add(new RandomPipeline.Text(new String(record.value(), UTF_8), false));
    }
    return texts;
  }
}
