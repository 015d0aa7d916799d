package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.EmbeddedFlink;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.kafka.KafkaSourceSettings.Start;
import io.unroll.connectors.kafka.KafkaSourceSettings.Stop;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka source that goes on from a savepoint, on a real broker. */
@Timeout(180)
final class KafkaStateITCase {
  private static final ObservationReader READER =
      new ObservationReader(
          new JsonFormat(),
          new ObservationFields(
              List.of(FieldPath.parse("$topic")),
              new TimestampField(FieldPath.parse("t"), null, null),
              List.of(FieldPath.parse("t")),
              null,
              List.of()),
          TimestampBounds.DEFAULT,
          true);

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  @Test
  void goesOnFromWhatFlinksOwnSourceLeft() throws Exception {
    broker.createTopic("plain", 1);
    send("plain", 5);
    Run before = Run.of(plain("plain"), null);
    before.await("plain/0@4");
    String savepoint = before.stop(folder);
    send("plain", 3);
    Run after = Run.of(ours(Start.EARLIEST, "plain"), savepoint);
    after.await("plain/0@7");
    assertEquals(List.of("plain/0@5", "plain/0@6", "plain/0@7"), after.seen());
    String own = after.stop(folder);
    send("plain", 1);
    Run again = Run.of(ours(Start.EARLIEST, "plain"), own);
    again.await("plain/0@8");
    assertEquals(List.of("plain/0@8"), again.seen());
    again.stop(folder);
  }

  /** Its state has no pipeline signature to tell it. */
  @Tag("thorough")
  @Test
  void aTopicOfFlinksOwnSourceThatIsNotReadAnyMoreIsRefused() throws Exception {
    broker.createTopic("exchanged", 1);
    broker.createTopic("instead", 1);
    send("exchanged", 1);
    Run before = Run.of(plain("exchanged"), null);
    before.await("exchanged/0@0");
    String savepoint = before.stop(folder);
    send("exchanged", 1);
    send("instead", 1);

    Run after = Run.of(ours(Start.EARLIEST, "instead"), savepoint);
    String failure = after.failure();
    assertTrue(
        failure.contains(
            "the checkpoint reads topic 'exchanged', which is not among the topics now: instead."
                + " It would be read on beside them: put it back\n"
                + TopicIds.WAYS_OUT),
        failure);
    assertTrue(failure.contains("not recoverable"), failure);
    assertEquals(List.of(), after.seen(), "nothing has been read");
  }

  @Test
  void aTopicThatWasCreatedAnewFailsTheJobForGood() throws Exception {
    broker.createTopic("anew", 1);
    send("anew", 5);
    Run before = Run.of(ours(Start.EARLIEST, "anew"), null);
    before.await("anew/0@4");
    String savepoint = before.stop(folder);
    Uuid then = broker.topicId("anew");
    broker.deleteTopic("anew");
    broker.createTopic("anew", 1);
    send("anew", 8);

    Run after = Run.of(ours(Start.EARLIEST, "anew"), savepoint);
    String failure = after.failure();
    assertTrue(
        failure.contains(
            "topic 'anew' was deleted and created anew since the checkpoint (id "
                + then
                + " then, "
                + broker.topicId("anew")
                + " now): its offsets point into other records\n"
                + TopicIds.WAYS_OUT),
        failure);
    assertTrue(failure.contains("not recoverable"), failure);
    assertEquals(List.of(), after.seen(), "nothing has been read");
  }

  @Test
  void aTopicThatIsGoneIsToldAsSuch() throws Exception {
    broker.createTopic("stays", 1);
    broker.createTopic("goes", 1);
    send("goes", 1);
    send("stays", 1);
    Run before = Run.of(ours(Start.EARLIEST, "goes", "stays"), null);
    before.await("goes/0@0");
    before.await("stays/0@0");
    String savepoint = before.stop(folder);
    Uuid then = broker.topicId("goes");
    broker.deleteTopic("goes");

    Run after = Run.of(ours(Start.EARLIEST, "goes", "stays"), savepoint);
    String failure = after.failure();
    assertTrue(
        failure.contains("topic 'goes' is gone since the checkpoint (its id was " + then + ")"),
        failure);
    assertEquals(List.of(), after.seen());
  }

  /**
   * Found when the topics are looked at again. Where Flink looked in the moment without the topic,
   * it tries again from the savepoint until the topic is there: the answer is the same.
   */
  @Test
  void aTopicThatIsCreatedAnewWhileTheJobRunsFailsItForGood() throws Exception {
    broker.createTopic("meanwhile", 1);
    send("meanwhile", 5);
    Map<String, String> looking = Map.of("partition.discovery.interval.ms", "1000");
    Run before = Run.of(ours(Start.EARLIEST, looking, "meanwhile"), null);
    before.await("meanwhile/0@4");
    String savepoint = before.stop(folder);
    send("meanwhile", 1);
    Run run = Run.of(ours(Start.EARLIEST, looking, "meanwhile"), savepoint, Integer.MAX_VALUE);
    run.await("meanwhile/0@5");
    Uuid then = broker.topicId("meanwhile");
    broker.deleteTopic("meanwhile");
    broker.createTopic("meanwhile", 1);

    String failure = run.failure();
    assertTrue(
        failure.contains(
            "topic 'meanwhile' was deleted and created anew since the checkpoint (id "
                + then
                + " then, "
                + broker.topicId("meanwhile")
                + " now): its offsets point into other records\n"
                + TopicIds.WAYS_OUT),
        failure);
    assertTrue(failure.contains("not recoverable"), failure);
  }

  /** A job that notes where what it reads comes from. */
  @Tag("thorough")
  @Test
  void anAddedTopicIsReadFromTheStart() throws Exception {
    broker.createTopic("first", 1);
    broker.createTopic("second", 2);
    broker.createTopic("third", 1);
    send("first", 1);
    send("second", 5);
    send("third", 5);
    Run before = Run.of(ours(Start.EARLIEST, "first"), null);
    before.await("first/0@0");
    String savepoint = before.stop(folder);

    Run fromLatest = Run.of(ours(Start.LATEST, "first", "second"), savepoint);
    while (fromLatest.seen().isEmpty()) { // nobody says from when on it is read
      send("second", 1);
      Thread.sleep(100);
    }
    String place = fromLatest.seen().get(0);
    assertTrue(Integer.parseInt(place.substring("second/0@".length())) >= 5, place);
    String another = fromLatest.stop(folder);

    send("first", 1);
    Run fromEarliest = Run.of(ours(Start.EARLIEST, "first", "second", "third"), another);
    fromEarliest.await("first/0@1");
    for (int offset = 0; offset < 5; offset++) {
      fromEarliest.await("third/0@" + offset);
    }
    assertEquals(0, fromEarliest.seen().stream().filter(seen -> seen.equals("second/0@4")).count());
    fromEarliest.stop(folder);
  }

  private static void send(String topic, int count) {
    for (int i = 0; i < count; i++) {
      broker.produce(topic, "{\"t\":1700000000000}");
    }
  }

  private static Source<Reading, ?, ?> ours(Start start, String... topics) {
    return ours(start, Map.of(), topics);
  }

  private static Source<Reading, ?, ?> ours(
      Start start, Map<String, String> more, String... topics) {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", broker.bootstrapServers());
    return KafkaObservations.source(
        new KafkaSourceSettings(List.of(topics), "group", start, Stop.NEVER, properties),
        READER,
        Duration.ZERO);
  }

  /** As releases before ours made it. */
  private static Source<Reading, ?, ?> plain(String topic) {
    return KafkaSource.<Reading>builder()
        .setTopics(topic)
        .setGroupId("group")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new ReadingDeserializer(READER))
        .setProperty("bootstrap.servers", broker.bootstrapServers())
        .build();
  }

  private record Run(JobClient job, Note note) {
    static Run of(Source<Reading, ?, ?> source, String savepoint) throws Exception {
      return of(source, savepoint, 1);
    }

    static Run of(Source<Reading, ?, ?> source, String savepoint, int restarts) throws Exception {
      Configuration settings = new Configuration();
      settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
      settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, restarts);
      settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
      if (savepoint != null) {
        settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
      }
      StreamExecutionEnvironment env = EmbeddedFlink.environment(settings);
      Note note = new Note();
      env.fromSource(
              source,
              ReadingWatermarks.strategy(Duration.ZERO, Duration.ofMinutes(1)),
              "source",
              TypeInformation.of(Reading.class))
          .uid("source")
          .map(note, TypeInformation.of(Reading.class))
          .uid("note")
          .sinkTo(new DiscardingSink<>())
          .uid("sink");
      return new Run(env.executeAsync(), note);
    }

    List<String> seen() {
      return List.copyOf(Note.SEEN.get(note.id));
    }

    void await(String place) throws Exception {
      while (!seen().contains(place)) {
        if (job.getJobExecutionResult().isDone()) {
          throw new IllegalStateException(failure());
        }
        Thread.sleep(10);
      }
    }

    String stop(Path folder) throws Exception {
      String savepoint =
          job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
              .get();
      job.getJobExecutionResult().get();
      return savepoint;
    }

    /** All that the failed job says. */
    String failure() {
      ExecutionException failed =
          assertThrows(ExecutionException.class, () -> job.getJobExecutionResult().get());
      return ExceptionUtils.stringifyException(failed);
    }
  }

  private static final class Note implements MapFunction<Reading, Reading> {
    private static final long serialVersionUID = 1L;
    private static final Map<String, Queue<String>> SEEN = new ConcurrentHashMap<>();

    private final String id = Uuid.randomUuid().toString();

    Note() {
      SEEN.put(id, new ConcurrentLinkedQueue<>());
    }

    @Override
    public Reading map(Reading reading) {
      SEEN.get(id).add(reading.observation.input());
      return reading;
    }
  }
}
