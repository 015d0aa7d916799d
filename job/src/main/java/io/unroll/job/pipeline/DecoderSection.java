package io.unroll.job.pipeline;

import io.unroll.job.life.Calendar;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code model.decoder}. */
final class DecoderSection {
  private static final String STATE =
      "a map from each of the decoder's states to the encoder's state or output";
  private static final String SOURCE = "the name of a state or an output of the encoder";
  private static final String FIRST = "zeros, input, {token: n} or {last: [feature, ...]}";
  private static final String FIRST_ALONE =
      "input, zeros or {token: n}: without an encoder it is all that a run begins with";
  private static final String LAST = "a list of features of the observation";
  private static final String CALENDAR = "a list such as [{clock: hour-of-day, zone: UTC}]";

  /** What {@link DecoderRules} takes: above it not every whole number is a float. */
  private static final long HIGHEST_TOKEN = (1 << 24) - 1;

  private final Findings findings;
  private final Path directory;

  DecoderSection(Findings findings, Path directory) {
    this.findings = findings;
    this.directory = directory;
  }

  /**
   * The decoder; null when the value is no map, which has been reported.
   *
   * @param alone whether it is without an encoder
   * @param observation whose features it may begin with; null if it is wrong in itself
   */
  Pipeline.@Nullable Decoder read(
      Value value, boolean alone, Pipeline.@Nullable Observation observation) {
    Section section = value.section();
    if (section == null) {
      return null;
    }
    Path onnx = ModelSection.onnx(section.require("onnx", ModelSection.ONNX), directory);
    Map<String, String> states = states(section.get("state"), alone);
    Value firstValue = alone ? section.require("first", FIRST_ALONE) : section.get("first");
    Beginning beginning =
        firstValue == null ? Beginning.ZEROS : beginning(firstValue, alone, observation);
    Next next = next(section.get("next"));
    Value stepsValue = section.require("steps", "the most steps of a run");
    Long steps = stepsValue == null ? null : stepsValue.integer(1, DecoderRules.MOST_STEPS);
    Pipeline.Stop stop = stop(section.section("stop"), next);
    Value everyValue = section.get("every");
    Duration every = everyValue == null ? null : everyValue.duration(Duration.ofMillis(1));
    List<Calendar> calendar = calendar(section.get("features"), everyValue != null);
    return new Pipeline.Decoder(
        onnx == null ? directory : onnx,
        alone,
        states,
        beginning.first(),
        beginning.last(),
        next,
        steps == null ? 1 : Math.toIntExact(steps),
        stop,
        every,
        calendar);
  }

  private Map<String, String> states(@Nullable Value value, boolean alone) {
    if (value != null && alone) {
      findings.mistake(
          value.path(),
          "found without an encoder, expected model.encoder beside the decoder: alone it starts from"
              + " its own initial state");
      return Map.of();
    }
    return ModelSection.states(findings, value, STATE, SOURCE);
  }

  /** What the first step is fed, and which features it is of. */
  private record Beginning(First first, List<Integer> last) {
    static final Beginning ZEROS = new Beginning(new First.Zeros(), List.of());
  }

  private Beginning beginning(
      Value value, boolean alone, Pipeline.@Nullable Observation observation) {
    if (value.isList()) {
      value.mistake(alone ? FIRST_ALONE : FIRST);
      return Beginning.ZEROS;
    }
    if (!value.isMap()) {
      String word = value.word(List.of("zeros", "input"));
      return "input".equals(word) ? new Beginning(new First.Input(), List.of()) : Beginning.ZEROS;
    }
    Section section = value.section();
    String key = section == null ? null : section.exactlyOne("token", "last");
    Value named = section == null || key == null ? null : section.get(key);
    if (named == null) {
      return Beginning.ZEROS;
    }
    if ("token".equals(key)) {
      Long token = named.integer(0, HIGHEST_TOKEN);
      return token == null
          ? Beginning.ZEROS
          : new Beginning(new First.Token(Math.toIntExact(token)), List.of());
    }
    if (alone) {
      findings.mistake(
          named.path(),
          "found without an encoder, expected first: input: an observation is all there is, and"
              + " observation.features chooses of it");
      return Beginning.ZEROS;
    }
    return new Beginning(new First.Input(), last(named, observation));
  }

  /** The model inputs of the features that are named, each its first. */
  private List<Integer> last(Value list, Pipeline.@Nullable Observation observation) {
    List<Integer> places = new ArrayList<>();
    for (Value item : list.items(LAST)) {
      String name = item.text("a feature of the observation");
      if (name == null || observation == null || findings.isWrong("observation.features")) {
        continue;
      }
      Integer place = FeatureField.place(findings, item.path(), name, observation.features());
      if (place != null && places.contains(place)) {
        findings.mistake(
            item.path(), "found " + Found.quoted(name) + " a second time, expected it once");
      } else if (place != null) {
        places.add(place);
      }
    }
    return places;
  }

  private static Next next(@Nullable Value value) {
    List<Next> all = Arrays.asList(Next.values());
    String word =
        value == null ? null : value.word(all.stream().map(DecoderSection::word).toList());
    return all.stream().filter(n -> word(n).equals(word)).findFirst().orElse(Next.OUTPUT);
  }

  /** The word in the file. */
  static String word(Next next) {
    return next.name().toLowerCase(Locale.ROOT);
  }

  private Pipeline.@Nullable Stop stop(@Nullable Section section, Next next) {
    String key = section == null ? null : section.exactlyOne("token", "output");
    if (section == null || key == null) {
      return null;
    }
    Value named = section.get(key);
    Value above = section.get("above");
    if (named == null) {
      return null;
    }
    if (key.equals("token")) {
      Long token = named.integer(0, HIGHEST_TOKEN);
      if (above != null) {
        above.mistake("output in the place of token, of which it would be the threshold");
      }
      if (next != Next.ARGMAX && !findings.isWrong("model.decoder.next")) {
        named.mistake("next: argmax beside stop, which has tokens");
        return null;
      }
      return token == null ? null : new Pipeline.Stop.Token(Math.toIntExact(token));
    }
    String output = named.text("the name of one of the decoder's outputs");
    Value threshold = section.require("above", "a number that the output has to be larger than");
    Float number = threshold == null ? null : threshold.finite();
    return output == null || number == null ? null : new Pipeline.Stop.Above(output, number);
  }

  private List<Calendar> calendar(@Nullable Value value, boolean timed) {
    if (value == null) {
      return List.of();
    }
    if (!timed) {
      findings.mistake(
          value.path(), "found without every, expected it beside: they are of the times predicted");
    }
    List<Calendar> calendar = new ArrayList<>();
    for (Value item : value.items(CALENDAR)) {
      Section section = item.section();
      if (section == null) {
        continue;
      }
      Calendar cycle = FeatureSection.calendar(section);
      if (cycle != null) {
        calendar.add(cycle);
      }
    }
    return calendar;
  }
}
