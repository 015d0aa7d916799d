package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Partitions that wait for each other: one has a week of backlog, the other only the present. Read
 * by one reader, which leaves one of its partitions alone, or by one for each, of which one stops.
 */
class KafkaDriftITCase {
  private static final int BACKLOG = 0;
  private static final int PRESENT = 1;
  private static final long HOUR = 3_600_000L;
  private static final long DAY = 24 * HOUR;
  private static final long NOW = 1_700_000_000_000L;
  private static final Duration MAX_DRIFT = Duration.ofHours(1);

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  /** A source of which it is known what its readers leave alone. */
  @Tag("thorough")
  @Test
  @Timeout(180)
  void thePresentWaitsForTheBacklog() throws Exception {
    assertThePresentWaits(2);
  }

  @Tag("thorough")
  @Test
  @Timeout(180)
  void thePresentWaitsInOneReader() throws Exception {
    assertThePresentWaits(1);
  }

  private void assertThePresentWaits(int readers) throws Exception {
    String topic = "waits-" + readers;
    broker.createTopic(topic, 2);
    send(topic, BACKLOG, NOW - 7 * DAY);
    send(topic, PRESENT, NOW);
    CloseableIterator<String> seen =
        places(topic, readers, Stop.NEVER, aligned()).executeAndCollect();
    try {
      assertEquals(
          List.of(place(topic, BACKLOG, 0), place(topic, PRESENT, 0)),
          List.of(seen.next(), seen.next()).stream().sorted().toList());
      String present = topic + "-" + PRESENT;
      while (!Watched.PAUSED.contains(present)) {
        Thread.sleep(10);
      }
      int backlog = 1;
      send(topic, BACKLOG, NOW - 7 * DAY + HOUR); // behind it nothing is fetched as if not paused
      assertEquals(place(topic, BACKLOG, backlog++), seen.next());

      for (int i = 1; i <= 10; i++) {
        send(topic, PRESENT, NOW + 1000L * i);
      }
      for (int day = 6; day >= 1; day--) {
        send(topic, BACKLOG, NOW - day * DAY);
        assertEquals(place(topic, BACKLOG, backlog++), seen.next(), "a week has passed before");
      }
      send(topic, BACKLOG, NOW - HOUR / 2);
      assertEquals(place(topic, BACKLOG, backlog++), seen.next());
      for (int i = 1; i <= 10; i++) { // now it is near enough
        assertEquals(place(topic, PRESENT, i), seen.next());
      }
    } finally {
      seen.close();
    }
  }

  /** What the test above would find if nothing waited. */
  @Tag("thorough")
  @Test
  @Timeout(180)
  void withoutALimitThePresentIsRead() throws Exception {
    broker.createTopic("unlimited", 2);
    send("unlimited", BACKLOG, NOW - 7 * DAY);
    for (int i = 0; i <= 10; i++) {
      send("unlimited", PRESENT, NOW + 1000L * i);
    }
    List<String> all = new ArrayList<>();
    CloseableIterator<String> seen =
        places("unlimited", 1, Stop.NEVER, bounded()).executeAndCollect();
    try {
      for (int i = 0; i < 12; i++) {
        all.add(seen.next());
      }
    } finally {
      seen.close();
    }
    assertEquals(place("unlimited", BACKLOG, 0), all.stream().sorted().findFirst().orElseThrow());
  }

  @Test
  @Timeout(180)
  void everyObservationComesOutInTheEnd() throws Exception {
    assertAllComeOut(2);
  }

  @Tag("thorough")
  @Test
  @Timeout(180)
  void everyObservationComesOutOfOneReader() throws Exception {
    assertAllComeOut(1);
  }

  private void assertAllComeOut(int readers) throws Exception {
    String topic = "ends-" + readers;
    broker.createTopic(topic, 2);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 7 * 24; i++) {
      records.add(observation(topic, BACKLOG, NOW - 7 * DAY + i * HOUR));
      expected.add(place(topic, BACKLOG, i));
    }
    for (int i = 0; i < 5 * 60; i++) { // five hours, of which one may be ahead
      records.add(observation(topic, PRESENT, NOW + i * HOUR / 60));
      expected.add(place(topic, PRESENT, i));
    }
    broker.produce(records);
    List<String> seen = EmbeddedFlink.collect(places(topic, readers, Stop.LATEST, aligned()));
    assertEquals(sorted(expected), sorted(seen));
  }

  private static List<String> sorted(List<String> places) {
    return places.stream().sorted(Comparator.naturalOrder()).toList();
  }

  private static WatermarkStrategy<Reading> bounded() {
    return ReadingWatermarks.strategy(Duration.ZERO, Duration.ofHours(1));
  }

  private static WatermarkStrategy<Reading> aligned() {
    return ReadingWatermarks.aligned(bounded(), "drift", MAX_DRIFT);
  }

  /** Where what is read comes from, in the order in which it is read. */
  private static DataStream<String> places(
      String topic, int readers, Stop stop, WatermarkStrategy<Reading> watermarks) {
    ObservationFields fields =
        new ObservationFields(
            List.of(FieldPath.parse("$topic")),
            new TimestampField(FieldPath.parse("t"), null, null),
            List.of(FieldPath.parse("x")),
            null,
            List.of());
    KafkaSourceSettings settings =
        new KafkaSourceSettings(
            List.of(topic),
            topic,
            Start.EARLIEST,
            stop,
            Map.of("bootstrap.servers", broker.bootstrapServers()));
    StreamExecutionEnvironment env = EmbeddedFlink.environment(new Configuration());
    env.setParallelism(readers);
    return env.fromSource(
            watched(
                KafkaObservations.source(
                    settings,
                    new ObservationReader(new JsonFormat(), fields, TimestampBounds.DEFAULT, true),
                    Duration.ZERO)),
            watermarks,
            "source",
            TypeInformation.of(Reading.class))
        .map(reading -> reading.observation.input());
  }

  private static String place(String topic, int partition, int offset) {
    return topic + "/" + partition + "@" + offset;
  }

  private static void send(String topic, int partition, long timestamp) {
    broker.produce(List.of(observation(topic, partition, timestamp)));
  }

  private static ProducerRecord<byte[], byte[]> observation(
      String topic, int partition, long timestamp) {
    byte[] value = ("{\"t\":" + timestamp + ",\"x\":1}").getBytes(UTF_8);
    return new ProducerRecord<>(topic, partition, null, value);
  }

  private static <S extends SourceSplit, E> Source<Reading, S, E> watched(
      Source<Reading, S, E> source) {
    return new Watched<>(source);
  }

  private record Watched<S extends SourceSplit, E>(Source<Reading, S, E> inside)
      implements Source<Reading, S, E> {

    /** Partitions that are not read on. Static: Flink serializes the source. */
    static final Set<String> PAUSED = ConcurrentHashMap.newKeySet();

    @Override
    @SuppressWarnings("unchecked") // it is a reader of the same
    public SourceReader<Reading, S> createReader(SourceReaderContext context) throws Exception {
      SourceReader<Reading, S> reader = inside.createReader(context);
      return (SourceReader<Reading, S>)
          Proxy.newProxyInstance(
              Watched.class.getClassLoader(),
              new Class<?>[] {SourceReader.class},
              (proxy, method, args) -> {
                try {
                  Object result = method.invoke(reader, args);
                  if (method.getName().equals("pauseOrResumeSplits")) {
                    PAUSED.addAll((Collection<String>) args[0]);
                    PAUSED.removeAll((Collection<String>) args[1]);
                  }
                  return result;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    @Override
    public Boundedness getBoundedness() {
      return inside.getBoundedness();
    }

    @Override
    public SplitEnumerator<S, E> createEnumerator(SplitEnumeratorContext<S> context)
        throws Exception {
      return inside.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<S, E> restoreEnumerator(SplitEnumeratorContext<S> context, E state)
        throws Exception {
      return inside.restoreEnumerator(context, state);
    }

    @Override
    public SimpleVersionedSerializer<S> getSplitSerializer() {
      return inside.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<E> getEnumeratorCheckpointSerializer() {
      return inside.getEnumeratorCheckpointSerializer();
    }
  }
}
