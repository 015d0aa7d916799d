package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.PipelineKeys;
import io.unroll.model.onnx.Inspection;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front page and the pages of the pipeline file say what the code does. */
final class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final String PIPELINE = "job/docs/pipeline.md";
  private static final String YOUR_MODEL = "model/docs/your-model.md";

  private static String page(String path) throws IOException {
    return Files.readString(ROOT.resolve(path));
  }

  @Test
  void theOptionTableIsTheCodes() throws IOException {
    String page = page(PIPELINE);
    int begin = page.indexOf('\n', page.indexOf("<!-- options: begin")) + 1;
    assertEquals(PipelineKeys.markdown(), page.substring(begin, page.indexOf("<!-- options: end")));
  }

  @Test
  void thePipelinesShownAreExamples() throws IOException {
    assertShows(PIPELINE, "deploy/examples/weather.yaml");
    assertShows("README.md", "deploy/examples/kafka/weather.yaml");
  }

  private static void assertShows(String path, String example) throws IOException {
    assertTrue(
        page(path).contains("```yaml\n" + page(example) + "```"), path + " shows another pipeline");
  }

  @Test
  void theMistakeShownIsWhatTheExampleWouldSay(@TempDir Path folder) throws IOException {
    Path examples = ROOT.resolve("deploy/examples").toAbsolutePath().normalize();
    String wrong =
        Files.readString(examples.resolve("weather.yaml"))
            .replace("delivery: exactly-once", "delivry: exactly-once")
            // At once: the folder of the checkout may have such a name too.
            .replaceAll("(?=(feeds|models)/)", Matcher.quoteReplacement(examples + "/"));
    Path file = Files.writeString(folder.resolve("weather.yaml"), wrong);
    PipelineException e = assertThrows(PipelineException.class, () -> PipelineJob.load(file));
    assertEquals(1, e.problems().size(), e.getMessage());
    String message = e.getMessage().replace(file.toString(), "weather.yaml");
    assertTrue(page(PIPELINE).contains("```\n" + message + "\n```"), message);
  }

  @Test
  void theInspectionShownIsTheModels() throws IOException, OnnxException {
    Path model = ROOT.resolve("deploy/examples/own/lstm.onnx");
    String shown = Inspection.of(OnnxFile.load(model)).text(1_000_000);
    assertTrue(page(YOUR_MODEL).contains(shown.strip()), shown);
  }

  @Test
  void everyExampleIsAPipeline() throws IOException, PipelineException {
    List<Path> examples;
    try (Stream<Path> files = Files.walk(ROOT.resolve("deploy/examples"))) {
      examples = files.filter(file -> file.toString().endsWith(".yaml")).toList();
    }
    assertTrue(examples.size() >= 3, "found " + examples);
    String index = Files.readString(ROOT.resolve("deploy/examples/README.md"));
    for (Path example : examples) {
      assertEquals(List.of(), pipelineProblems(example), example.toString());
      String name =
          ROOT.resolve("deploy/examples").relativize(example).toString().replace('\\', '/');
      assertTrue(index.contains("(" + name + ")"), name + " is not in the index");
    }
  }

  private static List<String> pipelineProblems(Path example) throws PipelineException {
    return PipelineJob.load(example).pipeline().name().isEmpty() ? List.of("no name") : List.of();
  }

  /** The line wrote the models that the demo proves right to the third decimal. */
  @Test
  void theExportLineIsTheOneThatWroteTheDemosModels() throws IOException {
    Matcher shown = Pattern.compile("```python\n(.*?)\n```").matcher(page(YOUR_MODEL));
    assertTrue(shown.find(), YOUR_MODEL + " shows no export line");
    String script =
        Files.readString(ROOT.resolve("deploy/examples/feeds/demo_feeds_and_models.py"));
    assertTrue(script.contains(shown.group(1)), "not in the script: " + shown.group(1));
    assertTrue(script.contains("BT = {0: \"batch\", 1: \"time\"}"));
  }

  @Test
  void ciRunsTheTestCommand() throws IOException {
    for (String path : List.of("README.md", ".github/CONTRIBUTING.md")) {
      assertTrue(page(path).contains("```\nmvn verify\n```"), path + " has another test command");
    }
    assertTrue(
        Files.readString(ROOT.resolve(".ci/run")).contains("\nmvn verify -Pthorough "),
        ".ci/run runs something else");
  }
}
