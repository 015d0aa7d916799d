package io.unroll.job.pipeline;

import io.unroll.job.life.Gap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code sequence.gap}. */
final class GapSection {
  static final String KEY = "sequence.gap";

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final String FEEDBACK =
      "a map from features of the observation to outputs of the model";
  private static final String OUTPUT = "the name of one of the model's outputs";

  private final Findings findings;

  GapSection(Findings findings) {
    this.findings = findings;
  }

  /**
   * What happens in gaps; null for nothing, or when it is no map, which has been reported.
   *
   * @param observation whose features outputs are fed back to; null if it is wrong in itself
   */
  Pipeline.@Nullable GapRule read(
      @Nullable Section section, Pipeline.@Nullable Observation observation) {
    if (section == null) {
      return null;
    }
    Value expectValue =
        section.require(
            "expect", "the duration at which observations are expected, such as 15 min");
    Duration expect = expectValue == null ? null : expectValue.duration(SHORTEST);
    List<String> fills = List.of(Gap.Fill.PREVIOUS.label(), Gap.Fill.FEEDBACK.label());
    Value fillValue = section.require("fill", Found.oneOf(fills));
    String word = fillValue == null ? null : fillValue.word(fills);
    Value mostValue = section.require("at-most", "how many steps are filled at most");
    Long most = mostValue == null ? null : mostValue.integer(1, Gap.MOST);
    List<Pipeline.Fed> feedback = List.of();
    if (Gap.Fill.FEEDBACK.label().equals(word)) {
      Value map = section.require("feedback", FEEDBACK + " beside fill: feedback");
      feedback = map == null ? List.of() : feedback(map, observation);
    } else {
      Value map = section.get("feedback");
      if (map != null && word != null) {
        map.mistake("fill: feedback beside it");
      }
    }
    return new Pipeline.GapRule(
        expect == null ? SHORTEST : expect,
        feedback.isEmpty() ? Gap.Fill.PREVIOUS : Gap.Fill.FEEDBACK,
        most == null ? 1 : Math.toIntExact(most),
        feedback);
  }

  private List<Pipeline.Fed> feedback(Value value, Pipeline.@Nullable Observation observation) {
    Section section = value.isMap() ? value.section() : null;
    if (section == null) {
      value.mistake(FEEDBACK);
      return List.of();
    }
    if (section.others().isEmpty() && !findings.isWrong(value.path())) {
      findings.mistake(value.path(), "found an empty map, expected " + FEEDBACK);
    }
    List<Pipeline.Fed> feedback = new ArrayList<>();
    section
        .others()
        .forEach(
            (name, named) -> {
              String output = named.text(OUTPUT);
              if (observation == null || findings.isWrong("observation.features")) {
                return;
              }
              Integer input =
                  FeatureField.place(findings, named.path(), name, observation.features());
              if (input != null && feedback.stream().anyMatch(fed -> fed.input() == input)) {
                findings.mistake(
                    named.path(),
                    "found " + Found.quoted(name) + " a second time, expected it once");
              } else if (input != null && output != null) {
                feedback.add(new Pipeline.Fed(name, input, output));
              }
            });
    return feedback;
  }
}
