package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.PipelineOptions;
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

/** README says what the code does. */
final class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  @Test
  void theOptionTableIsTheCodes() throws IOException {
    String readme = readme();
    int begin = readme.indexOf('\n', readme.indexOf("<!-- options: begin")) + 1;
    assertEquals(
        PipelineOptions.markdown(), readme.substring(begin, readme.indexOf("<!-- options: end")));
  }

  @Test
  void thePipelineShownIsTheExample() throws IOException {
    String example = Files.readString(ROOT.resolve("deploy/examples/weather.yaml"));
    assertTrue(readme().contains("```yaml\n" + example + "```"), "README shows another pipeline");
  }

  @Test
  void theMistakeShownIsWhatTheExampleWouldSay(@TempDir Path folder) throws IOException {
    Path examples = ROOT.resolve("deploy/examples").toAbsolutePath().normalize();
    String wrong =
        Files.readString(examples.resolve("weather.yaml"))
            .replace("delivery: exactly-once", "delivry: exactly-once")
            .replace("feeds/", examples + "/feeds/")
            .replace("models/", examples + "/models/");
    Path file = Files.writeString(folder.resolve("weather.yaml"), wrong);
    PipelineException e = assertThrows(PipelineException.class, () -> PipelineJob.load(file));
    assertEquals(1, e.problems().size(), e.getMessage());
    String message = e.getMessage().replace(file.toString(), "weather.yaml");
    assertTrue(readme().contains("```\n" + message + "\n```"), message);
  }

  @Test
  void theInspectionShownIsTheModels() throws IOException, OnnxException {
    Path model = ROOT.resolve("deploy/examples/own/lstm.onnx");
    String shown = Inspection.of(OnnxFile.load(model)).text(1_000_000);
    assertTrue(readme().contains(shown.strip()), shown);
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
    Matcher shown = Pattern.compile("```python\n(.*?)\n```").matcher(readme());
    assertTrue(shown.find(), "README shows no export line");
    String script =
        Files.readString(ROOT.resolve("deploy/examples/feeds/demo_feeds_and_models.py"));
    assertTrue(script.contains(shown.group(1)), "not in the script: " + shown.group(1));
    assertTrue(script.contains("BT = {0: \"batch\", 1: \"time\"}"));
  }

  @Test
  void ciRunsTheTestCommand() throws IOException {
    assertTrue(readme().contains("```\nmvn verify\n```"), "README has another test command");
    assertTrue(
        Files.readString(ROOT.resolve(".ci/run")).contains("\nmvn verify "),
        ".ci/run runs something else");
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    for (String page :
        List.of(
            "README.md",
            "model/README.md",
            "connectors/README.md",
            "job/README.md",
            "deploy/README.md",
            "deploy/examples/README.md",
            "deploy/examples/own/README.md",
            "deploy/examples/decoders/README.md",
            "deploy/examples/features/README.md")) {
      Path file = ROOT.resolve(page);
      Matcher link = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(Files.readString(file));
      while (link.find()) {
        Path target = file.resolveSibling(link.group(1));
        assertTrue(Files.exists(target), page + " links to " + link.group(1));
      }
    }
  }
}
