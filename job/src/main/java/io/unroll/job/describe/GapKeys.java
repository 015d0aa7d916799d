package io.unroll.job.describe;

import io.unroll.job.life.Gap;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code sequence.gap}: what happens where observations of a series are missing. */
public final class GapKeys {
  private static final Keys KEYS = new Keys("sequence.gap");
  private static final Keys FEEDBACK_KEYS = new Keys("sequence.gap.feedback");

  /** What {@link #FEEDBACK} should be. */
  public static final String FEEDBACK_MAP =
      "a map from features of the observation to outputs of the model";

  /** The distance at which observations are expected. */
  public static final Key<Duration> EXPECT =
      KEYS.required(
          "expect",
          Type.duration(),
          "the duration at which observations are expected, such as 15 min",
          "The expected distance of two observations; at least 1 ms");

  /** What the model sees at a filled step. */
  public static final Key<Gap.Fill> FILL =
      KEYS.required(
          "fill",
          Type.word(Gap.Fill.values(), Gap.Fill::label),
          "one of previous, feedback",
          "What the model is fed at a filled step: its last inputs (previous) or its"
              + " own outputs (feedback)");

  /** Steps that are filled at most. */
  public static final Key<Long> AT_MOST =
      KEYS.required(
          "at-most",
          Type.whole(1, Gap.MOST),
          "how many steps are filled at most",
          "The most steps that are filled in, 1 to 10 000. A wider gap closes the sequence");

  /** Features that take outputs: each to the output, by their names. */
  public static final Key<Map<String, String>> FEEDBACK =
      KEYS.needed(
          "feedback",
          Type.shape("map"),
          FEEDBACK_MAP + " beside fill: feedback",
          "With fill: feedback, which needs it. The features that take outputs; the"
              + " others keep their last value");

  /** Each of them. */
  public static final Key<String> FEEDBACK_OUTPUT =
      FEEDBACK_KEYS.key(
          "*",
          Type.text("the name of one of the model's outputs"),
          "The output, under the field or last name of the feature");

  private GapKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(KEYS, FEEDBACK_KEYS);
  }
}
