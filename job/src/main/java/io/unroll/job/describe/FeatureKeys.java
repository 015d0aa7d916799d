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
      KEYS.key("field", Type.shape("field"), "The field that has the value");

  /** The model's name for it. */
  public static final Key<String> AS =
      KEYS.inWords(
          "as",
          Type.text("the model's name for it"),
          "the field's name",
          "The model's name for the feature, if the model names its features");

  /** What happens to the value. */
  public static final Key<Transform.Kind> TRANSFORM =
      KEYS.key(
          "transform",
          Type.word(
              new Transform.Kind[] {
                Transform.Kind.DIFF, Transform.Kind.LOG_RETURN, Transform.Kind.LOG1P
              },
              Transform.Kind::label),
          "What is computed from a field. diff and log-return give the change since"
              + " the observation before, so the first observation of a sequence is no step;"
              + " log1p gives ln(1 + x)");

  /** What the transform's result is multiplied by. */
  public static final Key<Double> MULTIPLY_BY =
      KEYS.inWords(
          "multiply-by",
          Type.Real.FACTOR,
          "1",
          "The transform's result is multiplied by this number");

  /** How it is scaled. */
  public static final Key<String> SCALE =
      KEYS.key(
          "scale",
          Type.shape("online or map"),
          "Standardises the value, after its transform. Mean and deviation are given"
              + " here, read from a CSV file (from), or learnt from the series so far, this"
              + " value included (online; the first value becomes 0)");

  /** The mean of a scale that is the same for all series. */
  public static final Key<Double> SCALE_MEAN =
      SCALE_KEYS.needed(
          "mean", Type.Real.FINITE, "a number beside std", "The mean, for all series; needs std");

  /** The standard deviation of a scale that is the same for all series. */
  public static final Key<Double> SCALE_STD =
      SCALE_KEYS.needed(
          "std",
          Type.Real.DEVIATION,
          "a standard deviation above 0 beside mean",
          "The standard deviation, above 0; needs mean");

  /** A table of scales. */
  public static final Key<Path> SCALE_FROM =
      SCALE_KEYS.key(
          "from",
          new Type.File(),
          "A CSV file with the columns series, feature, mean and std, relative to the"
              + " pipeline file. Its series default stands for all series that it does not"
              + " name; without default these are rejected");

  /** How fast an online scale forgets. */
  public static final Key<Double> SCALE_HALF_LIFE =
      SCALE_KEYS.key(
          "half-life",
          Type.Real.OBSERVATIONS,
          "Learns online, and a value counts half after this many used observations of its series");

  /** What happens without a value. */
  public static final Key<Missing> MISSING =
      KEYS.inWords(
          "missing",
          Type.shape("reject, previous, mask or map"),
          "reject",
          "What to do when the field is empty: reject the record, repeat the last"
              + " value (previous), or feed 0 and a mask input (mask: 0"
              + " missing, 1 present)");

  /** The number that stands in. */
  public static final Key<Double> MISSING_VALUE =
      MISSING_KEYS.required(
          "value", Type.Real.FINITE, "the number that stands in", "The value that is used instead");

  /** The time since the step before. */
  public static final Key<Duration> TIME_DELTA =
      KEYS.key(
          "time-delta",
          new Type.Unit(),
          "The time since the step before, in this unit; 0 at a sequence's first step");

  /** A place in a cycle of the calendar. */
  public static final Key<Calendar.Cycle> CLOCK =
      KEYS.key(
          "clock",
          Type.word(Calendar.Cycle.values(), Calendar.Cycle::label),
          "Two inputs: sine and cosine of the timestamp's place in this cycle");

  /** Whose calendar. */
  public static final Key<ZoneId> ZONE =
      KEYS.needed(
          "zone",
          new Type.Zone(),
          Type.Zone.EXPECTED,
          "The time zone that clock needs, such as Europe/Berlin");

  private FeatureKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(KEYS, SCALE_KEYS, MISSING_KEYS);
  }
}
