package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A copy of the examples that is run as a user runs them, and what comes out of it.
 *
 * @param folder the copy
 */
record ExampleRuns(Path folder) {

  static ExampleRuns in(Path temporary) throws IOException {
    return new ExampleRuns(Examples.copy(temporary));
  }

  /** The same with nothing rejected; the lines of the summary that have no path. */
  List<String> run(String example) throws IOException {
    List<String> summary = runWithRejects(example);
    assertEquals(List.of(), lines(example, "rejected"));
    return summary;
  }

  /** Runs an example; the lines of its summary that have no path. */
  List<String> runWithRejects(String example) {
    Said said = Said.by("run", pipeline(example));
    assertEquals(0, said.code(), said.err());
    return said.outLines().stream().filter(line -> !line.contains(" in ")).toList();
  }

  Path pipeline(String example) {
    return folder.resolve(example + ".yaml");
  }

  /** Puts another pipeline beside an example, with outputs of its own, made of its text. */
  void vary(String example, String name, UnaryOperator<String> change) throws IOException {
    String text =
        Files.readString(pipeline(example))
            .replace("\nname: " + example, "\nname: " + name)
            .replace("out/" + example + "/", "out/" + name + "/");
    String changed = change.apply(text);
    assertNotEquals(text, changed, "nothing in " + example + ".yaml is to be changed");
    Files.writeString(pipeline(name), changed);
  }

  /** An output's lines. */
  List<String> lines(String example, String output) throws IOException {
    return Parts.lines(output(example, output));
  }

  /** An output's records. */
  List<JsonNode> json(String example, String output) throws IOException {
    return Parts.json(output(example, output));
  }

  private Path output(String example, String output) {
    return folder.resolve("out").resolve(example).resolve(output);
  }

  /** The records of sequences that have closed. */
  List<JsonNode> closed(String example) throws IOException {
    return json(example, "sequences").stream()
        .filter(event -> event.get("event").asText().equals("closed"))
        .toList();
  }

  /**
   * What was predicted, by series and timestamp, without the place in the source: sequence, step
   * and outputs.
   */
  Map<String, String> predictions(String example) throws IOException {
    return predictions(json(example, "predictions"));
  }

  /** The same of records that stood elsewhere. */
  static Map<String, String> predictions(List<JsonNode> records) {
    Map<String, String> predictions = new TreeMap<>();
    for (JsonNode prediction : records) {
      String before =
          predictions.put(
              prediction.get("series").asText() + " " + prediction.get("timestamp").asText(),
              prediction.get("sequence").asText()
                  + " "
                  + prediction.get("step").asText()
                  + " "
                  + prediction.get("output"));
      assertEquals(null, before, "twice: " + prediction);
    }
    return predictions;
  }

  /** The rows of a CSV file of the examples, without its header. */
  List<String> rows(String file) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(file));
    return lines.subList(1, lines.size());
  }
}
