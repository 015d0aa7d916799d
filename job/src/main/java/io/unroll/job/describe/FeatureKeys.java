package io.unroll.job.describe;

import io.unroll.job.life.Calendar;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Transform;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/** {@code observation.features[]}: what an input of the model is made of. */
public final class FeatureKeys {
  private static final Keys KEYS = new Keys("observation.features[]");
  private static final Keys SCALE_KEYS = new Keys("observation.features[].scale");
  private static final Keys MISSING_KEYS = new Keys("observation.features[].missing");

  /** Where the value is. */
  public static final Key<String> FIELD =
      KEYS.key("field", Type.shape("field"), "Where the value is");

  /** The model's name for it. */
  public static final Key<String> AS =
      KEYS.inWords(
          "as",
          Type.text("the model's name for it"),
          "the field's name",
          "The model's name for it, where the model names its features");

  /** What happens to the value. */
  public static final Key<Transform.Kind> TRANSFORM =
      KEYS.key(
          "transform",
          Type.word(
              new Transform.Kind[] {
                Transform.Kind.DIFF, Transform.Kind.LOG_RETURN, Transform.Kind.LOG1P
              },
              Transform.Kind::label),
          "Of a field. diff, log-return: change since the observation before, the first one of a"
              + " sequence is no step; log1p: ln(1 + x)");

  /** What the transform's result is multiplied by. */
  public static final Key<Double> TIMES =
      KEYS.inWords("times", Type.Real.FACTOR, "1", "What the transform's result is multiplied by");

  /** How it is scaled. */
  public static final Key<String> SCALE =
      KEYS.key(
          "scale",
          Type.shape("online or map"),
          "Of a field, after its transform: in standard deviations from a mean, which is written"
              + " here, read from a table, or with online that of the series so far, this value"
              + " too (its first one is 0)");

  /** The mean of a scale that is the same for all series. */
  public static final Key<Double> SCALE_MEAN =
      SCALE_KEYS.needed(
          "mean", Type.Real.FINITE, "a number beside std", "With std: the same for all");

  /** The standard deviation of a scale that is the same for all series. */
  public static final Key<Double> SCALE_STD =
      SCALE_KEYS.needed(
          "std",
          Type.Real.FINITE,
          "a standard deviation above 0 beside mean",
          "With mean: above 0");

  /** A table of scales. */
  public static final Key<Path> SCALE_FROM =
      SCALE_KEYS.key(
          "from",
          new Type.File(),
          "A CSV file with columns series, feature, mean, std, relative to the pipeline file; its"
              + " series default is for those that it does not name, which are rejected without");

  /** How fast an online scale forgets. */
  public static final Key<Double> SCALE_HALF_LIFE =
      SCALE_KEYS.key(
          "half-life",
          Type.Real.FINITE,
          "Online, and a value counts half after so many observations of its series that were"
              + " used");

  /** What happens without a value. */
  public static final Key<Missing> MISSING =
      KEYS.inWords(
          "missing",
          Type.shape("reject, previous, mask or map"),
          "reject",
          "A field without a value: the record is rejected, the last value of the sequence stands"
              + " in, or the model sees 0, and one more input is 0 then and else 1");

  /** The number that stands in. */
  public static final Key<Double> MISSING_VALUE =
      MISSING_KEYS.required(
          "value", Type.Real.FINITE, "the number that stands in", "What stands in");

  /** The time since the step before. */
  public static final Key<Duration> TIME_DELTA =
      KEYS.key(
          "time-delta",
          new Type.Unit(),
          "The time since the step before in this unit; 0 at a sequence's first");

  /** A place in a cycle of the calendar. */
  public static final Key<Calendar.Cycle> CLOCK =
      KEYS.key(
          "clock",
          Type.word(Calendar.Cycle.values(), Calendar.Cycle::label),
          "Two inputs: sine and cosine of the timestamp's place in the cycle");

  /** Whose calendar. */
  public static final Key<ZoneId> ZONE =
      KEYS.needed(
          "zone",
          new Type.Zone(),
          "a time zone such as Europe/Berlin or +01:00",
          "With clock, which needs it: such as Europe/Berlin");

  private FeatureKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(KEYS, SCALE_KEYS, MISSING_KEYS);
  }
}
