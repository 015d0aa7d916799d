package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.PipelineJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} on every example, without a broker. */
final class CheckTest {
  @TempDir private Path folder;

  @Test
  void showsWhatItUnderstoodOfEveryExample() throws Exception {
    Path examples = Examples.copy(folder);
    List<Path> before = files(folder);
    List<Path> pipelines =
        before.stream().filter(file -> file.toString().endsWith(".yaml")).toList();
    assertTrue(pipelines.size() >= 3, pipelines + "");
    for (Path pipeline : pipelines) {
      Said said = Said.by("check", "--offline", pipeline);
      String about = pipeline + ":\n" + said.out() + said.err();
      assertEquals(0, said.code(), about);
      assertEquals("", said.err(), about);
      assertEquals("ok", said.outLines().get(said.outLines().size() - 1), about);
      for (String line :
          List.of(
              "pipeline ",
              "source ",
              "features ",
              "kernel ",
              "batches ",
              "state ",
              "parallelism ",
              "closes by ",
              "visible ",
              "layers ")) {
        assertTrue(said.outLines().stream().anyMatch(l -> l.startsWith(line)), line + about);
      }
      assertTrue(said.out().contains(" bytes per series"), about);
      assertTrue(said.out().contains("at each checkpoint (every "), about);
      assertFalse(said.out().contains("\n\n\n"), about);
      if (pipeline.startsWith(examples.resolve("kafka"))) {
        assertTrue(said.out().contains("not asked (--offline)"), about);
      } else {
        assertTrue(said.out().contains("first records, as the job sees them"), about);
        assertFalse(said.out().contains("warning: evaluate"), about);
        assertEquals(
            pipeline.endsWith("vector.yaml") ? 3 : 5, // that is all it has
            said.outLines().stream().filter(l -> l.matches("  .*csv:\\d.* -> .*")).count(),
            about);
      }
    }
    assertEquals(before, files(folder), "check writes nothing");
  }

  @Test
  void predictsForTheFirstRecordsAsTheJobWould() throws Exception {
    Said said = Said.by("check", Examples.copy(folder).resolve("indices.yaml"));
    List<String> first =
        said.outLines().stream().filter(line -> line.matches("  .*csv:\\d.* -> .*")).toList();
    assertEquals(
        "  eu-stock-indices.csv:2  DAX  1991-07-01T00:00:00Z  [1628.75] -> primes the transforms",
        first.get(0));
    assertTrue(
        first
            .get(4)
            .matches(
                "  eu-stock-indices.csv:6  DAX  1991-07-02T00:00:00Z  \\[1613.63] ->"
                    + " q05 -0\\.328\\d*, q50 0\\.0024\\d*, q95 0\\.413\\d*"),
        first.get(4));
  }

  @Test
  void decodesForTheFirstRecords() throws Exception {
    Path examples = Examples.copy(folder);
    assertRecord(
        "  symbols.csv:2  s0  2023-11-14T22:13:20Z  [0.0, 0.0, 0.0, 0.0, 0.0, 1.0] end -> token 7,"
            + " score SCORE, the first of 2 decoded",
        examples.resolve("tokens.yaml"));
    assertRecord(
        "  symbols.csv:3  s1  2023-11-14T22:13:20Z  [0.0, 0.0, 1.0, 0.0, 0.0, 0.0] -> token 4, score"
            + " SCORE, the first of 2 decoded (not emitted: the sequence goes on)",
        examples.resolve("tokens.yaml"));
    assertRecord(
        "  vectors.csv:3  s1  2023-11-14T22:14:20Z  [-0.4566941, -1.4213346, -0.7616374, -0.3068263] ->"
            + " x SCORE, y SCORE, the first of 7 decoded",
        examples.resolve("vector.yaml"));
    assertRecord(
        "  weather.csv:2  New York  2012-01-01T00:00:00Z  [1.8, 10.0, 3.3, 5.1] -> temp_max SCORE,"
            + " temp_min SCORE, the first of 7 decoded (not emitted: every 7 steps)",
        examples.resolve("forecast.yaml"));
    Path labelled = examples.resolve("labelled.yaml");
    Files.writeString(
        labelled,
        Files.readString(examples.resolve("tokens.yaml"))
            .replace(
                "\n  decoder:", "\n  outputs: {labels: [go, end, A, B, C, D, E, F]}\n  decoder:"));
    assertRecord(
        "  symbols.csv:2  s0  2023-11-14T22:13:20Z  [0.0, 0.0, 0.0, 0.0, 0.0, 1.0] end -> label F,"
            + " score SCORE, the first of 2 decoded",
        labelled);
  }

  @Test
  void marksTheFirstAndTheLastRecordOfASequence() throws Exception {
    Path pipeline = Examples.copy(folder).resolve("end-values.yaml");
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replace("\n  end: ", "\n  start: {field: wind, in: [8.7, 5.1]}\n  end: "));
    String predicts = " -> temp_max SCORE, temp_min SCORE";
    assertRecord(
        "  weather.csv:2  New York  2012-01-01T00:00:00Z  [1.8, 10.0, 3.3, 5.1] start" + predicts,
        pipeline);
    assertRecord(
        "  weather.csv:3  Seattle  2012-01-01T00:00:00Z  [0.0, 12.8, 5.0, 4.7] end" + predicts,
        pipeline);
    assertRecord(
        "  weather.csv:4  New York  2012-01-02T00:00:00Z  [0.0, 10.0, 0.6, 8.7] start end"
            + predicts,
        pipeline);
    assertRecord(
        "  weather.csv:5  Seattle  2012-01-02T00:00:00Z  [10.9, 10.6, 2.8, 4.5]" + predicts,
        pipeline);
  }

  @Test
  void theLastLineSaysHowManyProblemsThereAre() throws Exception {
    Path pipeline = Examples.copy(folder).resolve("weather.yaml");
    String text = Files.readString(pipeline);
    Files.writeString(pipeline, text.replace("format: csv", "format: cvs"));
    Said one = Said.by("check", pipeline);
    assertEquals(1, one.code());
    assertEquals("1 problem\n", one.out());
    assertEquals(1, one.errLines().size(), one.err());

    Files.writeString(
        pipeline,
        text.replace("format: csv", "format: cvs").replace("idle-timeout: 7 d", "bye: 1"));
    Said two = Said.by("check", pipeline);
    assertEquals(1, two.code());
    assertEquals("2 problems\n", two.out());
    assertEquals(2, two.errLines().size(), two.err());

    Said missing = Said.by("check", folder.resolve("none.yaml"));
    assertEquals(1, missing.code());
    assertEquals("1 problem\n", missing.out());
  }

  /** Rejected by the reader and by the operator: nothing of it could be used. */
  @Test
  void aSourceWhoseFirstRecordsAreAllRejectedIsAProblem() throws Exception {
    Path pipeline = Examples.copy(folder).resolve("weather.yaml");
    String text = Files.readString(pipeline);
    Files.writeString(pipeline, text.replace("temp_min, wind]", "temp_min, windspeed]"));
    Said said = Said.by("check", pipeline);
    assertEquals(1, said.code());
    assertEquals(
        "source: found no record to use among the first 5, expected one: rejected 5 x windspeed:"
            + " expected a finite number, found no such column; the header is"
            + " \"series,timestamp,precipitation,temp_max,temp_min,wind\" (first at weather.csv:2)\n",
        said.err());
    assertEquals("1 problem", said.outLines().get(said.outLines().size() - 1));

    Files.writeString(
        pipeline, text.replace("temp_min, wind]", "temp_min, {field: wind, transform: log1p}]"));
    Path feed = folder.resolve("examples/feeds/weather.csv");
    Files.write(
        feed,
        Files.readAllLines(feed).subList(0, 3).stream()
            .map(line -> line.replaceFirst(",[0-9.]+$", ",-2"))
            .toList());
    Said operator = Said.by("check", pipeline);
    assertEquals(1, operator.code());
    assertTrue(
        operator
            .err()
            .startsWith(
                "source: found no record to use among the first 2, expected one: rejected 2 x feature"
                    + " 'wind': found -2.0, expected a finite number"),
        operator.err());
  }

  /** A field that is no feature may have any name: only the records can tell. */
  @Test
  void saysWhichTruthNoneOfTheFirstRecordsHas() throws Exception {
    Path examples = Examples.copy(folder);
    Path feed = examples.resolve("feeds/weather.csv");
    List<String> days = Files.readAllLines(feed);
    Files.write(
        feed,
        days.stream()
            .map(
                day ->
                    day
                        + (day.equals(days.get(0))
                            ? ",frost"
                            : day.equals(days.get(3)) ? ",1" : ","))
            .toList());
    Path pipeline = examples.resolve("weather.yaml");
    String weather = Files.readString(pipeline);
    Files.writeString(
        pipeline,
        weather
            .replace("against: temp_max", "against: frost")
            .replace("against: temp_min", "against: temp_mni"));
    Said said = Said.by("check", "--offline", pipeline);
    assertEquals(0, said.code(), said.err());
    assertEquals(
        List.of("warning: evaluate[1].against: none of the first 5 records has temp_mni"),
        said.outLines().stream().filter(line -> line.startsWith("warning: evaluate")).toList());
  }

  /** Fields that a record may do without: no record is rejected where they are misspelt. */
  @Test
  void saysWhichColumnsAreMissing() throws Exception {
    Path examples = Examples.copy(folder);
    Path pipeline = examples.resolve("weather.yaml");
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replace(", wind]", ", {field: wnd, missing: {value: 0}}]")
            .replace(
                "\nsequence:",
                "\n  end: ende\n  start: wind\n  keep: {a: /0, b: nope}\nsequence:"));
    String expected = " in weather.csv, expected one of " + "COLUMNS";
    String columns = Files.readAllLines(examples.resolve("feeds/weather.csv")).get(0);
    List<String> warnings =
        List.of(
            "warning: observation.features: found no column 'wnd'" + expected,
            "warning: observation.end: found no column 'ende'" + expected,
            "warning: observation.keep: found no column 'nope'" + expected);
    for (String command : List.of("check", "run")) {
      Said said = Said.by(command, pipeline);
      assertEquals(
          warnings,
          Stream.concat(said.outLines().stream(), said.err().lines())
              .filter(line -> line.startsWith("warning: observation"))
              .map(line -> line.replace(columns.replace(",", ", "), "COLUMNS"))
              .toList(),
          command);
    }
  }

  @Test
  void saysWhatIsWrongWithAHeader() throws Exception {
    Path examples = Examples.copy(folder);
    Path feed = examples.resolve("feeds/weather.csv");
    Files.writeString(feed, Files.readString(feed).replace(",wind", ",temp_min"));
    Said said = Said.by("check", examples.resolve("weather.yaml"));
    assertTrue(
        said.out()
            .contains(
                "warning: source.file: "
                    + feed.toRealPath()
                    + ":1: found column 'temp_min' twice, expected it once"),
        said.out());
  }

  /** What it warns of is what {@code run} then fails with. */
  private static void assertWarnsOfRun(Path pipeline, String begins) {
    Said check = Said.by("check", pipeline);
    assertEquals(0, check.code(), check.err());
    String warning = "warning: run would not start: ";
    List<String> lines =
        check.outLines().stream().dropWhile(line -> !line.startsWith(warning)).toList();
    assertEquals("ok", check.outLines().get(check.outLines().size() - 1));
    List<String> warned = lines.subList(0, Math.max(0, lines.size() - 1));
    Said run = Said.by("run", pipeline);
    assertEquals(1, run.code());
    assertEquals(
        run.err().strip(), String.join("\n", warned).replace(warning, "").replace("\n  ", "\n"));
    assertTrue(run.err().startsWith(begins), run.err());
  }

  @Test
  void saysThatPartsOfAnEarlierRunAreInTheWay() throws Exception {
    Path pipeline = Examples.copy(folder).resolve("weather.yaml");
    Path out = OutputFolders.of(PipelineJob.load(pipeline).pipeline()).get(0);
    Files.createDirectories(out);
    Files.writeString(out.resolve("part-0a1b2c3d-0000-1111-2222-333344445555-0.jsonl"), "");
    assertWarnsOfRun(pipeline, out + " holds 1 part file of an earlier run\n");
  }

  @Test
  void saysThatARunWouldNotGoOnFromAnUnfinishedOne() throws Exception {
    Path pipeline = Examples.copy(folder).resolve("weather.yaml");
    PipelineJob job = PipelineJob.load(pipeline);
    Path directory = job.pipeline().directory();
    try (RunFolder left = RunFolder.open(directory, job.pipeline().name())) {
      Path checkpoint = Files.createDirectories(left.checkpoints().resolve("job/chk-1"));
      Files.writeString(checkpoint.resolve("_metadata"), "");
      left.remember(job.signature());
      left.rememberFiles(job.pipeline());
      assertWarnsOfRun(pipeline, "pipeline 'weather' is running already (");
    }
    List<Path> before = files(folder);
    assertFalse(Said.by("check", pipeline).out().contains("would not start"));
    assertEquals(before, files(folder), "check writes nothing");

    String unfinished = "the unfinished run in " + directory.resolve(".unroll/weather");
    Path feed = folder.resolve("examples/feeds/weather.csv");
    List<String> days = Files.readAllLines(feed);
    Files.write(feed, days.subList(0, days.size() - 1));
    assertWarnsOfRun(pipeline, unfinished + " read another input:\n");
    Files.write(feed, days);

    Files.writeString(
        pipeline, Files.readString(pipeline).replace("temp_min, wind]", "wind, temp_min]"));
    assertWarnsOfRun(pipeline, unfinished + ": ");
  }

  private static void assertRecord(String line, Path pipeline) {
    Said said = Said.by("check", "--offline", pipeline);
    assertEquals(0, said.code(), said.err());
    List<String> lines =
        said.outLines().stream()
            .map(l -> l.replaceAll("(?<=(score|x|y|temp_max|temp_min) )-?\\d+\\.\\d+", "SCORE"))
            .toList();
    assertTrue(lines.contains(line), line + "\n" + said.out());
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.sorted().toList();
    }
  }
}
