package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.PipelineJob;
import io.unroll.model.GoldenCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run leaves, refuses and says when it fails. */
final class RunITCase {
  @TempDir private Path folder;

  @Test
  void aFinishedRunLeavesItsPartsAndNothingElse() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    Said said = Said.by("run", pipeline);
    assertEquals(0, said.code(), said.err());
    assertEquals(List.of("lock"), Parts.names(folder.resolve(".unroll/golden")));
    for (String name : Parts.names(folder.resolve("out/predictions"))) {
      assertTrue(name.matches("part-[0-9a-f-]{36}-\\d+\\.jsonl"), name);
    }
    assertEquals(
        List.of(
            "golden: finished",
            "inputs       7 = 7 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    4 opened; closed: 4 end",
            "predictions  7",
            "predictions  in " + folder.resolve("out/predictions"),
            "sequences    in " + folder.resolve("out/sequences"),
            "rejected     in " + folder.resolve("out/rejected")),
        said.outLines());
    List<String> progress = said.errLines();
    String last = progress.get(progress.size() - 1);
    assertTrue(
        last.matches("golden: finished, \\d+\\.\\d s, 7 inputs, 7 steps, 7 predictions"), last);
  }

  @Test
  void saysWhatItIsDoing() throws Exception {
    Said said = Said.inFull("run", golden(folder, "01-basic-rnn-cell"));
    List<String> lines = said.errLines();
    assertTrue(lines.get(0).startsWith("unroll: reading the pipeline "), said.err());
    assertEquals("golden: starting an embedded Flink", lines.get(1));
  }

  /** Grouped by what is wrong, with the first place; a pipeline that uses nothing has failed. */
  @Test
  void aRunThatRejectsEveryRecordFailsAndSaysWhy() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    String text = Files.readString(pipeline);
    Path input = folder.resolve("input.csv");
    List<String> rows = Files.readAllLines(input);
    List<String> wrong = new ArrayList<>(List.of(rows.get(0)));
    for (String row : rows.subList(1, rows.size())) {
      wrong.add(row.replaceFirst(",[^,]*$", ",v" + wrong.size()));
    }
    wrong.set(2, wrong.get(2).replaceFirst(",[^,]*,", ",never,"));
    Files.write(input, wrong);
    String last = rows.get(0).substring(rows.get(0).lastIndexOf(',') + 1);
    assertFalse(text.isEmpty());

    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code(), said.err());
    assertEquals("golden: finished, every record was rejected", said.outLines().get(0));
    assertEquals(
        "inputs       7 = 0 steps + 0 primings + 0 markers + 0 late + 7 rejected",
        said.outLines().get(1));
    List<String> reasons =
        said.outLines().stream().filter(line -> line.matches("rejected +\\d+ x .*")).toList();
    assertEquals(2, reasons.size(), said.out());
    assertEquals(
        "rejected     6 x "
            + last
            + ": expected a finite number, found \"v1\" (first at input.csv:2)",
        reasons.get(0));
    assertTrue(reasons.get(1).startsWith("rejected     1 x timestamp: "), reasons.get(1));
    assertTrue(reasons.get(1).endsWith(" (first at input.csv:3)"), reasons.get(1));
    assertEquals(2, said.errLines().stream().filter(line -> line.contains(": rejected ")).count());
  }

  @Test
  void partsAreRefusedAndOverwritingDeletesOnlyThem() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    assertEquals(0, Said.by("run", pipeline).code());
    Path predictions = folder.resolve("out/predictions");
    List<String> before = Parts.sorted(predictions);
    List<String> names = Parts.names(predictions);
    Path hidden = predictions.resolve("." + names.get(0) + ".inprogress.1");
    Files.writeString(hidden, "cut off");
    for (String own : List.of("notes.txt", "part-list.txt", "part-0.jsonl")) {
      Files.writeString(predictions.resolve(own), "mine");
    }

    for (String option : List.of("", "--fresh")) {
      Said refused = option.isEmpty() ? Said.by("run", pipeline) : Said.by("run", option, pipeline);
      assertEquals(1, refused.code());
      assertEquals("", refused.out());
      String count = names.size() == 1 ? " holds 1 part file" : " holds 2 part files";
      assertEquals(predictions + count + " of an earlier run", refused.errLines().get(0));
      assertEquals(
          "Move them away, or run with --overwrite.",
          refused.errLines().get(refused.errLines().size() - 1));
    }

    Said overwritten = Said.by("run", "--overwrite", pipeline);
    assertEquals(0, overwritten.code(), overwritten.err());
    List<String> after = Parts.names(predictions);
    assertTrue(after.containsAll(List.of("notes.txt", "part-list.txt", "part-0.jsonl")));
    assertFalse(Files.exists(hidden));
    for (String own : List.of("notes.txt", "part-list.txt", "part-0.jsonl")) {
      Files.delete(predictions.resolve(own));
    }
    assertFalse(Parts.names(predictions).stream().anyMatch(names::contains));
    assertEquals(before, Parts.sorted(predictions));
  }

  /** No class, a name that only the backend knows, options that contradict each other. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state.backend.type: org.example.Nothing | not started: flink: found a state backend that cannot"
            + " be used here: Cannot find configured state backend factory class: org.example.Nothing",
        "state.backend.type: rocksdb, state.backend.rocksdb.predefined-options: FAST | not started:"
            + " flink: found a state backend that cannot be used here: ",
        "execution.checkpointing.unaligned.enabled: true, execution.checkpointing.max-concurrent-checkpoints:"
            + " 2 | not started: flink: found options that Flink refuses: "
      })
  void overwritingDeletesNothingBeforeTheRunCanStart(String options, String reason)
      throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    assertEquals(0, Said.by("run", pipeline).code());
    Path checkpoint = folder.resolve(".unroll/golden/checkpoints/0123456789abcdef/chk-4");
    Files.createDirectories(checkpoint);
    Files.writeString(checkpoint.resolve("_metadata"), "of a run that was cut off");
    List<String> before = Parts.names(folder.resolve("out/predictions"));
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replace("{parallelism.default: 2}", "{parallelism.default: 2, " + options + "}"));
    Said said = Said.by("run", "--overwrite", pipeline);
    assertEquals(1, said.code());
    assertEquals(1, said.errLines().size(), said.err());
    assertTrue(said.err().startsWith("golden: " + reason), said.err());
    assertEquals(before, Parts.names(folder.resolve("out/predictions")));
    assertTrue(Files.exists(checkpoint.resolve("_metadata")));
  }

  @Test
  void aChangedInputIsNotTakenForTheUnfinishedOne() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    Path unrolled = folder.resolve(".unroll/golden");
    Path checkpoint = unrolled.resolve("checkpoints/0123456789abcdef/chk-4");
    Files.createDirectories(checkpoint);
    Files.writeString(checkpoint.resolve("_metadata"), "a checkpoint");
    Files.writeString(
        unrolled.resolve("input-files"),
        InputFiles.of(PipelineJob.load(pipeline).pipeline()).text());
    Path input = folder.resolve("input.csv").toRealPath();
    String text = Files.readString(input);
    Files.writeString(input, text.replaceFirst("s0,", "sX,"));
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals(
        List.of(
            "the unfinished run in " + unrolled.toRealPath() + " read another input:",
            "  " + input + ": found other content in the " + text.length() + " bytes that it had",
            "Put it back to go on, or start over with --fresh (and --overwrite)."),
        said.errLines());
    assertEquals(0, Said.by("run", "--fresh", pipeline).code());
    assertEquals(List.of("lock"), Parts.names(unrolled));
  }

  @Test
  void aFileThatCannotBeUnpackedIsToldBeforeAnythingStarts() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    Files.writeString(pipeline, Files.readString(pipeline).replace("input.csv", "input.csv.gz"));
    Files.writeString(folder.resolve("input.csv.gz"), "not what its name says");
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals("", said.out());
    assertFalse(said.hasTrace(), said.err());
    String last = said.errLines().get(said.errLines().size() - 1);
    assertTrue(last.contains("input.csv.gz: Not in GZIP format"), said.err());
  }

  @Test
  void anOutputWhereAFileStandsIsRefusedBeforeAnythingStarts() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    Files.writeString(folder.resolve("out"), "a file where the folder of the parts should be");
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals(
        "output "
            + folder.resolve("out/predictions")
            + ": found a file at "
            + folder.resolve("out")
            + ", expected a folder",
        said.err().strip());
  }

  @Test
  void anotherPipelineIsNotTakenForTheUnfinishedOne() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    Path unrolled = folder.resolve(".unroll/golden");
    Path checkpoint = unrolled.resolve("checkpoints/0123456789abcdef/chk-4");
    Files.createDirectories(checkpoint);
    Files.writeString(checkpoint.resolve("_metadata"), "a checkpoint of something else");
    Files.writeString(
        unrolled.resolve("signature"),
        "pipeline signature 1\nsource.file.path: /elsewhere.csv\nobservation.series: other\n");
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertEquals(
        List.of(
            "the unfinished run in "
                + unrolled
                + ": the state is of another pipeline: it would mean something else here",
            "  source.file.path: was /elsewhere.csv, is " + folder.resolve("input.csv"),
            "  observation.series: was other, is series"),
        said.errLines().subList(0, 3));
    assertTrue(said.err().contains("--fresh"), said.err());
    assertTrue(Files.exists(checkpoint.resolve("_metadata")), "a refused run deletes nothing");

    Files.writeString(
        unrolled.resolve("signature"),
        "pipeline signature 1\nsource.generation: 4\nsource.file.path: /elsewhere.csv\n");
    Said lower = Said.by("run", pipeline);
    assertEquals(1, lower.code());
    assertTrue(lower.err().contains("\n  source.generation: was 4, is 1\n"), lower.err());
  }

  @Test
  void anUnfinishedRunOfAVersionThatNotedLessIsSaid() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    Path unrolled = folder.resolve(".unroll/golden");
    Path checkpoint = unrolled.resolve("checkpoints/0123456789abcdef/chk-4");
    Files.createDirectories(checkpoint);
    Files.writeString(checkpoint.resolve("_metadata"), "a checkpoint of that version");
    Files.writeString(unrolled.resolve("input"), "source: CSV " + folder.resolve("input.csv"));
    Said said = Said.by("run", pipeline);
    assertEquals(1, said.code());
    assertTrue(said.err().contains("was started by an earlier version of Unroll"), said.err());
    assertTrue(said.err().contains("--fresh"), said.err());
    assertTrue(Files.exists(checkpoint.resolve("_metadata")), "a refused run deletes nothing");
  }

  /** Files grouped by series are as good as interleaved ones, whatever the parallelism. */
  @Tag("thorough")
  @Test
  void theOrderOfAFileIsKeptAtEveryParallelism() throws Exception {
    Path examples = Examples.copy(folder);
    Path feed = examples.resolve("feeds/weather.csv");
    List<String> lines = Files.readAllLines(feed);
    List<String> grouped = new ArrayList<>(lines.subList(1, lines.size()));
    grouped.sort(Comparator.comparing(line -> line.substring(0, line.indexOf(','))));
    grouped.add(0, lines.get(0));

    Path pipeline = examples.resolve("weather.yaml");
    assertEquals(0, Said.by("run", "--overwrite", pipeline).code());
    Set<String> interleaved = predictions(examples);
    Files.write(feed, grouped);
    String text = Files.readString(pipeline);
    for (int parallelism : new int[] {1, 2, 3, 64}) {
      Files.writeString(
          pipeline, text.replace("parallelism.default: 2", "parallelism.default: " + parallelism));
      Said said = Said.by("run", "--overwrite", pipeline);
      assertEquals(0, said.code(), said.err());
      assertEquals(interleaved, predictions(examples), "parallelism " + parallelism);
    }
  }

  /** Without the line numbers, which differ between the two files. */
  private static Set<String> predictions(Path examples) throws Exception {
    Set<String> predictions = new TreeSet<>();
    for (String line : Parts.lines(examples.resolve("out/weather/predictions"))) {
      predictions.add(line.replaceAll("\"input\":\"[^\"]*\"", ""));
    }
    assertEquals(2922, predictions.size());
    return predictions;
  }

  @Test
  void freshDoesNotLookAtTheCheckpointOfAnUnfinishedRun() throws Exception {
    Path pipeline = golden(folder, "01-basic-rnn-cell");
    Path checkpoint = folder.resolve(".unroll/golden/checkpoints/0123456789abcdef/chk-4");
    Files.createDirectories(checkpoint);
    Files.writeString(checkpoint.resolve("_metadata"), "no checkpoint at all");
    Said continued = Said.by("run", pipeline);
    assertEquals(1, continued.code());
    assertTrue(continued.err().contains("continues from " + checkpoint), continued.err());
    assertFalse(continued.hasTrace(), continued.err());
    assertTrue(Files.exists(checkpoint.resolve("_metadata")), "a failed run deletes nothing");

    Said fresh = Said.by("run", "--fresh", pipeline);
    assertEquals(0, fresh.code(), fresh.err());
    assertFalse(fresh.err().contains("continues"), fresh.err());
    assertEquals(7, Parts.lines(folder.resolve("out/predictions")).size());
    assertEquals(List.of("lock"), Parts.names(folder.resolve(".unroll/golden")));
  }

  @Tag("thorough")
  @Test
  void twoPipelinesAtOnceKeepToThemselves() throws Exception {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    Path first = golden(one, "03-lstm-dense-every-step");
    Path second = golden(two, "05-gru-2layer-layernorm-softmax");
    CompletableFuture<Said> beside = CompletableFuture.supplyAsync(() -> Said.by("run", first));
    Said said = Said.by("run", second);
    assertEquals(0, said.code(), said.err());
    assertEquals(0, beside.get().code(), beside.get().err());

    List<String> expected = Parts.sorted(one.resolve("out/predictions"));
    assertEquals(0, Said.by("run", "--overwrite", first).code());
    assertEquals(Parts.sorted(one.resolve("out/predictions")), expected);
    assertEquals(
        Arrays.stream(GoldenCase.load("05-gru-2layer-layernorm-softmax").lengths()).sum(),
        Parts.lines(two.resolve("out/predictions")).size());
  }

  @Test
  @EnabledOnOs(OS.LINUX) // reads /proc
  void listensOnLoopbackOnly() throws Exception {
    Path pipeline = LongPipeline.write(folder);
    Set<String> before = ListeningSockets.addresses();
    Set<String> seen = new TreeSet<>();
    CompletableFuture<Said> run = CompletableFuture.supplyAsync(() -> Said.by("run", pipeline));
    while (!run.isDone()) {
      seen.addAll(ListeningSockets.addresses());
      Thread.sleep(20);
    }
    assertEquals(0, run.get().code(), run.get().err());
    assertEquals(Set.of(), before);
    assertFalse(seen.isEmpty(), "Flink has a server for its blobs at least");
    assertTrue(seen.stream().allMatch(ListeningSockets::isLoopback), seen::toString);
  }

  private static Path golden(Path folder, String name) throws Exception {
    return GoldenPipeline.write(folder.toRealPath(), GoldenCase.load(name), "step", "json");
  }
}
