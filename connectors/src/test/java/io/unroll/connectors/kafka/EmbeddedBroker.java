package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker in the test's JVM: KRaft, one node, on 127.0.0.1 and a free port, its log in
 * a temporary folder that goes with it. Transactions work; topics must be created.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final int SETTLE_ATTEMPTS = 300; // a minute

  private final Path folder;
  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final Admin admin;

  private EmbeddedBroker(Path folder, KafkaRaftServer server, String bootstrapServers) {
    this.folder = folder;
    this.server = server;
    this.bootstrapServers = bootstrapServers;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  /** Starts a broker; it is ready when this returns. */
  public static EmbeddedBroker start() throws IOException {
    Path folder = Files.createTempDirectory("unroll-broker");
    int[] ports = freePorts();
    Properties properties = new Properties();
    properties.put("node.id", "1");
    properties.put("process.roles", "broker,controller");
    properties.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + ports[0] + ",CONTROLLER://127.0.0.1:" + ports[1]);
    properties.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports[0]);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("controller.quorum.voters", "1@127.0.0.1:" + ports[1]);
    properties.put("log.dirs", folder.resolve("log").toString());
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("auto.create.topics.enable", "false");
    // Test records are years old by their timestamps: retention would delete them within a minute.
    properties.put("log.retention.ms", "-1");
    format(folder, properties);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(folder, server, "127.0.0.1:" + ports[0]);
  }

  private static void format(Path folder, Properties properties) throws IOException {
    Path file = folder.resolve("server.properties");
    try (var out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code =
        StorageTool.execute(
            new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()},
            new PrintStream(said, true, UTF_8));
    if (code != 0) {
      throw new IOException("formatting the broker's log: exit code " + code + ", " + said);
    }
  }

  private static int[] freePorts() throws IOException {
    InetAddress local = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (ServerSocket one = new ServerSocket(0, 1, local);
        ServerSocket two = new ServerSocket(0, 1, local)) {
      return new int[] {one.getLocalPort(), two.getLocalPort()};
    }
  }

  /** What clients connect to. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Creates a topic with that many partitions. */
  public void createTopic(String topic, int partitions) throws InterruptedException {
    createTopic(topic, partitions, Map.of());
  }

  /** Creates a topic with settings in Kafka's own names. */
  public void createTopic(String topic, int partitions, Map<String, String> settings)
      throws InterruptedException {
    NewTopic wanted = new NewTopic(topic, partitions, (short) 1).configs(settings);
    try {
      admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("creating topic " + topic, e);
    }
  }

  /** Deletes a topic, so that another of its name may be created. */
  public void deleteTopic(String topic) throws InterruptedException {
    try {
      admin.deleteTopics(List.of(topic)).all().get();
      while (admin.listTopics().names().get().contains(topic)) {
        Thread.sleep(10);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("deleting topic " + topic, e);
    }
  }

  /** Kafka's own id of a topic. */
  public Uuid topicId(String topic) throws InterruptedException {
    try {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).topicId();
    } catch (ExecutionException e) {
      throw new IllegalStateException("describing topic " + topic, e);
    }
  }

  /** Changes settings of a topic that is there, in Kafka's own names. */
  public void configure(String topic, Map<String, String> settings) throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    List<AlterConfigOp> changes = new ArrayList<>();
    settings.forEach(
        (name, value) ->
            changes.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
    try {
      admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
      // The controller has them; the broker takes them from its log.
      for (int attempt = 0; attempt < SETTLE_ATTEMPTS; attempt++) {
        var found = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        if (settings.entrySet().stream()
            .allMatch(one -> one.getValue().equals(found.get(one.getKey()).value()))) {
          return;
        }
        Thread.sleep(POLL.toMillis());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("configuring topic " + topic, e);
    }
    throw new IllegalStateException("topic " + topic + " does not take " + settings);
  }

  /** Sends the records and waits until the broker has them. */
  public void produce(List<ProducerRecord<byte[], byte[]>> records) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "5");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      var sent = records.stream().map(producer::send).toList();
      producer.flush();
      for (var one : sent) {
        one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("producing " + records.size() + " records", e);
    }
  }

  /** Sends texts without a key to partition 0. */
  public void produce(String topic, String... values) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String value : values) {
      records.add(new ProducerRecord<>(topic, 0, null, value.getBytes(UTF_8)));
    }
    produce(records);
  }

  /**
   * All committed records that are in a topic now, partition by partition, each in its order. Open
   * transactions hide what comes after their first record.
   */
  public List<ConsumerRecord<byte[], byte[]>> consume(String topic) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .sorted(Comparator.comparingInt(TopicPartition::partition))
              .toList();
      Map<TopicPartition, Long> ends = settled(consumer, partitions);
      for (TopicPartition partition : partitions) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        while (consumer.position(partition) < ends.get(partition)) {
          consumer.poll(POLL).forEach(records::add);
        }
      }
    }
    return records;
  }

  /**
   * The ends of the partitions, once no transaction is open in them: a commit is answered before
   * its markers stand in the log, and until then its records are not visible.
   */
  private Map<TopicPartition, Long> settled(
      KafkaConsumer<byte[], byte[]> committed, List<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    try {
      for (int attempt = 0; attempt < SETTLE_ATTEMPTS; attempt++) {
        Map<TopicPartition, Long> ends = committed.endOffsets(partitions);
        Map<TopicPartition, Long> written = new HashMap<>();
        admin
            .listOffsets(latest)
            .all()
            .get()
            .forEach((partition, offset) -> written.put(partition, offset.offset()));
        if (ends.equals(written)) {
          return ends;
        }
        Thread.sleep(POLL.toMillis());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking for the ends of " + partitions, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("a transaction stays open in " + partitions);
  }

  /** The values of {@link #consume}, as text. */
  public List<String> consumeText(String topic) {
    return consume(topic).stream().map(record -> new String(record.value(), UTF_8)).toList();
  }

  /** The offset that a consumer group has committed, or -1. */
  public long committed(String groupId, String topic, int partition) throws InterruptedException {
    try {
      var offset =
          admin
              .listConsumerGroupOffsets(groupId)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(topic, partition));
      return offset == null ? -1 : offset.offset();
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking for the offsets of " + groupId, e);
    }
  }

  @Override
  public void close() throws IOException {
    admin.close();
    server.shutdown();
    server.awaitShutdown();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
