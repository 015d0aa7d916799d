package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.job.describe.ModelFacts;
import java.io.IOException;
import java.nio.file.Files;
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

  private static String pipeline(String features, String outputs) {
    return Texts.SMALL
        .replace("[x]", features)
        .replace("model.onnx\n", "model.onnx\n" + outputs)
        .replace("format: csv", "format: json");
  }

  private List<String> check(
      String text, int in, int out, List<String> features, List<String> outputs) throws Exception {
    Path file = directory.resolve("w.yaml");
    Files.writeString(file, text);
    ModelFacts facts = new ModelFacts("gru", in, out, features, outputs);
    try {
      PipelineFile.read(file, model -> facts);
      return NONE;
    } catch (PipelineException e) {
      return e.problems().stream()
          .map(problem -> problem.toString().replace(file.toString(), "w.yaml"))
          .toList();
    }
  }

  @Test
  void acceptsWhatFits() throws Exception {
    String pipeline = pipeline("[a, b]", "  outputs: [u, v]\n");
    assertEquals(NONE, check(pipeline, 2, 2, NONE, NONE));
    assertEquals(NONE, check(pipeline, 2, 2, List.of("a", "b"), List.of("u", "v")));
  }

  @Test
  void aWindowThatTheStateHasNoRoomFor() throws Exception {
    String pipeline = pipeline("[a]", "").replace("model:", "sequence: {window: 100000}\nmodel:");
    assertEquals(NONE, check(pipeline, 1, 1, NONE, NONE));
    List<String> found = check(pipeline, 50, 1, NONE, NONE);
    assertEquals(
        "w.yaml:10:12 sequence.window: found 100000, expected 1 to 83887 for the 50 inputs per step"
            + " of model gru",
        found.get(1));
  }

  @Test
  void otherNumberOfFeatures() throws Exception {
    String pipeline = pipeline("[a, b]", "");
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
  void otherNumberOfInputs() throws Exception {
    String two = pipeline("[a, {clock: hour-of-day, zone: UTC}]", "");
    assertEquals(NONE, check(two, 3, 1, List.of("a", "sin", "cos"), NONE));
    assertEquals(
        List.of(
            "w.yaml:9:3 observation.features: found 2 features that give 3 inputs, expected 2, which"
                + " model gru takes: a, b"),
        check(two, 2, 1, List.of("a", "b"), NONE));
    assertEquals(
        List.of(
            "w.yaml:9:3 observation.features: found 1 feature that gives 2 inputs, expected 1, which"
                + " model gru takes"),
        check(pipeline("[{field: a, missing: mask}]", ""), 1, 1, NONE, NONE));
  }

  @Test
  void namesCompareAtTheFirstInputOfAField() throws Exception {
    List<String> names = List.of("sin", "cos", "a", "a there", "dt", "b");
    String clock = "{clock: hour-of-day, zone: UTC}";
    assertEquals(
        NONE,
        check(
            pipeline("[" + clock + ", {field: a, missing: mask}, {time-delta: s}, b]", ""),
            6,
            1,
            names,
            NONE));
    assertEquals(
        List.of(
            "w.yaml:9:47 observation.features[1]: found 'b', expected 'a', which model gru takes"
                + " there: sin, cos, a, a there, dt, b",
            "w.yaml:9:91 observation.features[3]: found 'c', expected 'b', which model gru takes"
                + " there: sin, cos, a, a there, dt, b"),
        check(
            pipeline("[" + clock + ", {field: b, missing: mask}, {time-delta: s}, c]", ""),
            6,
            1,
            names,
            NONE));
  }

  @Test
  void whatIsFedBackIsAnOutput() throws Exception {
    String gap =
        "sequence: {gap: {expect: 1 d, fill: feedback, at-most: 3, feedback: {a: temp}}}\n";
    String own = pipeline("[a]", "") + gap;
    assertEquals(NONE, check(own, 1, 1, NONE, List.of("temp")));
    assertEquals(
        List.of(
            "w.yaml:14:70 sequence.gap.feedback.a: found 'temp', expected an output of model gru, one"
                + " of temps, wind; did you mean 'temps'?"),
        check(own, 1, 2, NONE, List.of("temps", "wind")));
    assertEquals(
        List.of(
            "w.yaml:14:70 sequence.gap.feedback.a: found 'temp', expected an output of model gru, y0"),
        check(own, 1, 1, NONE, NONE));
    assertEquals(
        NONE, check(pipeline("[a]", "  outputs: [temp]\n") + gap, 1, 1, NONE, List.of("other")));
  }

  @Test
  void whatIsEvaluatedIsAnOutput() throws Exception {
    String one = "sequence: {keep-series-for: 1 d}\nevaluate: {output: temp, against: a}\n";
    String list =
        one.replace("{output: temp", "[{output: wind, against: b}, {output: temp")
            .replace("against: a}", "against: a}]");
    String own = pipeline("[a]", "");
    assertEquals(NONE, check(own + one, 1, 1, NONE, List.of("temp")));
    assertEquals(
        List.of(
            "w.yaml:15:12 evaluate.output: found 'temp', expected one of temps, wind; did you mean"
                + " 'temps'?"),
        check(own + one, 1, 2, NONE, List.of("temps", "wind")));
    assertEquals(
        List.of("w.yaml:15:41 evaluate[1].output: found 'temp', expected one of y, wind"),
        check(own + list, 1, 2, NONE, List.of("y", "wind")));
    assertEquals(
        List.of("w.yaml:15:12 evaluate.output: found 'temp', expected y0"),
        check(own + one, 1, 1, NONE, NONE));
    assertEquals(
        NONE, check(pipeline("[a]", "  outputs: [temp]\n") + one, 1, 1, NONE, List.of("other")));
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
                + " takes there: temp, wind; if it is that, say so: {field: humidity, as: wind}"),
        check(pipeline("[temp, humidity]", ""), 2, 1, List.of("temp", "wind"), NONE));
  }

  @Test
  void nestedFieldsCompareByTheirLastNameAndPointersByPlace() throws Exception {
    List<String> names = List.of("a", "b", "r");
    assertEquals(
        NONE,
        check(
            pipeline("[t.a, /other, {field: close, as: r, transform: log-return}]", ""),
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
  void namesAreHeldAgainstNamesWhateverTheTransform() throws Exception {
    List<String> names = List.of("foo", "volume");
    String price = "{field: price, transform: log-return, multiply-by: 100}";
    String volume = "{field: volume, transform: diff}";
    String there = ", which model gru takes there: foo, volume";
    assertEquals(
        List.of(
            "w.yaml:9:14 observation.features[0]: found 'price', expected 'foo'"
                + there
                + "; if it is that, say so: {field: price, as: foo}"),
        check(pipeline("[" + price + ", " + volume + "]", ""), 2, 1, names, NONE));
    String as = price.replace("price,", "price, as: foo,");
    assertEquals(NONE, check(pipeline("[" + as + ", " + volume + "]", ""), 2, 1, names, NONE));
    assertEquals(
        List.of(
            "w.yaml:9:14 observation.features[0]: found 'volume', expected 'foo'" + there,
            "w.yaml:9:63 observation.features[1].as: found 'foo', expected 'volume'" + there),
        check(pipeline("[" + volume + ", " + as + "]", ""), 2, 1, names, NONE));
    // A scale, a mask and a pointer are told what they are in the same way.
    assertEquals(
        NONE,
        check(
            pipeline(
                "[{field: /data/x, as: foo, scale: {mean: 0, std: 2}}, {field: /data/y, as: volume}]",
                ""),
            2,
            1,
            names,
            NONE));
    assertEquals(
        List.of(
            "w.yaml:9:31 observation.features[0].as: found 'fo', expected 'foo'"
                + there
                + "; if it is that, say so: {field: /data/x, as: foo}"),
        check(pipeline("[{field: /data/x, as: fo}, volume]", ""), 2, 1, names, NONE));
  }

  /** It says nothing of what is expected there. */
  @Test
  void anEmptyNameIsNone() throws Exception {
    List<String> names = List.of("foo", "");
    assertEquals(NONE, check(pipeline("[foo, b]", ""), 2, 1, names, NONE));
    assertEquals(NONE, check(pipeline("[foo, {field: b, as: x}]", ""), 2, 1, names, NONE));
    String there = ", which model gru takes there: foo, (no name)";
    assertEquals(
        List.of(
            "w.yaml:9:14 observation.features[0]: found 'a', expected 'foo'" + there,
            "w.yaml:9:17 observation.features[1]: found 'foo', expected what has no name" + there),
        check(pipeline("[a, foo]", ""), 2, 1, names, NONE));
  }

  /** What is advised is YAML, whatever the model's names are. */
  @Test
  void namesThatNeedQuotes() throws Exception {
    assertEquals(
        List.of(
            "w.yaml:9:14 observation.features[0]: found 'b c', expected 'it's, 5', which model gru"
                + " takes there: it's, 5; if it is that, say so: {field: 'b c', as: 'it''s, 5'}"),
        check(pipeline("[b c]", ""), 1, 1, List.of("it's, 5"), NONE));
    assertEquals(
        NONE,
        check(pipeline("[{field: 'b c', as: 'it''s, 5'}]", ""), 1, 1, List.of("it's, 5"), NONE));
  }

  @Test
  void pointersInAnotherOrder() throws Exception {
    List<String> names = List.of("price", "volume");
    assertEquals(NONE, check(pipeline("[/a/price, /3]", ""), 2, 1, names, NONE));
    assertEquals(
        List.of(
            "w.yaml:9:14 observation.features[0]: found '/a/volume', expected 'price', which model"
                + " gru takes there: price, volume"),
        check(pipeline("[/a/volume, /a/other]", ""), 2, 1, names, NONE));
  }

  @Test
  void whatHasNoFieldHasNoOtherName() throws Exception {
    List<String> found =
        check(pipeline("[{time-delta: s, as: dt}]", ""), 1, 1, List.of("dt"), NONE);
    assertEquals(1, found.size(), found.toString());
    assertEquals(
        "w.yaml:9:30 observation.features[0].as: found 'dt', expected no as beside time-delta",
        found.get(0));
  }

  @Test
  void otherNumberOfOutputs() throws Exception {
    String pipeline = pipeline("[a]", "  outputs: [u]\n");
    assertEquals(
        List.of("w.yaml:12:3 model.outputs: found 1 name, expected 2, which model gru gives: u, v"),
        check(pipeline, 1, 2, NONE, List.of("u", "v")));
  }

  @Test
  void otherOrderOfOutputs() throws Exception {
    String pipeline = pipeline("[a]", "  outputs: [v, w]\n");
    assertEquals(
        List.of(
            "w.yaml:12:13 model.outputs[0]: found 'v', expected 'u', which model gru gives there: u,"
                + " v"),
        check(pipeline, 1, 2, NONE, List.of("u", "v")).subList(0, 1));
    assertEquals(
        NONE, check(pipeline("[a]", "  outputs: [x, y]\n"), 1, 2, NONE, List.of("u", "v")));
  }

  @Test
  void outputsThatTheModelDoesNotTellApart() throws Exception {
    assertEquals(
        List.of(
            "w.yaml:10:1 model.outputs: found none, and model gru calls output 1 'u' a second time: u,"
                + " u; expected a list of names of their own"),
        check(pipeline("[a]", ""), 1, 2, NONE, List.of("u", "u")));
    assertEquals(
        List.of(
            "w.yaml:10:1 model.outputs: found none, and model gru calls output 0 '': , u; expected a"
                + " list of names of their own"),
        check(pipeline("[a]", ""), 1, 2, NONE, List.of("", "u")));
    assertEquals(
        NONE, check(pipeline("[a]", "  outputs: [u, v]\n"), 1, 2, NONE, List.of("u", "u")));
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
  void aRefusedModelIsAMistakeAmongTheOthers() throws Exception {
    Path file = directory.resolve("w.yaml");
    Files.writeString(file, pipeline("[a]", "").replace("format: json", "format: jsno"));
    PipelineException e =
        assertThrows(
            PipelineException.class,
            () ->
                PipelineFile.read(
                    file,
                    model -> {
                      throw new Models.RefusedException(
                          new IllegalArgumentException("Loop 'l': a loop"));
                    }));
    assertEquals(2, e.problems().size());
    assertEquals(
        file + ":11:3 model.onnx: found a model that cannot be streamed: Loop 'l': a loop",
        e.problems().get(1).toString());
  }

  @Test
  void outputsHaveNames() throws Exception {
    assertEquals(List.of("u", "v"), names("  outputs: [u, v]\n", 2, List.of("k", "l")));
    assertEquals(List.of("k", "l"), names("", 2, List.of("k", "l")));
    assertEquals(List.of("y0", "y1", "y2"), names("", 3, NONE));
  }

  private List<String> names(String outputs, int outputSize, List<String> ofModel)
      throws Exception {
    Pipeline pipeline = PipelineFile.read("w.yaml", pipeline("[a]", outputs), directory);
    return new ModelFacts("gru", 1, outputSize, NONE, ofModel)
        .predictionNames(pipeline.description());
  }
}
