package io.unroll.job.pipeline;

import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.Resolution;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads {@code model:}. */
final class ModelSection {
  private static final String STATE =
      "a map from each state's input to the output that is its next value";
  private static final String INITIAL_STATE =
      "zero, model or a map from states of the model to lists of numbers";

  private final Findings findings;

  ModelSection(Findings findings) {
    this.findings = findings;
  }

  /**
   * The files; null when it cannot be told which, which has been reported.
   *
   * @param description what is done with them. Modified.
   */
  Pipeline.@Nullable Model read(Section root, Description description) {
    Value value = root.requireValue(RootKeys.MODEL);
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    Section decoder = section.section(ModelKeys.DECODER);
    boolean decodes = section.has(ModelKeys.DECODER);
    boolean alone = decodes && !section.has(ModelKeys.ONNX) && !section.has(ModelKeys.ENCODER);
    Path decoderFile = null;
    if (decoder != null) {
      description.say(ModelKeys.DECODER, alone);
      decoderFile = onnx(decoder.requireValue(DecoderKeys.ONNX));
      new DecoderSection(findings).read(decoder, alone, description);
    }
    Path onnx = alone ? decoderFile : onnx(reading(section));
    String followed = section.get(ModelKeys.FOLLOW);
    Map<String, String> states =
        states(findings, section.value(ModelKeys.STATES), STATE, ModelKeys.STATE_OUTPUT);
    boolean stateful = section.of(ModelKeys.STATEFUL);
    Value outputs = section.value(ModelKeys.OUTPUTS);
    if (outputs != null) {
      new OutputSection(findings).read(outputs, description);
    }
    Value initialState = section.value(ModelKeys.INITIAL_STATE);
    if (initialState != null) {
      initialState(initialState, description);
    }
    section.say(description, ModelKeys.KERNEL);
    if (onnx == null) {
      return null;
    }
    return new Pipeline.Model(
        onnx,
        followed,
        states,
        stateful,
        decoder == null || alone ? null : Objects.requireNonNullElse(decoderFile, onnx),
        Resolution.kernel(description));
  }

  /** What a sequence starts from. */
  private void initialState(Value value, Description description) {
    if (value.isList()) {
      value.mistake(INITIAL_STATE);
      return;
    }
    if (!value.isMap()) {
      String word = value.word(List.of("zero", "model"));
      if (word != null) {
        description.say(ModelKeys.INITIAL_STATE, word.equals("zero"));
      }
      return;
    }
    Section section = value.section();
    if (section == null) {
      return;
    }
    if (section.others().isEmpty()) {
      findings.mistake(value.path(), "found an empty map, expected " + INITIAL_STATE);
      return;
    }
    Map<String, List<Float>> states = new LinkedHashMap<>();
    section.others().forEach((name, list) -> states.put(name, numbers(list)));
    description.say(ModelKeys.INITIAL_STATES, states);
  }

  private static List<Float> numbers(Value list) {
    List<Float> numbers = new ArrayList<>();
    for (Value item : list.items("a list of numbers, one for each float of the state")) {
      Double number = item.read(Type.Real.FINITE);
      if (number != null) {
        numbers.add(number.floatValue());
      }
    }
    return numbers;
  }

  /** The file that reads the observations; null when there is none, which has been reported. */
  private @Nullable Value reading(Section section) {
    Value encoder = section.value(ModelKeys.ENCODER);
    if (encoder == null) {
      return section.requireValue(ModelKeys.ONNX);
    }
    if (section.has(ModelKeys.ONNX)) {
      findings.mistake(
          encoder.path(), "found beside model.onnx, expected one of them: both read observations");
    } else if (!section.has(ModelKeys.DECODER)) {
      findings.mistake(
          encoder.path(), "found without model.decoder, expected it beside, or onnx in its place");
    }
    return encoder;
  }

  /**
   * A file that can be read; null when there is no path, what else is wrong with it is reported.
   */
  private static @Nullable Path onnx(@Nullable Value value) {
    Path onnx = value == null ? null : value.read(ModelKeys.ONNX.type());
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
   * @param from each of its values
   */
  static Map<String, String> states(
      Findings findings, @Nullable Value value, String expected, Key<String> from) {
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
              String name = out.read(from.type());
              if (name != null) {
                states.put(in, name);
              }
            });
    return states;
  }
}
