package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.record.Reading;
import io.unroll.job.state.Accounts;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole pipelines from topic to topic on a real broker, exactly once. */
final class KafkaPipelineITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MODEL =
      Path.of("../deploy/examples/models/eu-stock-quantiles-lstm.onnx").toAbsolutePath();
  private static final int LOTS = 8;
  private static final int PARTITIONS = 4;
  private static final long IDLE_SECONDS = 600;
  private static final List<String> POISON =
      List.of(
          "{\"venue\":\"bitstamp\",\"lot\":1,\"t\":1385337600,\"price\"",
          "no json at all",
          "{\"venue\":\"bitstamp\",\"lot\":1,\"t\":1385337600,\"price\":null}",
          "{\"venue\":\"bitstamp\",\"lot\":1,\"t\":1385337600000,\"price\":800}",
          "{\"venue\":\"bitstamp\",\"lot\":1,\"t\":1385337600,\"price\":-1}",
          "{\"venue\":\"bitstamp\",\"lot\":1,\"t\":1385337600,\"price\":\"NaN\"}",
          "{\"venue\":\"\",\"lot\":1,\"t\":1385337600,\"price\":800}",
          "[1,2,3]");

  private static EmbeddedBroker broker;

  @TempDir Path folder;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  @Test
  void hundredThousandTradesExactlyOnceAlsoWhenTheJobFailsMidway() throws Exception {
    List<Trades.Trade> trades = Trades.load();
    broker.createTopic("trades", PARTITIONS);
    Map<String, List<Input>> bySeries = produce(trades);
    Map<String, Expected> expected = reference(bySeries);

    List<String> clean = run("clean", false);
    List<String> failed = run("failed", true);

    assertEquals(clean.size(), failed.size());
    assertEquals(
        clean.stream().map(l -> l.replace("\"clean", "\"x")).sorted().toList(),
        failed.stream().map(l -> l.replace("\"failed", "\"x")).sorted().toList(),
        "the committed output is the same with and without a failure");

    for (String prefix : List.of("clean", "failed")) {
      assertPredictions(prefix, expected);
      assertSequences(prefix, expected);
      assertRejected(prefix, trades.size() / 1000);
      assertEquals(List.of(), broker.consumeText(prefix + "-late"));
    }
  }

  /** A trade as it went in. */
  private record Input(String place, long millis, double price) {}

  /** What a series must give. */
  private record Expected(Map<String, float[]> predictions, int sequences) {}

  private static Map<String, List<Input>> produce(List<Trades.Trade> trades) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<String, List<Input>> bySeries = new TreeMap<>();
    long[] offsets = new long[PARTITIONS];
    for (int i = 0; i < trades.size(); i++) {
      Trades.Trade trade = trades.get(i);
      int lot = i % LOTS;
      int partition = lot % PARTITIONS;
      if (i % 1000 == 500) {
        String poison = POISON.get(i / 1000 % POISON.size());
        records.add(new ProducerRecord<>("trades", partition, null, poison.getBytes(UTF_8)));
        offsets[partition]++;
      }
      String value =
          "{\"venue\":\"bitstamp\",\"lot\":"
              + lot
              + ",\"t\":"
              + trade.seconds()
              + ",\"price\":"
              + (i % 2 == 0 ? trade.price() : "\"" + trade.price() + "\"")
              + ",\"id\":"
              + i
              + "}";
      byte[] key = ("bitstamp|" + lot).getBytes(UTF_8);
      records.add(new ProducerRecord<>("trades", partition, key, value.getBytes(UTF_8)));
      bySeries
          .computeIfAbsent("bitstamp|" + lot, s -> new ArrayList<>())
          .add(
              new Input(
                  "trades/" + partition + "@" + offsets[partition]++,
                  trade.seconds() * 1000,
                  trade.price()));
    }
    broker.produce(records);
    return bySeries;
  }

  /** Each series alone, in plain Java. */
  private static Map<String, Expected> reference(Map<String, List<Input>> bySeries)
      throws Exception {
    RecurrentModel model = io.unroll.model.onnx.OnnxFile.load(MODEL).read();
    Workspace workspace = model.workspace(1);
    FMatrixRMaj input = new FMatrixRMaj(1, 1);
    FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
    Map<String, Expected> all = new TreeMap<>();
    bySeries.forEach(
        (series, inputs) -> {
          Map<String, float[]> predictions = new HashMap<>();
          int sequences = 0;
          long last = Long.MIN_VALUE;
          double before = 0;
          for (Input one : inputs) {
            if (last == Long.MIN_VALUE || one.millis >= last + IDLE_SECONDS * 1000) {
              sequences++;
              model.initialState(state.data, 0);
            } else {
              input.data[0] = (float) (100 * StrictMath.log(one.price / before));
              model.step(input, state, workspace);
              predictions.put(
                  one.place, Arrays.copyOf(workspace.output().data, model.outputSize()));
            }
            before = one.price;
            last = one.millis;
          }
          all.put(series, new Expected(predictions, sequences));
        });
    return all;
  }

  private List<String> run(String prefix, boolean fail) throws Exception {
    for (String output : List.of("predictions", "sequences", "rejected", "late")) {
      broker.createTopic(prefix + "-" + output, 2);
    }
    Path file =
        pipeline(
            prefix,
            "timestamp: {field: t, unit: s}",
            "idle-timeout: " + IDLE_SECONDS + " s",
            "trades");
    PipelineJob job = PipelineJob.load(file);
    Configuration defaults = new Configuration();
    defaults.setString("execution.checkpointing.interval", "300 ms");
    defaults.setString("restart-strategy.type", "fixed-delay");
    defaults.setString("restart-strategy.fixed-delay.attempts", "1");
    defaults.setString("restart-strategy.fixed-delay.delay", "10 ms");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(job.configuration(defaults));
    DataStream<Reading> readings = Sources.of(job, env);
    if (fail) {
      FailOnce.arm(30_000);
      readings = readings.map(new FailOnce(), TypeInformation.of(Reading.class)).uid("fail");
    }
    job.define(readings, new Sinks(job, Accounts.ALONE), Accounts.ALONE);
    env.execute(prefix);
    assertTrue(!fail || FailOnce.failed(), "the job was to fail once");
    return broker.consumeText(prefix + "-predictions");
  }

  private Path pipeline(String name, String timestamp, String sequence, String topic)
      throws Exception {
    Path file = folder.resolve(name + ".yaml");
    Files.writeString(
        file,
        """
        version: 1
        name: %1$s
        kafka: {bootstrap.servers: "%2$s"}
        source:
          kafka: {topics: [%6$s], group.id: %1$s, start: earliest, stop: latest}
          format: json
        observation:
          series: [venue, lot]
          %3$s
          features: [{field: price, transform: log-return, multiply-by: 100}]
          keep: {id: id}
        sequence: {%4$s}
        model: {onnx: %5$s, outputs: [q05, q50, q95]}
        sink:
          delivery: exactly-once
          predictions: {kafka: {topic: %1$s-predictions}}
          sequences: {kafka: {topic: %1$s-sequences}}
          rejected: {kafka: {topic: %1$s-rejected}}
          late: {kafka: {topic: %1$s-late}}
        flink: {parallelism.default: 2}
        """
            .formatted(name, broker.bootstrapServers(), timestamp, sequence, MODEL, topic));
    return file;
  }

  private static void assertPredictions(String prefix, Map<String, Expected> expected)
      throws Exception {
    Map<String, Map<String, float[]>> open = new HashMap<>();
    expected.forEach((series, e) -> open.put(series, new HashMap<>(e.predictions)));
    Map<String, Long> lastStep = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : broker.consume(prefix + "-predictions")) {
      JsonNode json = JSON.readTree(record.value());
      String series = json.get("series").textValue();
      assertEquals(series, new String(record.key(), UTF_8));
      assertEquals(json.get("timestamp").longValue(), record.timestamp());
      float[] output = open.get(series).remove(json.get("input").textValue());
      assertNotNull(output, "twice or never asked for: " + json);
      assertEquals(output[0], json.get("output").get("q05").floatValue());
      assertEquals(output[1], json.get("output").get("q50").floatValue());
      assertEquals(output[2], json.get("output").get("q95").floatValue());
      assertTrue(json.get("keep").get("id").isIntegralNumber());
      // Order within a series: steps of a sequence come one after the other.
      String sequence = series + "/" + json.get("sequence").textValue();
      long step = json.get("step").longValue();
      assertEquals(lastStep.getOrDefault(sequence, -1L) + 1, step, prefix + " " + json);
      lastStep.put(sequence, step);
    }
    open.forEach((series, left) -> assertEquals(Map.of(), left, "missing in " + series));
  }

  private static void assertSequences(String prefix, Map<String, Expected> expected)
      throws Exception {
    Map<String, Integer> opened = new TreeMap<>();
    Map<String, Integer> closed = new TreeMap<>();
    for (String line : broker.consumeText(prefix + "-sequences")) {
      JsonNode json = JSON.readTree(line);
      boolean opening = json.get("event").textValue().equals("opened");
      if (!opening) {
        assertEquals("idle", json.get("reason").textValue());
      }
      (opening ? opened : closed).merge(json.get("series").textValue(), 1, Integer::sum);
    }
    Map<String, Integer> all = new TreeMap<>();
    expected.forEach((series, e) -> all.put(series, e.sequences));
    assertEquals(all, opened);
    assertEquals(all, closed);
  }

  private static void assertRejected(String prefix, int count) {
    List<ConsumerRecord<byte[], byte[]>> rejected = broker.consume(prefix + "-rejected");
    assertEquals(count, rejected.size());
    for (ConsumerRecord<byte[], byte[]> record : rejected) {
      assertTrue(POISON.contains(new String(record.value(), UTF_8)));
      assertNotNull(record.headers().lastHeader("unroll.reason"));
      String input = new String(record.headers().lastHeader("unroll.input").value(), UTF_8);
      assertTrue(input.matches("trades/[0-3]@\\d+"), input);
    }
  }

  @Test
  void aLateRecordGoesToItsTopicAsItCame() throws Exception {
    broker.createTopic("ticks", 1);
    for (String output : List.of("predictions", "sequences", "rejected", "late")) {
      broker.createTopic("late-" + output, 1);
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      String value =
          "{\"venue\":\"v\",\"lot\":0,\"t\":" + (1_385_337_600L + i) + ",\"price\":100,\"id\":1}";
      records.add(new ProducerRecord<>("ticks", null, value.getBytes(UTF_8)));
    }
    byte[] late = "{\"venue\":\"v\",\"lot\":1,\"t\":1385337600,\"price\":7}".getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> last =
        new ProducerRecord<>("ticks", "the key".getBytes(UTF_8), late);
    last.headers().add("trace", "abc".getBytes(UTF_8));
    records.add(last);
    broker.produce(records);

    PipelineJob job =
        PipelineJob.load(
            pipeline("late", "timestamp: {field: t, unit: s}", "idle-timeout: 10 s", "ticks"));
    Configuration defaults = new Configuration();
    defaults.setString("execution.checkpointing.interval", "300 ms");
    defaults.setString("pipeline.auto-watermark-interval", "1 ms");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(job.configuration(defaults));
    env.setParallelism(
        1); // a second reader would hold the watermark until it learns it has no partition
    FailOnce.disarm();
    job.define(
        Sources.of(job, env).map(new FailOnce(), TypeInformation.of(Reading.class)).uid("slow"),
        new Sinks(job, Accounts.ALONE),
        Accounts.ALONE);
    env.execute("late");

    List<ConsumerRecord<byte[], byte[]>> lates = broker.consume("late-late");
    assertEquals(1, lates.size());
    assertEquals("the key", new String(lates.get(0).key(), UTF_8));
    assertEquals(new String(late, UTF_8), new String(lates.get(0).value(), UTF_8));
    assertEquals("abc", new String(lates.get(0).headers().lastHeader("trace").value(), UTF_8));
    assertNotNull(lates.get(0).headers().lastHeader("unroll.watermark"));
    assertEquals(
        "ticks/0@600",
        new String(lates.get(0).headers().lastHeader("unroll.input").value(), UTF_8));
  }

  /**
   * Slows the source down, so that watermarks and checkpoints come in between, and fails once,
   * after a checkpoint, when armed.
   */
  private static final class FailOnce extends RichMapFunction<Reading, Reading>
      implements CheckpointListener {
    private static final long serialVersionUID = 1L;

    // Static: the task that is restarted is another instance.
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final AtomicInteger FAIL_AFTER = new AtomicInteger();
    private static final AtomicBoolean CHECKPOINTED = new AtomicBoolean();
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    static void arm(int after) {
      COUNT.set(0);
      CHECKPOINTED.set(false);
      FAILED.set(false);
      FAIL_AFTER.set(after);
    }

    static void disarm() {
      arm(Integer.MAX_VALUE);
    }

    static boolean failed() {
      return FAILED.get();
    }

    @Override
    public Reading map(Reading reading) throws Exception {
      int count = COUNT.incrementAndGet();
      if (FAIL_AFTER.get() == Integer.MAX_VALUE || count % 50 == 0) {
        Thread.sleep(1);
      }
      if (count > FAIL_AFTER.get() && CHECKPOINTED.get() && FAILED.compareAndSet(false, true)) {
        throw new IllegalStateException("failed on purpose");
      }
      return reading;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
      CHECKPOINTED.set(true);
    }
  }
}
