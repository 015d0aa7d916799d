package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of deploy/export name what is there, and show lines that wrote what is tested. */
final class ExportPagesTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path EXPORT = ROOT.resolve("deploy/export");
  private static final String GOLDEN = "model/src/test/resources/golden/";

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(EXPORT)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @Test
  void everyLinkLeadsSomewhereAndTheIndexNamesEveryFile() throws IOException {
    TreeSet<String> linked = new TreeSet<>();
    for (Path page : pages()) {
      Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(page));
      while (link.find()) {
        assertTrue(
            Files.exists(page.resolveSibling(link.group(1))), page + " links to " + link.group(1));
        if (page.endsWith("README.md")) {
          linked.add(link.group(1));
        }
      }
    }
    TreeSet<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.list(EXPORT)) {
      all.map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".py") || name.endsWith(".md"))
          .filter(name -> !name.equals("README.md"))
          .forEach(files::add);
    }
    assertEquals(files, linked);
  }

  /** Python shown is the project's own, line by line, so what it wrote is what the build reads. */
  @Test
  void pythonShownStandsInTheScriptThatItNames() throws IOException {
    int blocks = 0;
    for (Path page : pages()) {
      String text = Files.readString(page);
      Matcher block =
          Pattern.compile("(?:<!-- lines of (\\S+) -->\n)?```python\n(.*?)```", Pattern.DOTALL)
              .matcher(text);
      while (block.find()) {
        assertTrue(block.group(1) != null, page + " shows lines of no script");
        List<String> script = Files.readAllLines(ROOT.resolve(block.group(1)));
        for (String line : block.group(2).split("\n", -1)) {
          assertTrue(line.isEmpty() || script.contains(line), page + ": " + line);
        }
        blocks++;
      }
    }
    assertEquals(5, blocks);
  }

  @Test
  void commandsShownRunScriptsThatAreThere() throws IOException {
    int commands = 0;
    for (Path page : pages()) {
      Matcher command = Pattern.compile("python3 (\\S+\\.py)").matcher(Files.readString(page));
      while (command.find()) {
        assertTrue(Files.exists(ROOT.resolve(command.group(1))), page + ": " + command.group());
        commands++;
      }
    }
    assertTrue(commands >= 6, commands + " commands");
  }

  /** Each option that the page names is one of the script's. */
  @Test
  void optionsOfTheTensorFlowScriptAreItsOwn() throws IOException {
    String script = Files.readString(EXPORT.resolve("tf1_to_onnx.py"));
    String page =
        Files.readString(EXPORT.resolve("tensorflow1.md")).replaceAll("`deploy/unroll [^`]*`", "");
    Matcher option = Pattern.compile("--([a-z][a-z-]+)").matcher(page);
    TreeSet<String> named = new TreeSet<>();
    while (option.find()) {
      named.add(option.group(1));
      assertTrue(script.contains("p.add_argument(\"--" + option.group(1) + "\""), option.group());
    }
    assertEquals(
        List.of(
            "activation",
            "cell",
            "forget-bias",
            "head",
            "ignore",
            "last-step",
            "list",
            "npz",
            "scope"),
        List.copyOf(named));
  }

  @Test
  void versionsAreThoseOfTheGoldenCases() throws IOException, OnnxException {
    String golden = Files.readString(ROOT.resolve(GOLDEN + "README.md"));
    String torch = Files.readString(EXPORT.resolve("pytorch.md"));
    assertTrue(golden.contains("torch 2.13, onnxscript 0.7, Keras 3.15"));
    assertTrue(torch.contains("torch 2.13 and onnxscript 0.7"));
    assertTrue(torch.contains("default, with onnxscript 0.7"));
    assertTrue(
        torch.contains("pytorch/pytorch#189225") && torch.contains("microsoft/onnxscript#2852"));
    assertTrue(Files.readString(EXPORT.resolve("keras.md")).contains("Keras 3.15"));
  }

  /** What the page says of each exporter is what the file that it wrote is read as. */
  @Test
  void golden11To13AreReadWithTheirDataBesideThem() throws IOException, OnnxException {
    for (Map.Entry<String, String> known :
        Map.of(
                "11-torch-default-exporter-lstm-2layer",
                "LSTM",
                "13-torch-default-exporter-gru-last-step",
                "GRU")
            .entrySet()) {
      Path file = ROOT.resolve(GOLDEN).resolve(known.getKey()).resolve("model.onnx");
      OnnxFile onnx = OnnxFile.load(file);
      assertEquals(List.of("model.onnx.data"), List.copyOf(onnx.externalData().keySet()));
      assertTrue(
          onnx.read().graph().nodes().stream()
              .anyMatch(node -> node.layer().kind().equals(known.getValue())),
          known.getKey());
    }
  }
}
