package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.record.Reading;
import io.unroll.job.operator.Preview;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.model.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link RandomPipeline}s through the door that users take, all on one cluster: each finishes,
 * every record is accounted for, and what came out is as much as was counted and can be read.
 */
final class RandomPipelines implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SLOTS = 2;

  private final Path folder;
  private final Places places;
  private @Nullable TestCluster cluster; // from the first that runs
  private final Map<Counter, Long> reached = new EnumMap<>(Counter.class);
  private int refused;
  private final List<String> refusals = new ArrayList<>();

  /** Chooses where a pipeline reads and writes. */
  interface Places {
    RandomPipeline.Place of(Random random);
  }

  RandomPipelines(Path folder, Places places) {
    this.folder = folder;
    this.places = places;
  }

  /** So many, each by a seed of its own. */
  void run(int runs) throws Exception {
    long seed = Seeds.seed();
    Random seeds = new Random(seed);
    for (int run = 0; run < runs; run++) {
      long mine = run == 0 ? seed : seeds.nextLong(); // a failed run's seed repeats it first
      RandomPipeline pipeline = draw("r" + run, new Random(mine));
      try {
        PipelineJob job = load(pipeline);
        if (job != null) {
          check(pipeline, job);
        }
      } catch (AssertionError | Exception e) {
        throw new AssertionError(
            "run " + run + ", " + Seeds.message(mine) + " -Druns=1\n" + pipeline.text(), e);
      }
    }
    assertMostAreAccepted(runs);
    if (runs >= 200) { // fewer need not have everything
      Set<Counter> all = EnumSet.allOf(Counter.class);
      all.removeAll(Set.of(Counter.HELD_BACK, Counter.DECODES_CUT)); // 0 at the end, and rare
      all.remove(Counter.SKIPPED); // no key asks for it yet: ReadingSplitterTest counts it
      all.removeIf(counter -> counter.label().startsWith("behind.")); // few files have watermarks
      all.removeIf(counter -> reached.getOrDefault(counter, 0L) > 0);
      assertEquals(Set.of(), all, "never reached, " + Seeds.message(seed));
    }
  }

  RandomPipeline draw(String name, Random random) throws Exception {
    return RandomPipeline.of(name, folder.resolve(name), places.of(random), random);
  }

  /** The pipeline as a job; null if its file is refused, which is counted. */
  @Nullable PipelineJob load(RandomPipeline pipeline) {
    try {
      return PipelineJob.load(pipeline.path());
    } catch (PipelineException e) {
      refused++;
      refusals.add(e.getMessage());
      return null;
    }
  }

  /** One that is refused tests nothing. */
  void assertMostAreAccepted(int of) {
    assertTrue(
        refused <= 1 + of / 10,
        () -> refused + " of " + of + " refused: " + String.join("\n", refusals));
  }

  private void check(RandomPipeline pipeline, PipelineJob job) throws Exception {
    JobExecutionResult result = execute(pipeline, job);
    Counters readings = result.getAccumulatorResult("readings");
    Counters sequences = result.getAccumulatorResult("sequences");
    long rejected = count(readings, Counter.REJECTED) + count(sequences, Counter.REJECTED);
    long late = count(sequences, Counter.LATE);
    assertEquals(pipeline.records.rows.size(), count(readings, Counter.INPUTS), "inputs");
    assertEquals(
        count(readings, Counter.INPUTS),
        count(sequences, Counter.STEPS)
            + count(sequences, Counter.PRIMINGS)
            + count(sequences, Counter.MARKERS)
            + late
            + rejected,
        "inputs = steps + primings + markers + late + rejected");
    assertEquals(0, count(sequences, Counter.HELD_BACK), "held back");

    for (Counter counter : Counter.values()) {
      reached.merge(counter, count(readings, counter) + count(sequences, counter), Long::sum);
    }
    long opened = count(sequences, Counter.OPENED);
    long closed = 0;
    for (Counter counter : Counter.values()) {
      closed += counter.label().startsWith("closed.") ? count(sequences, counter) : 0;
    }
    assertEquals(opened, closed, "at the end of the input all are closed");
    var sink = job.pipeline().sink();
    assertWritten(
        pipeline,
        "predictions",
        job.outputFormat().predictionHeader(),
        count(sequences, Counter.PREDICTIONS));
    if (sink.sequences() != null) {
      assertWritten(pipeline, "sequences", job.outputFormat().sequenceHeader(), opened + closed);
    }
    if (sink.rejected() != null) {
      assertWritten(pipeline, "rejected", null, rejected);
    }
    if (sink.late() != null) {
      assertWritten(pipeline, "late", null, late);
    }
    if (sink.evaluations() != null) {
      assertWritten(pipeline, "evaluations", job.outputFormat().evaluationHeader(), ANY);
    }
    Preview preview = new Preview(job.sequences(), job.served(), job.decoder());
    for (Reading reading : pipeline.place.first(pipeline, job)) {
      if (reading.observation != null) {
        preview.observe(reading.observation);
      }
    }
  }

  private JobExecutionResult execute(RandomPipeline pipeline, PipelineJob job) throws Exception {
    if (cluster == null) {
      cluster = TestCluster.start(SLOTS);
    }
    Configuration defaults = new Configuration();
    defaults.setString("execution.checkpointing.interval", "100 ms");
    defaults.setString("restart-strategy.type", "none");
    StreamExecutionEnvironment env = cluster.environment(job, defaults, pipeline.parallelism);
    job.define(env);
    return env.executeAsync(pipeline.name).getJobExecutionResult().get(2, TimeUnit.MINUTES);
  }

  private static long count(Counters counts, Counter counter) {
    return counts.get(counter);
  }

  /** As many as there may be: nobody counts them. */
  private static final long ANY = -1;

  /**
   * @param header of CSV; null for JSON
   */
  private void assertWritten(
      RandomPipeline pipeline, String output, byte @Nullable [] header, long count)
      throws Exception {
    long found = 0;
    for (RandomPipeline.Text text : pipeline.place.written(pipeline, output)) {
      List<List<String>> lines =
          header == null ? text.content().lines().map(List::of).toList() : csv(text.content());
      if (header != null && text.withHeader()) {
        assertEquals(csv(new String(header, UTF_8)), lines.subList(0, 1), output);
        lines = lines.subList(1, lines.size());
      }
      for (List<String> line : lines) {
        if (header == null) {
          assertReads(pipeline, output, line.get(0), text.withHeader());
        } else {
          assertEquals(csv(new String(header, UTF_8)).get(0).size(), line.size(), line.toString());
        }
      }
      found += lines.size();
    }
    assertTrue(count == ANY || count == found, output + ": counted " + count + ", found " + found);
  }

  /** A line of JSON; what was rejected goes to a topic as it came. */
  private static void assertReads(
      RandomPipeline pipeline, String output, String line, boolean ofFile) throws IOException {
    if (!ofFile && Set.of("rejected", "late").contains(output)) {
      return;
    }
    JsonNode json = JSON.readTree(line);
    assertTrue(json.isObject(), line);
    if (output.equals("predictions")) {
      assertFalse(json.get("output").isEmpty(), line);
      assertEquals(new TreeSet<>(pipeline.keepNames), names(json.path("keep")), line);
      if (json.path("filled").asBoolean()) {
        json.path("keep").forEach(kept -> assertTrue(kept.isNull(), line));
      }
    }
  }

  /** The records of CSV by RFC 4180; a quoted one may have several lines. */
  static List<List<String>> csv(String text) {
    List<List<String>> records = new ArrayList<>();
    List<String> record = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        boolean twice = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (twice) {
          cell.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (quoted || (c != ',' && c != '\n')) {
        cell.append(c);
      } else {
        record.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          records.add(record);
          record = new ArrayList<>();
        }
      }
    }
    if (cell.length() > 0 || !record.isEmpty()) { // a topic's record has no line end
      record.add(cell.toString());
      records.add(record);
    }
    return records;
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Override
  public void close() {
    if (cluster != null) {
      cluster.close();
    }
  }
}
