package io.unroll.job.pipeline;

import io.unroll.model.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code model:}. */
final class ModelSection {
  static final String ONNX = "the path of an ONNX file";

  private static final String OUTPUT = "the name of one of the model's outputs";
  private static final String STATE =
      "a map from each state's input to the output that is its next value";

  private static final String INITIAL_STATE =
      "zero, model or a map from states of the model to lists of numbers";

  private static final String AUTO = "auto";

  private final Findings findings;
  private final Path directory;

  ModelSection(Findings findings, Path directory) {
    this.findings = findings;
    this.directory = directory;
  }

  /**
   * The model; null when it cannot be told which, which has been reported.
   *
   * @param observation null if it is wrong in itself
   */
  Pipeline.@Nullable Model read(Section root, Pipeline.@Nullable Observation observation) {
    Value value = root.require("model", "a map with onnx");
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    Value decoderValue = section.get("decoder");
    boolean alone = decoderValue != null && !section.has("onnx") && !section.has("encoder");
    Pipeline.Decoder decoder =
        decoderValue == null
            ? null
            : new DecoderSection(findings, directory).read(decoderValue, alone, observation);
    Path onnx =
        !alone ? onnx(reading(section), directory) : decoder == null ? null : decoder.onnx();
    Value output = section.get("output");
    String followed = output == null ? null : output.text(OUTPUT);
    Map<String, String> states = states(findings, section.get("state"), STATE, OUTPUT);
    Value statefulValue = section.get("stateful");
    boolean stateful =
        statefulValue != null && "true".equals(statefulValue.word(List.of("true", "false")));
    Value outputs = section.get("outputs");
    OutputNames names = OutputNames.read(findings, outputs, observation);
    Value initialState = section.get("initial-state");
    Pipeline.InitialState start = initialState == null ? null : initialState(initialState);
    String kernel = kernel(section.get("kernel"));
    if (onnx == null) {
      return null;
    }
    Pipeline.Model model =
        new Pipeline.Model(
            onnx,
            followed,
            states,
            stateful,
            names.names(),
            names.labels(),
            names.unscaled(),
            names.quantiles(),
            start,
            decoder,
            kernel);
    if (outputs != null && model.givesTokens() && !names.labels()) {
      findings.mistake(
          outputs.path(),
          "found names, expected {labels: [...]} or nothing: with next: argmax a prediction is a"
              + " token and its score");
    }
    return model;
  }

  /** What a sequence starts from; null for what the model says, and if it is wrong. */
  private Pipeline.@Nullable InitialState initialState(Value value) {
    if (value.isList()) {
      value.mistake(INITIAL_STATE);
      return null;
    }
    if (!value.isMap()) {
      return "zero".equals(value.word(List.of("zero", "model")))
          ? Pipeline.InitialState.Zero.ZERO
          : null;
    }
    Section section = value.section();
    if (section == null) {
      return null;
    }
    if (section.others().isEmpty()) {
      findings.mistake(value.path(), "found an empty map, expected " + INITIAL_STATE);
      return null;
    }
    Map<String, List<Float>> states = new LinkedHashMap<>();
    section
        .others()
        .forEach(
            (name, list) -> {
              List<Float> numbers = new ArrayList<>();
              for (Value item : list.items("a list of numbers, one for each float of the state")) {
                Float number = item.finite();
                if (number != null) {
                  numbers.add(number);
                }
              }
              states.put(name, numbers);
            });
    return new Pipeline.InitialState.Named(states);
  }

  /** The file that reads the observations; null when there is none, which has been reported. */
  private @Nullable Value reading(Section section) {
    Value encoder = section.get("encoder");
    if (encoder == null) {
      return section.require("onnx", ONNX);
    }
    if (section.has("onnx")) {
      findings.mistake(
          encoder.path(), "found beside model.onnx, expected one of them: both read observations");
    } else if (!section.has("decoder")) {
      findings.mistake(
          encoder.path(), "found without model.decoder, expected it beside, or onnx in its place");
    }
    return encoder;
  }

  /** The name of a kernel that this JVM can run. */
  private static String kernel(@Nullable Value value) {
    List<String> names = Stream.concat(Stream.of(AUTO), Kernels.names().stream()).toList();
    String name = value == null ? AUTO : value.text(AUTO + " or the name of a kernel");
    if (value != null && name != null && !names.contains(name)) {
      StringBuilder expected = new StringBuilder(Found.oneOf(names));
      Kernels.obstacles()
          .forEach((kernel, why) -> expected.append("; not '" + kernel + "' here: " + why));
      value.mistake(expected + Found.didYouMean(Spelling.closest(name, names)));
    }
    return name == null || name.equals(AUTO) || !names.contains(name)
        ? Kernels.best().name()
        : name;
  }

  /**
   * A file that can be read; null when there is no path, what else is wrong with it is reported.
   */
  static @Nullable Path onnx(@Nullable Value value, Path directory) {
    Path onnx = value == null ? null : value.file(directory);
    if (value != null && onnx != null) {
      if (!Files.exists(onnx)) {
        value.mistake("an ONNX file: there is no " + Found.path(onnx));
      } else if (!Files.isRegularFile(onnx)) {
        value.mistake("an ONNX file: " + Found.path(onnx) + " is a folder or a device");
      } else if (!Files.isReadable(onnx)) {
        value.mistake("an ONNX file: " + Found.path(onnx) + " may not be read");
      }
    }
    return onnx;
  }

  /**
   * Names of states and where they come from.
   *
   * @param expected what the map is
   * @param from what each of its values is
   */
  static Map<String, String> states(
      Findings findings, @Nullable Value value, String expected, String from) {
    if (value == null) {
      return Map.of();
    }
    Section section = value.isMap() ? value.section() : null;
    if (section == null) {
      value.mistake(expected);
      return Map.of();
    }
    if (section.others().isEmpty()) {
      findings.mistake(value.path(), "found an empty map, expected " + expected);
    }
    Map<String, String> states = new LinkedHashMap<>();
    section
        .others()
        .forEach(
            (in, out) -> {
              if (in.isBlank()) {
                findings.mistake(out.path(), "found an empty name, expected the name of an input");
              }
              String name = out.text(from);
              if (name != null) {
                states.put(in, name);
              }
            });
    return states;
  }
}
