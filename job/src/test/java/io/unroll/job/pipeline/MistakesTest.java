package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.kernel.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** One test per mistake, on its exact message: {@code pipelines/mistakes.txt}. */
final class MistakesTest {
  @TempDir Path directory;

  @BeforeEach
  void makesFiles() throws IOException {
    Texts.makeFiles(directory);
  }

  @TestFactory
  List<DynamicTest> reportsExactly() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String block : text("mistakes.txt").split("\n## ", -1)) {
      if (!block.startsWith("#")) {
        List<String> lines = block.lines().toList();
        tests.add(DynamicTest.dynamicTest(lines.get(0), () -> check(lines)));
      }
    }
    assertTrue(tests.size() > 100, "found " + tests.size() + " mistakes");
    return tests;
  }

  /** Each has a block of its own above, and is the old name of a key that there is. */
  @Test
  void everyRenamedKeyIsTried() throws IOException {
    List<String> titles = text("mistakes.txt").lines().toList();
    List<String> keys = PipelineKeys.all().stream().map(key -> key.path()).toList();
    Renamed.ALL.forEach(
        (old, now) -> {
          assertTrue(titles.contains("## renamed: " + old), old);
          assertFalse(keys.contains(old), old);
          String section = old.substring(0, old.lastIndexOf('.') + 1);
          assertTrue(keys.contains(section + now), section + now);
        });
  }

  private void check(List<String> lines) {
    String good = lines.get(1).equals("KAFKA") ? Texts.KAFKA : Texts.SMALL;
    String old = marked(lines, '-');
    int start = good.indexOf(old);
    assertTrue(start >= 0 && good.indexOf(old, start + 1) < 0, "not once: " + old);
    String bad =
        good.substring(0, start) + marked(lines, '+') + good.substring(start + old.length());
    assertEquals(marked(lines, '='), messages(bad));
  }

  private static String marked(List<String> lines, char mark) {
    return lines.stream()
        .filter(line -> !line.isEmpty() && line.charAt(0) == mark)
        .map(line -> line.substring(1) + "\n")
        .collect(Collectors.joining());
  }

  private String messages(String text) {
    return assertThrows(PipelineException.class, () -> PipelineFile.read("p.yaml", text, directory))
            .getMessage()
        + "\n";
  }

  @Test
  void reportsEveryMistakeOfAFileInLineOrder() {
    String text =
        """
        version: 2
        nmae: weather
        source:
          kafka: {topics: weather, start: first}
          format: jsno
        observation:
          series: series
          timestamp: {field: timestamp, unit: h}
          features: [{field: close, transform: sqrt}]
        sequence: {gap: 1 d, idle-timeout: 7}
        model: {onnx: absent.onnx}
        emit: {on: stop}
        sink:
          delivry: exactly-once
          predictions: {}
        flink: {execution.runtime-mode: BATCH}
        """;
    assertEquals(
        """
        p.yaml:1:1 version: found 2, expected 1, the only version there is
        p.yaml:1:1 name: found nothing, expected a name of 1 to 100 letters, digits, '.', '_' and '-'
        p.yaml:2:1 nmae: found unknown key 'nmae', expected one of batch, emit, evaluate, flink, kafka,\
         model, name, observation, sequence, sink, source, state, version; did you mean 'name'?
        p.yaml:4:3 source.kafka.group.id: found nothing, expected the name of a consumer group
        p.yaml:4:3 source.kafka: found no bootstrap.servers, expected it in kafka or here, such as\
         {bootstrap.servers: "localhost:9092"}
        p.yaml:4:28 source.kafka.start: found 'first', expected one of earliest, latest
        p.yaml:5:3 source.format: found 'jsno', expected one of csv, json; did you mean 'json'?
        p.yaml:8:33 observation.timestamp.unit: found 'h', expected one of s, ms, us, ns; did you\
         mean 's'?
        p.yaml:9:29 observation.features[0].transform: found 'sqrt', expected one of diff, log-return,\
         log1p
        p.yaml:10:12 sequence.gap: found '1 d', expected a map with at-most, expect, feedback, fill
        p.yaml:10:22 sequence.idle-timeout: found 7, expected a duration such as 5 min
        p.yaml:11:9 model.onnx: found 'absent.onnx', expected an ONNX file: there is no MODEL
        p.yaml:12:8 emit.on: found 'stop', expected one of step, end; did you mean 'step'?
        p.yaml:14:3 sink.delivry: found unknown key 'delivry', expected one of delivery, evaluations,\
         format, late, predictions, rejected, sequences; did you mean 'delivery'?
        p.yaml:15:3 sink.predictions: found neither kafka nor file, expected one of them
        p.yaml:16:9 flink.execution.runtime-mode: found 'BATCH', expected STREAMING, the only mode\
         the operator is for
        """
            .replace("MODEL", directory.toAbsolutePath().resolve("absent.onnx").toString()),
        messages(text));
  }

  @Test
  void aProblemKnowsItsPlace() {
    PipelineException e =
        assertThrows(
            PipelineException.class,
            () ->
                PipelineFile.read(
                    "p.yaml", Texts.SMALL.replace("version: 1", "version: 3"), directory));
    assertEquals(
        List.of(
            new Problem(
                "p.yaml", 1, 1, "version", "found 3, expected 1, the only version there is")),
        e.problems());
  }

  @Test
  void aModelMustBeAFile() throws IOException {
    Files.createDirectory(directory.resolve("folder"));
    assertEquals(
        "p.yaml:11:3 model.onnx: found 'folder', expected an ONNX file: "
            + directory.toAbsolutePath().resolve("folder")
            + " is a folder or a device\n",
        messages(Texts.SMALL.replace("model.onnx", "folder")));
  }

  @Test
  void aKernelMustBeOneThatThisJvmCanRun() {
    assertEquals(
        "p.yaml:12:3 model.kernel: found 'abacus', expected one of auto, " + kernels() + "\n",
        messages(Texts.SMALL.replace("model.onnx", "model.onnx\n  kernel: abacus")));
    assertEquals(
        "p.yaml:12:3 model.kernel: found 'Plain', expected one of auto, "
            + kernels()
            + "; did you mean 'plain'?\n",
        messages(Texts.SMALL.replace("model.onnx", "model.onnx\n  kernel: Plain")));
  }

  /** Those of the JVM that runs this, and why others are none of them. */
  private static String kernels() {
    StringBuilder kernels = new StringBuilder(String.join(", ", Kernels.names()));
    Kernels.obstacles().forEach((name, why) -> kernels.append("; not '" + name + "' here: " + why));
    return kernels.toString();
  }

  /** A mistake is one line that a person can read, whatever the file has in it. */
  @Test
  void namesAndValuesAreCutAndOnOneLine() {
    String endless = "x\\n".repeat(5000);
    for (String text :
        List.of(
            Texts.SMALL.replace("model.onnx", "\"" + endless + "\""),
            Texts.SMALL.replace("model.onnx", "model.onnx\n  kernel: \"" + endless + "\""),
            Texts.SMALL.replace("in.csv", "\"" + endless + "\""),
            Texts.SMALL.replace("[x]", "[\"$" + endless + "\"]"),
            Texts.SMALL.replace("name: small", "name: small\n? \"" + endless + "\"\n: 1"),
            Texts.SMALL + "flink:\n  ? \"state.backend.type" + endless + "\"\n  : [{a: 1}]\n",
            Texts.SMALL + "flink: {state.backend.type: \"" + endless + "\"}\n",
            Texts.SMALL.replace("[x]", "[x]\n  keep: {? \"" + endless + "\" : \"\"}"))) {
      String said = messages(text);
      assertEquals(1, said.lines().count(), said);
      assertTrue(said.length() < 1500, said);
    }
  }

  @Test
  void aSourceFileMustBeThere() {
    assertEquals(
        "p.yaml:4:10 source.file.path: found 'absent.csv', expected a file or a folder: there is no "
            + directory.toAbsolutePath().resolve("absent.csv")
            + "\n",
        messages(Texts.SMALL.replace("in.csv", "absent.csv")));
  }

  @Test
  void aWatermarkHasOneBound() {
    String text =
        Texts.SMALL.replace("format: csv", "format: csv\n  watermark: {out-of-order: 5 s}")
            + "sequence: {order: event-time, max-delay: 5 s}\n";
    assertEquals(
        "p.yaml:6:15 source.watermark.out-of-order: found beside sequence.order: event-time, expected"
            + " sequence.max-delay alone: it is the watermark's bound then\n",
        messages(text));
  }

  @Test
  void theGoodFilesAreGood() throws Exception {
    assertFalse(PipelineFile.read("p.yaml", Texts.SMALL, directory).name().isEmpty());
    assertFalse(PipelineFile.read("p.yaml", Texts.KAFKA, directory).name().isEmpty());
  }

  static String text(String resource) throws IOException {
    try (InputStream in = MistakesTest.class.getResourceAsStream("/pipelines/" + resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
