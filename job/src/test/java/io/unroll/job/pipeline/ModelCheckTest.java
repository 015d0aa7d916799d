package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelCheckTest {
  private static final List<String> NONE = List.of();

  @TempDir Path directory;

  @BeforeEach
  void makesFiles() throws IOException {
    Texts.makeFiles(directory);
  }

  private Pipeline pipeline(String features, String outputs) throws PipelineException {
    return PipelineFile.read(
        "w.yaml",
        Texts.SMALL
            .replace("[x]", features)
            .replace("model.onnx\n", "model.onnx\n" + outputs)
            .replace("format: csv", "format: json"),
        directory);
  }

  private static List<String> check(
      Pipeline pipeline, int in, int out, List<String> features, List<String> outputs) {
    return ModelCheck.check(pipeline, "gru", in, out, features, outputs).stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void acceptsWhatFits() throws Exception {
    Pipeline pipeline = pipeline("[a, b]", "  outputs: [u, v]\n");
    assertEquals(NONE, check(pipeline, 2, 2, NONE, NONE));
    assertEquals(NONE, check(pipeline, 2, 2, List.of("a", "b"), List.of("u", "v")));
  }

  @Test
  void otherNumberOfFeatures() throws Exception {
    Pipeline pipeline = pipeline("[a, b]", "");
    assertEquals(
        List.of(
            "w.yaml:9:3 observation.features: found 2 features, expected 3, which model gru takes"),
        check(pipeline, 3, 1, NONE, NONE));
    assertEquals(
        List.of(
            "w.yaml:9:3 observation.features: found 2 features, expected 1, which model gru takes: a"),
        check(pipeline, 1, 1, List.of("a"), NONE));
  }

  @Test
  void otherOrderOfFeatures() throws Exception {
    assertEquals(
        List.of(
            "w.yaml:9:17 observation.features[1]: found 'c', expected 'b', which model gru takes"
                + " there: a, b, c",
            "w.yaml:9:20 observation.features[2]: found 'b', expected 'c', which model gru takes"
                + " there: a, b, c"),
        check(pipeline("[a, c, b]", ""), 3, 1, List.of("a", "b", "c"), NONE));
  }

  @Test
  void otherFeature() throws Exception {
    assertEquals(
        List.of(
            "w.yaml:9:20 observation.features[1]: found 'humidity', expected 'wind', which model gru"
                + " takes there: temp, wind"),
        check(pipeline("[temp, humidity]", ""), 2, 1, List.of("temp", "wind"), NONE));
  }

  @Test
  void nestedFieldsCompareByTheirLastNameAndPointersByPlace() throws Exception {
    List<String> names = List.of("a", "b", "r");
    assertEquals(
        NONE,
        check(
            pipeline("[t.a, /other, {field: close, transform: log-return}]", ""),
            3,
            1,
            names,
            NONE));
    assertEquals(
        List.of(
            "w.yaml:9:14 observation.features[0]: found 't.b', expected 'a', which model gru takes"
                + " there: a, b, r"),
        check(pipeline("[t.b, /x, /y]", ""), 3, 1, names, NONE));
  }

  @Test
  void otherNumberOfOutputs() throws Exception {
    Pipeline pipeline = pipeline("[a]", "  outputs: [u]\n");
    assertEquals(
        List.of("w.yaml:12:3 model.outputs: found 1 name, expected 2, which model gru gives: u, v"),
        check(pipeline, 1, 2, NONE, List.of("u", "v")));
  }

  @Test
  void otherOrderOfOutputs() throws Exception {
    Pipeline pipeline = pipeline("[a]", "  outputs: [v, w]\n");
    assertEquals(
        List.of(
            "w.yaml:12:13 model.outputs[0]: found 'v', expected 'u', which model gru gives there: u,"
                + " v"),
        check(pipeline, 1, 2, NONE, List.of("u", "v")).subList(0, 1));
    assertEquals(
        NONE, check(pipeline("[a]", "  outputs: [x, y]\n"), 1, 2, NONE, List.of("u", "v")));
  }

  @Test
  void reportsFeaturesAndOutputsTogether() throws Exception {
    assertEquals(
        List.of(
            "w.yaml:9:3 observation.features: found 1 feature, expected 2, which model gru takes",
            "w.yaml:12:3 model.outputs: found 1 name, expected 2, which model gru gives"),
        check(pipeline("[a]", "  outputs: [u]\n"), 2, 2, NONE, NONE));
  }

  @Test
  void outputsHaveNames() throws Exception {
    assertEquals(
        List.of("u", "v"),
        ModelCheck.outputNames(pipeline("[a]", "  outputs: [u, v]\n"), 2, List.of("k", "l")));
    Pipeline unnamed = pipeline("[a]", "");
    assertEquals(List.of("k", "l"), ModelCheck.outputNames(unnamed, 2, List.of("k", "l")));
    assertEquals(List.of("y0", "y1", "y2"), ModelCheck.outputNames(unnamed, 3, NONE));
  }
}
