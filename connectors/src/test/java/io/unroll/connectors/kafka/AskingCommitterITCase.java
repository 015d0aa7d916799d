package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.connector.kafka.sink.internal.KafkaCommitter;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a job that goes on says of the transactions of its checkpoint, with a real broker. */
final class AskingCommitterITCase {
  private static EmbeddedBroker broker;

  /** What Flink's committer was asked to commit. */
  private final List<String> passed = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  private static Properties properties(String timeout) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", broker.bootstrapServers());
    properties.put("transaction.timeout.ms", timeout);
    properties.put("key.serializer", ByteArraySerializer.class.getName());
    properties.put("value.serializer", ByteArraySerializer.class.getName());
    return properties;
  }

  /** A writer's producer at a checkpoint: all is written, and nothing is committed. */
  private static FlinkKafkaInternalProducer<byte[], byte[]> precommitted(
      String topic, String timeout) throws Exception {
    var producer =
        new FlinkKafkaInternalProducer<byte[], byte[]>(properties(timeout), topic + "-0-1");
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topic, topic.getBytes(UTF_8))).get();
    producer.flush();
    producer.precommitTransaction();
    return producer;
  }

  /** As it comes back from a checkpoint: without its producer. */
  private static KafkaCommittable restored(FlinkKafkaInternalProducer<byte[], byte[]> producer) {
    return new KafkaCommittable(
        producer.getProducerId(), producer.getEpoch(), producer.getTransactionalId(), null);
  }

  /** A committer as the sink of a job has it. */
  private AskingCommitter committer() {
    KafkaCommitter flinks =
        new KafkaCommitter(
            properties("60000"), "prefix", 0, 0, false, FlinkKafkaInternalProducer::new);
    Committer<KafkaCommittable> noting =
        new Committer<>() {
          @Override
          public void commit(Collection<CommitRequest<KafkaCommittable>> requests)
              throws IOException, InterruptedException {
            requests.forEach(one -> passed.add(one.getCommittable().getTransactionalId()));
            flinks.commit(requests);
          }

          @Override
          public void close() throws IOException {
            flinks.close();
          }
        };
    return new AskingCommitter(
        noting,
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transaction.timeout.ms", "60000"));
  }

  private List<Told> commit(KafkaCommittable... committables) throws Exception {
    List<Told> requests = Arrays.stream(committables).map(Told::new).toList();
    try (AskingCommitter committer = committer()) {
      committer.commit(new ArrayList<>(requests));
    }
    return requests;
  }

  @Test
  void whatIsOpenIsCommitted() throws Exception {
    broker.createTopic("open", 1);
    try (var producer = precommitted("open", "60000")) {
      Told open = commit(restored(producer)).get(0);
      assertNull(open.failure);
      assertEquals(List.of("open-0-1"), passed);
      assertEquals(List.of("open"), broker.consumeText("open"));
      Told again = commit(restored(producer)).get(0);
      assertNull(again.failure);
      assertTrue(again.already, "committed by Flink's committer, which keeps the epoch");
    }
  }

  /** The job was killed between the commit and the next checkpoint. */
  @Test
  void aCommitThatIsRepeatedAfterItHadSucceededIsNoLoss() throws Exception {
    broker.createTopic("committed", 1);
    broker.createTopic("beside", 1);
    try (var producer = precommitted("committed", "60000");
        var other = precommitted("beside", "60000")) {
      KafkaCommittable committed = restored(producer);
      producer.commitTransaction();
      List<Told> told = commit(committed, restored(other));
      assertTrue(told.get(0).already);
      assertNull(told.get(0).failure);
      assertNull(told.get(1).failure);
      assertEquals(List.of("beside-0-1"), passed);
      assertEquals(List.of("committed"), broker.consumeText("committed"));
      assertEquals(List.of("beside"), broker.consumeText("beside"));
    }
  }

  /** Flink's committer alone: what this is there for. */
  @Test
  void flinksCommitterTakesTheSameForALoss() throws Exception {
    broker.createTopic("flinks", 1);
    try (var producer = precommitted("flinks", "60000");
        KafkaCommitter flinks =
            new KafkaCommitter(
                properties("60000"), "prefix", 0, 0, false, FlinkKafkaInternalProducer::new)) {
      Told told = new Told(restored(producer));
      producer.commitTransaction();
      flinks.commit(List.of(told));
      assertNotNull(told.failure);
    }
  }

  /** The producer of a living writer, whose answer comes from Flink's committer. */
  @Tag("thorough")
  @Test
  void aTransactionThatExpiredIsALoss() throws Exception {
    broker.createTopic("expired", 1);
    try (var producer = precommitted("expired", "500")) {
      KafkaCommittable expired = restored(producer);
      awaitAborted(expired);
      Told told = commit(expired).get(0);
      assertEquals(
          "its broker has aborted it, as it does with what is open for longer than"
              + " transaction.timeout.ms (60000) or is open when another writer takes the same id",
          told.failure);
      assertEquals(List.of(), passed);
      assertEquals(List.of(), broker.consumeText("expired"));
    }
  }

  @Tag("thorough")
  @Test
  void aTransactionThatExpiredInALongCheckpointIsALoss() throws Exception {
    broker.createTopic("slow", 1);
    try (var producer = precommitted("slow", "500")) {
      awaitAborted(restored(producer));
      Told told = commit(KafkaCommittable.of(producer)).get(0);
      assertTrue(
          String.valueOf(told.failure).startsWith("its broker has aborted it"), told.failure);
      assertEquals(List.of("slow-0-1"), passed);
    }
  }

  @Test
  void whatABrokerDoesNotKnowIsLeftToFlinksCommitter() throws Exception {
    Told told = commit(new KafkaCommittable(7, (short) 0, "nobody-0-1", null)).get(0);
    assertEquals(List.of("nobody-0-1"), passed);
    assertNotNull(told.failure);
  }

  private static void awaitAborted(KafkaCommittable committable) throws Exception {
    try (Admin admin = Admin.create(properties("500"))) {
      for (int attempt = 0; attempt < 600; attempt++) {
        TransactionOutcome fate =
            TransactionOutcome.ask(admin, List.of(committable)).get(committable);
        if (fate != TransactionOutcome.OPEN) {
          assertEquals(TransactionOutcome.ABORTED, fate);
          return;
        }
        Thread.sleep(Duration.ofMillis(100).toMillis());
      }
    }
    throw new AssertionError("does not expire within a minute");
  }

  private static final class Told implements CommitRequest<KafkaCommittable> {
    private final KafkaCommittable committable;
    private boolean already;
    private @Nullable String failure;

    private Told(KafkaCommittable committable) {
      this.committable = committable;
    }

    @Override
    public KafkaCommittable getCommittable() {
      return committable;
    }

    @Override
    public int getNumberOfRetries() {
      return 0;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      failure = reason.getMessage();
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      failure = "unknown: " + reason.getMessage();
    }

    @Override
    public void retryLater() {
      failure = "retried";
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable updated) {
      failure = "updated";
    }

    @Override
    public void signalAlreadyCommitted() {
      already = true;
    }
  }
}
