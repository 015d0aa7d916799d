package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.unroll.connectors.kafka.KafkaSinkSettings.Delivery;
import io.unroll.connectors.kafka.LiveProducers.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What two looks make of the transactions that a broker really has. */
final class LiveProducersITCase {
  private static final Duration WINDOW = Duration.ofMillis(500);

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    broker.createTopic("out", 1);
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  private static List<KafkaSinkSettings> sinks(Delivery delivery, String... names) {
    return Arrays.stream(names)
        .map(
            name ->
                new KafkaSinkSettings(
                    delivery,
                    TransactionalIds.ofPipeline(name, "").prefix(),
                    Map.of("bootstrap.servers", broker.bootstrapServers())))
        .toList();
  }

  /** What is found, and whether somebody had to wait; {@code meanwhile} happens while he does. */
  private static Answer found(String name, boolean waits, Runnable meanwhile) throws Exception {
    return found(name, "", waits, meanwhile);
  }

  private static Answer found(String name, String note, boolean waits, Runnable meanwhile)
      throws Exception {
    AtomicBoolean waited = new AtomicBoolean();
    Answer found =
        LiveProducers.watch(
            sinks(Delivery.EXACTLY_ONCE, name),
            note,
            WINDOW,
            () -> {
              waited.set(true);
              meanwhile.run();
            });
    assertEquals(waits, waited.get());
    return found;
  }

  private static void nothing() {}

  /** A producer as the sink has one for each checkpoint. */
  private static KafkaProducer<byte[], byte[]> producer(String id, Map<String, String> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("transactional.id", id);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private static KafkaProducer<byte[], byte[]> producer(String id) {
    return producer(id, Map.of());
  }

  private static void write(KafkaProducer<byte[], byte[]> producer) {
    producer.beginTransaction();
    try {
      producer.send(new ProducerRecord<>("out", new byte[] {1})).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void idsThatNobodyUsedTakeNoTime() throws Exception {
    assertEquals(new Answer.Nobody(), found("unused", false, LiveProducersITCase::nothing));
  }

  @Test
  void whatWasWrittenToItsEndTakesNoTime() throws Exception {
    try (var one = producer("unroll-committed-0-1")) {
      write(one);
      one.commitTransaction();
    }
    try (var one = producer("unroll-committed-0-2")) {
      write(one);
      one.abortTransaction();
    }
    assertEquals(new Answer.Nobody(), found("committed", false, LiveProducersITCase::nothing));
    assertEquals(List.of(), LiveProducers.open(sinks(Delivery.EXACTLY_ONCE, "committed")));
  }

  @Test
  void whatAKilledWriterLeftStandsStill() throws Exception {
    KafkaProducer<byte[], byte[]> open = producer("unroll-killed-0-7");
    write(open);
    open.close(Duration.ZERO); // leaves its transaction to the broker
    producer("unroll-killed-0-6").close();
    assertEquals(new Answer.Nobody(), found("killed", true, LiveProducersITCase::nothing));
    assertEquals(
        List.of("unroll-killed-0-7"), LiveProducers.open(sinks(Delivery.EXACTLY_ONCE, "killed")));
  }

  @Test
  void whatWasNotedTakesNoTimeUntilSomebodyTakesAnId() throws Exception {
    List<KafkaSinkSettings> sinks = sinks(Delivery.EXACTLY_ONCE, "noted");
    assertEquals(new Answer.Nobody(), found("noted", false, LiveProducersITCase::nothing));
    producer("unroll-noted-0-1").close();
    String note;
    try (var one = producer("unroll-noted-0-2")) {
      write(one);
      note = LiveProducers.note(sinks).orElseThrow();
      assertEquals(new Answer.Nobody(), found("noted", note, false, LiveProducersITCase::nothing));
      one.abortTransaction(); // as the broker does after a while
    }
    assertEquals(new Answer.Nobody(), found("noted", note, false, LiveProducersITCase::nothing));
    assertEquals(new Answer.Nobody(), found("noted", true, LiveProducersITCase::nothing));

    producer("unroll-noted-0-1").close();
    assertEquals(
        new Answer.Somebody("unroll-noted-0-2"),
        found("noted", note, true, () -> producer("unroll-noted-0-2").close()));
    String later = LiveProducers.note(sinks).orElseThrow();
    assertEquals(new Answer.Nobody(), found("noted", later, false, LiveProducersITCase::nothing));
    producer("unroll-noted-1-1").close();
    assertEquals(new Answer.Nobody(), found("noted", later, true, LiveProducersITCase::nothing));
  }

  @Test
  void aNoteOfAnotherClusterOrVersionSaysNothing() throws Exception {
    producer("unroll-elsewhere-0-1").close();
    String note = LiveProducers.note(sinks(Delivery.EXACTLY_ONCE, "elsewhere")).orElseThrow();
    assertEquals(
        new Answer.Nobody(), found("elsewhere", note, false, LiveProducersITCase::nothing));
    for (String other :
        List.of(
            note.replaceAll("(?m)^[^ ]+ unroll", "another unroll"),
            note.replace("version 1", "version 2"),
            note.substring(0, note.length() - 2))) {
      assertNotEquals(note, other);
      assertEquals(
          new Answer.Nobody(), found("elsewhere", other, true, LiveProducersITCase::nothing));
    }
  }

  @Test
  void nothingIsNotedWhereNobodyCanTell() throws Exception {
    Map<String, String> nowhere = Map.of("bootstrap.servers", "no-such-host.invalid:9092");
    assertEquals(
        Optional.empty(),
        LiveProducers.note(
            List.of(new KafkaSinkSettings(Delivery.EXACTLY_ONCE, "unroll-x", nowhere))));
    assertEquals(
        Optional.empty(),
        LiveProducers.note(List.of(new KafkaSinkSettings(Delivery.AT_LEAST_ONCE, null, nowhere))));
  }

  /** The broker ends what is open too long by itself, and gives it another epoch for that. */
  @Tag("thorough")
  @Test
  void whatTheBrokerAbortsIsNoSignOfLife() throws Exception {
    KafkaProducer<byte[], byte[]> open =
        producer("unroll-expired-0-7", Map.of("transaction.timeout.ms", "1500"));
    write(open);
    open.close(Duration.ZERO);
    List<KafkaSinkSettings> sinks = sinks(Delivery.EXACTLY_ONCE, "expired");
    Answer found =
        LiveProducers.watch(
            sinks,
            "",
            WINDOW,
            () -> {
              try {
                while (!LiveProducers.open(sinks).isEmpty()) {
                  Thread.sleep(50);
                }
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertEquals(new Answer.Nobody(), found);
  }

  @Test
  void aWriterThatBeginsAnotherTransactionIsAlive() throws Exception {
    try (var one = producer("unroll-alive-0-1")) {
      write(one);
      assertEquals(
          new Answer.Somebody("unroll-alive-0-2"),
          found("alive", true, () -> producer("unroll-alive-0-2").close()));
    }
  }

  /** A writer without input takes another id at every checkpoint all the same. */
  @Test
  void aWriterThatHasNothingToWriteIsAlive() throws Exception {
    producer("unroll-silent-0-1").close();
    assertEquals(
        new Answer.Somebody("unroll-silent-0-2"),
        found("silent", true, () -> producer("unroll-silent-0-2").close()));
  }

  /** A job that starts anew counts from 1, over the ids that an earlier one left behind. */
  @Test
  void aWriterThatTakesAnOldIdIsAlive() throws Exception {
    for (int id = 1; id <= 3; id++) {
      producer("unroll-again-0-" + id).close();
    }
    assertEquals(
        new Answer.Somebody("unroll-again-0-2"),
        found("again", true, () -> producer("unroll-again-0-2").close()));
  }

  @Test
  void aWriterThatBeginsOrCommitsWhatItHadIsAlive() throws Exception {
    try (var one = producer("unroll-begins-0-1");
        var two = producer("unroll-commits-0-1")) {
      assertEquals(
          new Answer.Somebody("unroll-begins-0-1"), found("begins", true, () -> write(one)));
      write(two);
      assertEquals(
          new Answer.Somebody("unroll-commits-0-1"),
          found("commits", true, two::commitTransaction));
    }
  }

  @Test
  void anotherPipelineIsNotTakenForThisOne() throws Exception {
    try (var one = producer("unroll-prices-2-0-1")) {
      write(one);
      assertEquals(new Answer.Nobody(), found("prices", false, LiveProducersITCase::nothing));
      assertEquals(
          new Answer.Somebody("unroll-prices-2-0-1"),
          found("prices-2", true, one::commitTransaction));
    }
  }

  @Test
  void aSinkWithoutTransactionsIsNotAskedFor() throws Exception {
    assertEquals(
        new Answer.Nobody(),
        LiveProducers.watch(
            List.of(
                new KafkaSinkSettings(
                    Delivery.AT_LEAST_ONCE,
                    null,
                    Map.of("bootstrap.servers", "no-such-host.invalid:9092"))),
            "",
            WINDOW,
            () -> {
              throw new IllegalStateException("waits");
            }));
  }

  @Test
  void aBrokerThatCannotBeAskedIsSaid() throws Exception {
    Answer found =
        LiveProducers.watch(
            List.of(
                new KafkaSinkSettings(
                    Delivery.EXACTLY_ONCE,
                    "unroll-x",
                    Map.of("bootstrap.servers", "no-such-host.invalid:9092"))),
            "",
            WINDOW,
            LiveProducersITCase::nothing);
    assertFalse(assertInstanceOf(Answer.Unknown.class, found).reason().isEmpty());
  }
}
