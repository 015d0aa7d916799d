package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.ExamplePaths;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.model.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} says of where sequences end, their order and what they emit. */
final class PipelineTextTest {
  private static final Path EXAMPLES = Path.of("../deploy/examples").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private static List<String> lines(Path pipeline, String... names) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String line : PipelineText.of(PipelineJob.load(pipeline)).lines().toList()) {
      for (String name : names) {
        if (line.startsWith(name + " ")) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  private static List<String> example(String name) throws Exception {
    return lines(EXAMPLES.resolve(name + ".yaml"), "named by", "closes by", "order", "emits");
  }

  @Test
  void sequencesWithoutLimits() throws Exception {
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     end of input",
            "order         of arrival",
            "emits         after every step"),
        example("own"));
  }

  @Test
  void sessions() throws Exception {
    assertEquals(
        List.of(
            "named by      session",
            "closes by     another value in session, close-at 17:30 Europe/Berlin, end of input",
            "order         of arrival",
            "emits         after every step"),
        example("sessions"));
  }

  @Test
  void limits() throws Exception {
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     max-duration 90 d, end of input",
            "order         of arrival",
            "emits         when a sequence closes that has at least 60 steps"),
        example("limits"));
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     idle-timeout 7 d, max-steps 30, end of input",
            "order         of arrival",
            "emits         when a sequence closes"),
        example("months"));
  }

  /** It is said once, and before anything runs, where there is no output for them. */
  @Test
  void recordsThatGoNowhere() throws Exception {
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("weather.yaml")), EXAMPLES);
    Path file = folder.resolve("p.yaml");
    String sink = text.substring(0, text.indexOf("sink:"));
    for (String to : List.of("{file: {path: out/x}}", "{kafka: {topic: x}}")) {
      String outputs =
          (to.contains("kafka") ? "kafka: {bootstrap.servers: localhost:9}\n" : "")
              + sink
              + "sink:\n  format: json\n  predictions: "
              + to.replace("x}", "p}");
      Files.writeString(file, outputs);
      assertEquals(
          List.of(
              "  nowhere     records that are rejected or late, which are only counted (no"
                  + " sink.rejected, no sink.late)"),
          lines(file, "  nowhere"));
      Files.writeString(file, outputs + "\n  rejected: " + to);
      assertEquals(
          List.of("  nowhere     records that are late, which are only counted (no sink.late)"),
          lines(file, "  nowhere"));
      Files.writeString(
          file, outputs + "\n  rejected: " + to + "\n  late: " + to.replace("x}", "y}"));
      assertEquals(List.of(), lines(file, "  nowhere"));
    }
  }

  @Test
  void whatASlotKeeps() throws Exception {
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("weather.yaml")), EXAMPLES);
    Path file = folder.resolve("p.yaml");
    Files.writeString(file, text);
    assertEquals(
        List.of(
            "kernel        " + Kernels.best().name(),
            "batches       of at most 64 series, which wait at most 2 ms",
            "state         hashmap, on the heap, in an embedded run; a cluster has its own, with a"
                + " cache of 64 MiB per slot in front of any other",
            "parallelism   2"),
        lines(file, "kernel", "batches", "state", "parallelism"));
    Files.writeString(
        file,
        text.replace("idle-timeout: 7 d", "window: 100000\n  idle-timeout: 7 d")
            .replace("{parallelism.default: 2}", "{state.backend.type: rocksdb}"));
    int cores = Runtime.getRuntime().availableProcessors();
    assertEquals(
        List.of(
            "batches       of at most 41 series instead of 64, because a batch works on at most 64"
                + " MiB of state, which wait at most 2 ms",
            "state         rocksdb, with a cache of 64 MiB per slot in front",
            "parallelism   that of the machine in an embedded run, here "
                + cores
                + "; a cluster has its own"),
        lines(file, "batches", "state", "parallelism"));
    Files.writeString(
        file,
        text.replace("{parallelism.default: 2}", "{state.backend.type: rocksdb}")
            + "state: {cache: 0}\n");
    assertEquals(List.of("state         rocksdb, with no cache in front"), lines(file, "state"));
  }

  @Test
  void cachesThatMayFillTheHeap() throws Exception {
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("weather.yaml")), EXAMPLES);
    Path file = folder.resolve("p.yaml");
    Files.writeString(file, text + "state: {cache: 1 GiB}\n");
    assertNull(
        SlotMemory.warning(PipelineJobs.load(List.of(file)), 1, 1 << 20),
        "there is none on the heap");
    String rocksdb =
        text.replace(
            "{parallelism.default: 2}", "{parallelism.default: 3, state.backend.type: rocksdb}");
    Files.writeString(file, rocksdb);
    assertNull(SlotMemory.warning(PipelineJobs.load(List.of(file)), 8, 384L << 20));
    assertEquals(
        "state.cache: found 64 MiB for each of 3 slots, expected at most half of the heap together in"
            + " an embedded run here, which is 191 MiB: a smaller cache, a smaller"
            + " flink.parallelism.default, or UNROLL_JAVA_OPTS=-Xmx",
        SlotMemory.warning(PipelineJobs.load(List.of(file)), 8, 383L << 20));
    Files.writeString(file, rocksdb.replace("parallelism.default: 3, ", ""));
    assertNull(SlotMemory.warning(PipelineJobs.load(List.of(file)), 1, 128L << 20));
    assertNotNull(SlotMemory.warning(PipelineJobs.load(List.of(file)), 2, 128L << 20));
  }

  @Test
  void gapsAndFeaturesOfTime() throws Exception {
    assertEquals(
        List.of(
            "features      precipitation, temp_max, temp_min, wind (missing: previous)",
            "closes by     a gap wider than 3 steps, end of input",
            "gaps          of steps expected every 1 d, at most 3 filled with the inputs before"),
        lines(EXAMPLES.resolve("gaps.yaml"), "features", "closes by", "gaps"));
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("gaps.yaml")), EXAMPLES)
            .replace("fill: previous ", "fill: feedback\n    feedback: {/3: temp_max} ");
    int features = text.indexOf("    - precipitation");
    Path file =
        Files.writeString(
            folder.resolve("p.yaml"),
            text.substring(0, features)
                + """
                    - {clock: hour-of-day, zone: Europe/Berlin}
                    - {time-delta: min}
                    - {field: /3, transform: log1p, missing: {value: 0}}
                """
                + text.substring(text.indexOf("sequence:")));
    assertEquals(
        List.of(
            "features      hour-of-day in Europe/Berlin, time since the step before in min, 1.0 x log1p"
                + " of /3 (missing: 0.0)",
            "gaps          of steps expected every 1 d, at most 3 filled with temp_max fed back to /3"),
        lines(file, "features", "gaps"));
  }

  @Test
  void timestampsAreTheOrder() throws Exception {
    assertEquals(
        List.of(
            "named by      first timestamp",
            "closes by     idle-timeout 7 d, end of input",
            "order         by timestamp, held back for 3 d",
            "emits         after every step"),
        example("event-time"));
  }

  @Test
  void decoders() throws Exception {
    assertEquals(
        List.of(
            "served        stateful, 192 bytes of state per series",
            "decoder       decoder@3671a739, 192 bytes of state while it runs",
            "  starts      from h0 = the encoder's h",
            "  is fed      token 0, then the token of the step before",
            "  runs        until token 1, at most 20 steps",
            "outputs       the token and its score",
            "emits         what is decoded, when a sequence closes"),
        decoded("tokens"));
    assertEquals(
        List.of(
            "served        stateful, 96 bytes of state per series",
            "decoder       season@25a0391e, 8 bytes of state while it runs",
            "  starts      from the encoder's output",
            "  is fed      temp_max, temp_min of the last observation, then its output of the step before,"
                + " with day-of-year in UTC of the time predicted",
            "  runs        7 steps",
            "  times       every 1 d after the last",
            "outputs       temp_max, temp_min",
            "emits         a forecast after every 7 steps of a sequence"),
        decoded("forecast"));
    assertEquals(
        List.of(
            "served        a decoder for each observation, no state per series",
            "decoder       trajectory@380cbb2a, 96 bytes of state while it runs",
            "  starts      from its own initial state",
            "  is fed      the observation's features, then zeros",
            "  runs        7 steps",
            "  times       every 1 s after the last",
            "outputs       x, y",
            "emits         what is decoded, after every observation"),
        decoded("vector"));
  }

  private static List<String> decoded(String name) throws Exception {
    return lines(
        EXAMPLES.resolve(name + ".yaml"),
        "served",
        "decoder",
        "  starts",
        "  is fed",
        "  runs",
        "  times",
        "outputs",
        "emits");
  }

  @Test
  void scalesAndWhatIsEvaluated() throws Exception {
    Files.writeString(
        folder.resolve("scalers.csv"),
        "series,feature,mean,std\ndefault,wind,3,1\nA,wind,1,2\nB,wind,2,3\n");
    String text =
        """
        version: 1
        name: judged
        source: {file: {path: EXAMPLES/feeds/weather.csv}, format: csv}
        observation:
          series: series
          timestamp: timestamp
          features:
            - {field: precipitation, transform: log1p, scale: {half-life: 20}}
            - {field: temp_max, scale: online}
            - {field: temp_min, scale: {mean: 5, std: 2.5}}
            - {field: wind, missing: previous, scale: {from: scalers.csv}}
        sequence: {keep-series-for: 30 d, warm-up: 10}
        model:
          onnx: EXAMPLES/models/weather-temperature-gru.onnx
          initial-state: zero
          outputs:
            - {name: temp_max, unscale: temp_max}
            - {name: q05, unscale: temp_min, quantile: 0.05}
        evaluate:
          - {output: temp_max, against: temp_max}
          - {output: q05, against: frost, ahead: 3, from: 2014-01-01}
        sink:
          predictions: {file: {path: out}}
          evaluations: {kafka: {topic: judged, bootstrap.servers: "localhost:9092"}}
        """
            .replace("EXAMPLES", EXAMPLES.toString());
    Path pipeline = Files.writeString(folder.resolve("p.yaml"), text);
    assertEquals(
        List.of(
            "features      1.0 x log1p of precipitation (scaled online, half-life 20.0), temp_max"
                + " (scaled online), temp_min (scaled: mean 5.0, std 2.5), wind (missing: previous)"
                + " (scaled: scalers.csv: 2 series, default)",
            "starts from   zero",
            "remembers     a series for 30 d",
            "outputs       temp_max (in the unit of temp_max), q05 (in the unit of temp_min, quantile"
                + " 0.05)",
            "warms up      over the first 10 steps of a sequence, whose predictions are marked",
            "evaluates     temp_max against temp_max, 1 observation ahead",
            "evaluates     q05 against frost, which the model does not see, 3 observations ahead, from"
                + " 2014-01-01T00:00:00Z",
            "  evaluations topic judged"),
        lines(
            pipeline,
            "features",
            "starts from",
            "remembers",
            "outputs",
            "warms up",
            "evaluates",
            "  evaluations"));
    Files.writeString(
        pipeline,
        text.replace("initial-state: zero", "initial-state: {/rnn/GRU.h: " + zeros(24) + "}")
            .replace("keep-series-for: 30 d", "keep-series-for: 1 h")
            .replace("temp_max, unscale: temp_max", "temp_max")
            .replace("warm-up: 10", "warm-up: 1")
            .replace("ahead: 3, from: 2014-01-01", "ahead: 1"));
    assertEquals(
        List.of(
            "starts from   /rnn/GRU.h of 24 numbers",
            "remembers     a series for 1 h",
            "warms up      over the first 1 step of a sequence, whose predictions are marked",
            "evaluates     temp_max against temp_max, as the model sees it, 1 observation ahead",
            "evaluates     q05 against frost, which the model does not see, 1 observation ahead"),
        lines(pipeline, "starts from", "remembers", "warms up", "evaluates"));
  }

  private static List<Integer> zeros(int count) {
    return Collections.nCopies(count, 0);
  }

  @Test
  void labels() throws Exception {
    String text =
        Files.readString(EXAMPLES.resolve("tokens.yaml"))
            .replace("decoders/", EXAMPLES + "/decoders/")
            .replace("emit: {on: end}", "emit: {on: end}\nsequence: {min-steps: 2}")
            .replace(
                "\n  decoder:", "\n  outputs: {labels: [go, end, A, B, C, D, E, F]}\n  decoder:");
    Path pipeline = Files.writeString(folder.resolve("p.yaml"), text);
    assertEquals(
        List.of(
            "  is fed      token 0 (go), then the token of the step before",
            "  runs        until token 1 (end), at most 20 steps",
            "outputs       the token's label and its score, of go, end, A, B, C, D, E, F",
            "emits         what is decoded, when a sequence closes that has at least 2 steps"),
        lines(pipeline, "  is fed", "  runs", "outputs", "emits"));
  }

  @Test
  void everythingAtOnce() throws Exception {
    String text =
        ExamplePaths.absolute(Files.readString(EXAMPLES.resolve("kafka/weather.yaml")), EXAMPLES)
            .replaceFirst("\n  watermark: .*\n", "\n")
            .replaceFirst(
                "\nsource:\n",
                "\nsource:\n  watermark: {max-drift: 10 min, when-all-idle: advance}\n")
            .replaceFirst(
                "\nobservation:\n",
                "\nobservation:\n  end: {field: state, in: [STOP, DONE]}\n  start: fresh\n")
            .replaceFirst(
                "\nsequence:\n",
                """

                sequence:
                  by: batch.id
                  max-duration: 8 h
                  close-at: {time: 16:00, zone: "+01:00"}
                  max-steps: 500
                  clock: processing
                  order: event-time
                  max-delay: 0 s
                """)
            .replaceFirst("\nemit: .*\n", "\nemit: {every: 10}\n");
    Path pipeline = Files.writeString(folder.resolve("p.yaml"), text);
    assertEquals(
        List.of(
            "named by      batch.id",
            "closes by     end marker in state (STOP or DONE), start marker in fresh, another value in"
                + " batch.id, idle-timeout 7 d by the wall clock, max-duration 8 h by the wall clock,"
                + " close-at 16:00 +01:00 by the wall clock, max-steps 500",
            "order         by timestamp, held back for 0 s",
            "emits         after every 10 steps of a sequence"),
        lines(pipeline, "named by", "closes by", "order", "emits"));
    String source = lines(pipeline, "source").get(0);
    assertTrue(
        source.endsWith(
            ", partitions at most 10 min ahead of the slowest, event time goes on with the wall"
                + " clock when all are silent"),
        source);
  }
}
