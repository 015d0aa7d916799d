package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.file.FileObservations;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import io.unroll.job.state.Accounts;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rejected records of a series come out in one order, whoever rejected them: its source, which
 * could not read them, or its sequence, which could not use them.
 */
final class RejectedOrderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] SERIES = {"A", "B", "C"};
  private static final long START = 1_700_000_000_000L;
  private static final int RECORDS = 400;

  /** How far records are out of order, at most; watermarks stay further behind. */
  private static final int JITTER_MILLIS = 60_000;

  private static final Duration BOUND = Duration.ofMillis(2 * JITTER_MILLIS);

  private static TestCluster cluster;

  @TempDir private Path folder;

  private final long seed = Seeds.seed();

  @BeforeAll
  static void start() throws Exception {
    cluster = TestCluster.start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void files() throws Exception {
    RecurrentModel sums =
        RecurrentModel.builder()
            .name("sums")
            .inputs(1)
            .rnn(
                new CellWeights(
                    "cell", 1, 1, new float[] {1}, new float[] {0.5f}, new float[1], new float[1]))
            .build();
    Files.write(folder.resolve("model.onnx"), OnnxFile.of(sums).model());
    Random random = Seeds.random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      long at = START + i * 5_000L - random.nextInt(JITTER_MILLIS);
      String time =
          switch (random.nextInt(6)) {
            case 0 -> "\"no time\""; // the source cannot read it, and not when it was
            default -> Long.toString(at);
          };
      String value =
          switch (random.nextInt(6)) {
            case 0 -> "\"no number\""; // the source cannot read it
            case 1 -> "-1"; // has no logarithm: the sequence cannot use it
            default -> Double.toString(1 + random.nextDouble());
          };
      String series = SERIES[random.nextInt(SERIES.length)];
      boolean end = random.nextInt(8) == 0;
      lines.add("{\"s\":\"%s\",\"t\":%s,\"x\":%s,\"e\":%s}".formatted(series, time, value, end));
    }
    Files.write(folder.resolve("in.jsonl"), lines);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{order: event-time, max-delay: 2 min}",
        "{order: event-time, max-delay: 2 min, idle-timeout: 1 min}",
        "{order: arrival, idle-timeout: 1 min}"
      })
  void isTheSameInEveryRun(String sequence) throws Exception {
    Map<String, List<String>> once = run("once", sequence, 1, 1, ReadingWatermarks.none());
    once.values().forEach(lines -> assertTrue(lines.size() > RECORDS / 30, lines::toString));
    String where = Seeds.message(seed);
    assertEquals(once, run("replayed", sequence, 64, 1, ReadingWatermarks.replayed(BOUND)), where);
    assertEquals(once, run("grid", sequence, 3, 2, ReadingWatermarks.replayed(BOUND)), where);
    assertEquals(
        once,
        run("live", sequence, 64, 2, ReadingWatermarks.strategy(BOUND, Duration.ofMinutes(1))),
        where);
    if (sequence.contains("arrival")) {
      once.values().forEach(lines -> assertEquals(lines.stream().sorted(BY_LINE).toList(), lines));
    }
  }

  private static final Comparator<String> BY_LINE =
      Comparator.comparingInt(RejectedOrderTest::line);

  private static int line(String rejected) {
    try {
      String input = JSON.readTree(rejected).get("input").textValue();
      return Integer.parseInt(input.substring(input.indexOf(':') + 1));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rejected records of each series, as they were written. */
  private Map<String, List<String>> run(
      String name,
      String sequence,
      int batch,
      int parallelism,
      WatermarkStrategy<Reading> watermarks)
      throws Exception {
    PipelineJob job =
        PipelineJob.load(
            Files.writeString(
                folder.resolve(name + ".yaml"),
                """
                version: 1
                name: rejected
                source: {file: {path: in.jsonl}, format: json}
                observation:
                  series: s
                  timestamp: t
                  features: [{field: x, transform: log-return}]
                  end: e
                sequence: %s
                model: {onnx: model.onnx}
                batch: {size: %d, delay: 1 min}
                sink:
                  predictions: {file: {path: %3$s/predictions}}
                  rejected: {file: {path: %3$s/rejected}}
                """
                    .formatted(sequence, batch, name)));
    StreamExecutionEnvironment env = cluster.environment(job, new Configuration(), parallelism);
    org.apache.flink.core.fs.Path in =
        new org.apache.flink.core.fs.Path(folder.resolve("in.jsonl").toUri());
    job.define(
        env.fromSource(FileObservations.source(in, job.reader()), watermarks, "source")
            .uid("source")
            .setParallelism(1),
        new Sinks(job, Accounts.ALONE),
        Accounts.ALONE);
    env.execute(name);
    Map<String, List<String>> bySeries = new TreeMap<>();
    try (Stream<Path> parts = Files.list(folder.resolve(name + "/rejected"))) {
      for (Path part : parts.toList()) { // a series is in one of them
        for (String line : Files.readAllLines(part)) {
          JsonNode series = JSON.readTree(line).get("series");
          bySeries.computeIfAbsent(series.textValue(), one -> new ArrayList<>()).add(line);
        }
      }
    }
    return bySeries;
  }
}
