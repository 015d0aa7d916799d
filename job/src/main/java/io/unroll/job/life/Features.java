package io.unroll.job.life;

import io.unroll.job.state.SequenceState;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Raw values to the model's inputs, in the model's order. A raw value that is not a number is a
 * missing one.
 */
public final class Features implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double[] NOTHING = {};

  private final Feature[] features;
  private final int fields;
  private final int inputs;
  private final int remembered;
  private final int learning;
  private final boolean primed;

  // Where each feature stands: among raw values, inputs, remembered values and moments.
  private final int[] fieldAt;
  private final int[] inputAt;
  private final int[] rememberedAt;
  private final int[] momentsAt;

  /** No feature is more than its field: then a loop over numbers does what else asks each one. */
  private final boolean asTheyAre;

  public Features(List<Feature> features) {
    this.features = features.toArray(new Feature[0]);
    this.fieldAt = new int[features.size()];
    this.inputAt = new int[features.size()];
    this.rememberedAt = new int[features.size()];
    this.momentsAt = new int[features.size()];
    int fields = 0;
    int inputs = 0;
    int remembered = 0;
    int learning = 0;
    for (int i = 0; i < this.features.length; i++) {
      Feature feature = this.features[i];
      fieldAt[i] = fields;
      inputAt[i] = inputs;
      rememberedAt[i] = remembered;
      momentsAt[i] = learning * Moments.SIZE;
      fields += feature.isField() ? 1 : 0;
      inputs += feature.inputs();
      remembered += feature.remembers() ? 1 : 0;
      learning += feature.learns() ? 1 : 0;
    }
    this.fields = fields;
    this.inputs = inputs;
    this.remembered = remembered;
    this.learning = learning;
    this.primed = features.stream().anyMatch(f -> f.transform().needsPrevious());
    this.asTheyAre = features.stream().allMatch(f -> f.equals(Feature.raw(f.name())));
  }

  /** Raw values of an observation. */
  public int count() {
    return fields;
  }

  /** Values that the model sees. */
  int inputs() {
    return inputs;
  }

  /**
   * What is remembered, in order, for savepoints: {@code none, 100.0 x log-return, none, missing
   * previous, none scaled online}.
   */
  public String transforms() {
    return Arrays.stream(features)
        .filter(f -> f.isField() && f.inputs() > 0)
        .map(
            f ->
                (f.transform().needsPrevious()
                        ? f.transform().times() + " x " + f.transform().kind().label()
                        : Transform.Kind.NONE.label())
                    + (f.missing().kind() == Missing.Kind.PREVIOUS ? " missing previous" : "")
                    + (f.scale() instanceof Scale.Online online ? online.inWords() : ""))
        .collect(Collectors.joining(", "));
  }

  /** True if a sequence's first observation only gives the transforms their previous values. */
  boolean primed() {
    return primed;
  }

  /** True if something of an observation is remembered for the next. */
  boolean remembers() {
    return remembered > 0;
  }

  /** Before the first observation of a sequence. (remembered) */
  double[] nothing() {
    if (remembered == 0) {
      return NOTHING;
    }
    double[] previous = new double[remembered];
    Arrays.fill(previous, Double.NaN);
    return previous;
  }

  /** True if features are scaled by what their series had. */
  boolean learns() {
    return learning > 0;
  }

  /** Before the first observation of a series. (online features) */
  double[] noMoments() {
    return learning == 0 ? NOTHING : new double[learning * Moments.SIZE];
  }

  /**
   * The moments of the series with the values of one more observation; those that are missing
   * change nothing.
   *
   * @param previous what the observation before left (remembered)
   * @param moments before (online features). Not modified.
   */
  double[] learn(double[] raw, double[] previous, double[] moments) {
    double[] learnt = moments.length == 0 ? noMoments() : moments.clone();
    int at = 0;
    int next = 0;
    int to = 0;
    for (Feature feature : features) {
      if (!feature.isField()) {
        continue;
      }
      double before = feature.remembers() ? previous[next++] : Double.NaN;
      double value = raw[at++];
      if (feature.scale() instanceof Scale.Online online) {
        double transformed = feature.transform().apply(value, before);
        if (Float.isFinite((float) transformed)) {
          Moments.add(transformed, online, learnt, to);
        }
        to += Moments.SIZE;
      }
    }
    return learnt;
  }

  /** Where the raw value of a feature stands among an observation's. */
  int field(int feature) {
    return fieldAt[feature];
  }

  /** Where a feature stands among the model's inputs. */
  int input(int feature) {
    return inputAt[feature];
  }

  String name(int feature) {
    return features[feature].name();
  }

  /** The last value of a feature; NaN where none is remembered. */
  double before(int feature, double[] previous) {
    return features[feature].remembers() ? previous[rememberedAt[feature]] : Double.NaN;
  }

  /**
   * The raw value that the model would see as {@code scaled}.
   *
   * @param moments of the series (online features)
   * @param before the raw value before it
   */
  double undo(int feature, String series, double[] moments, float scaled, double before) {
    Feature one = features[feature];
    Scale scale = one.scale();
    double transformed = scaled;
    if (scale instanceof Scale.Online) {
      transformed =
          Moments.undone(scaled, moments.length == 0 ? noMoments() : moments, momentsAt[feature]);
    } else {
      Norm norm = norm(scale, series);
      transformed = norm == null ? scaled : norm.undo(scaled);
    }
    return one.transform().undo(transformed, before);
  }

  /** What a series is scaled with; null for nothing. */
  private static @Nullable Norm norm(Scale scale, String series) {
    return scale instanceof Scale.Constant constant
        ? constant.norm()
        : scale instanceof Scale.Table table ? table.of(series) : null;
  }

  /** Why {@code raw} cannot be used whatever came before it, or null. */
  @Nullable String fault(String series, double[] raw) {
    if (raw.length != fields) {
      return "found " + raw.length + " features, expected " + fields;
    }
    if (asTheyAre && finite(raw)) {
      return null;
    }
    int at = 0;
    for (Feature feature : features) {
      if (feature.isField()) {
        double value = raw[at++];
        if (feature.inputs() == 0) { // nothing to the model
          continue;
        }
        boolean missing = Double.isNaN(value) && feature.mayBeMissing();
        if (!missing && !feature.transform().accepts(value)) {
          return "feature '"
              + feature.name()
              + "': found "
              + value
              + ", expected a finite number"
              + (Double.isFinite(value) ? feature.transform().domain() : "");
        }
        if (feature.scale() instanceof Scale.Table table && table.of(series) == null) {
          return "feature '"
              + feature.name()
              + "': found no scale for series '"
              + series
              + "', expected one, or one for 'default'";
        }
      }
    }
    return null;
  }

  /** Times 0, every number is 0; infinities and NaN are not. */
  private static boolean finite(double[] raw) {
    double sum = 0;
    for (double value : raw) {
      sum += value * 0;
    }
    return sum == 0;
  }

  /**
   * Why a sequence cannot open with {@code raw}, or null.
   *
   * @param previous what rejected records left for it (remembered)
   */
  @Nullable String openingFault(double[] raw, double[] previous) {
    int at = 0;
    for (int i = 0; i < features.length; i++) {
      if (features[i].isField()
          && Double.isNaN(raw[at++])
          && features[i].missing().kind() == Missing.Kind.PREVIOUS
          && Double.isNaN(previous[rememberedAt[i]])) {
        return nothingBefore(features[i]);
      }
    }
    return null;
  }

  private static String nothingBefore(Feature feature) {
    return "feature '" + feature.name() + "': found no value, and none before it";
  }

  /** True if {@code raw} has a value that can stand in for one that is missing later. */
  boolean leaves(double[] raw) {
    int at = 0;
    for (Feature feature : features) {
      if (feature.isField()
          && !Double.isNaN(raw[at++])
          && feature.missing().kind() == Missing.Kind.PREVIOUS) {
        return true;
      }
    }
    return false;
  }

  /**
   * What records have left of which the last one was rejected because a value is missing.
   *
   * @param raw its values, without a {@link #fault} (count)
   * @param previous what those before it left (remembered). Not modified.
   */
  double[] leave(double[] raw, double[] previous) {
    double[] left = previous.clone();
    int at = 0;
    for (int i = 0; i < features.length; i++) {
      if (features[i].isField()) {
        double value = raw[at++];
        if (!Double.isNaN(value) && features[i].missing().kind() == Missing.Kind.PREVIOUS) {
          left[rememberedAt[i]] = value;
        }
      }
    }
    return left;
  }

  /**
   * The values that {@link #apply} needs of {@code raw} as previous ones, into {@code previous}; of
   * missing values the last one stays. Modified.
   */
  void rememberInto(double[] raw, double[] previous) {
    int next = 0;
    int at = 0;
    for (Feature feature : features) {
      if (feature.isField()) {
        double value = raw[at++];
        if (feature.remembers()) {
          double found = Double.isNaN(value) ? standIn(feature, previous[next]) : value;
          previous[next++] = found;
        }
      }
    }
  }

  /** What stands in for a missing value; NaN for none. */
  private static double standIn(Feature feature, double before) {
    return feature.missing().kind() == Missing.Kind.VALUE ? feature.missing().value() : before;
  }

  /**
   * Writes the model's inputs.
   *
   * @param raw values without a {@link #fault} (count)
   * @param previous what the observation before left (remembered)
   * @param moments of the series before (online features)
   * @param timestamp of the observation, epoch milliseconds
   * @param seen timestamp of the step before; {@link SequenceState#NONE} without
   * @param input the model's inputs from {@code offset} (inputs). Modified.
   * @return why the result cannot be used, or null
   */
  @Nullable String apply(
      String series,
      double[] raw,
      double[] previous,
      double[] moments,
      long timestamp,
      long seen,
      float[] input,
      int offset) {
    if (asTheyAre && copy(raw, input, offset)) {
      return null;
    }
    int at = 0;
    int next = 0;
    int learnt = 0;
    int to = offset;
    for (Feature feature : features) {
      if (!feature.isField()) {
        time(feature, timestamp, seen, input, to);
        to += feature.inputs();
        continue;
      }
      double before = feature.remembers() ? previous[next++] : Double.NaN;
      double value = raw[at++];
      if (feature.inputs() == 0) {
        continue;
      }
      int from = learnt;
      learnt += feature.learns() ? Moments.SIZE : 0;
      boolean masked = feature.missing().kind() == Missing.Kind.MASK;
      boolean there = !Double.isNaN(value);
      if (!there && !masked) {
        value = standIn(feature, before);
        if (Double.isNaN(value)) {
          return nothingBefore(feature);
        }
      }
      if (masked) {
        there &= !(feature.transform().needsPrevious() && Double.isNaN(before));
        input[to + 1] = there ? 1 : 0;
      }
      float seenByModel =
          masked && !there
              ? 0
              : (float)
                  scaled(
                      feature.scale(),
                      series,
                      feature.transform().apply(value, before),
                      moments,
                      from);
      if (!Float.isFinite(seenByModel)) {
        return notFinite(feature, value, before);
      }
      input[to] = seenByModel;
      to += feature.inputs();
    }
    return null;
  }

  private double scaled(Scale scale, String series, double value, double[] moments, int from) {
    if (scale instanceof Scale.Online online) {
      return Moments.scaled(value, online, moments.length == 0 ? noMoments() : moments, from);
    }
    Norm norm = norm(scale, series);
    return norm == null ? value : norm.apply(value);
  }

  private static String notFinite(Feature feature, double value, double before) {
    return "feature '"
        + feature.name()
        + "': "
        + (feature.transform().times() == 1 ? "" : feature.transform().times() + " x ")
        + feature.transform().kind().label()
        + " of "
        + value
        + (feature.transform().needsPrevious() ? " after " + before : "")
        + " is not finite in float32";
  }

  private static void time(Feature feature, long timestamp, long seen, float[] input, int at) {
    if (feature.source() instanceof Feature.Source.TimeDelta delta) {
      input[at] =
          seen == SequenceState.NONE
              ? 0
              : (float) ((timestamp - seen) / (double) delta.unitMillis());
    } else if (feature.source() instanceof Feature.Source.Clock clock) {
      clock.calendar().write(timestamp, input, at);
    }
  }

  /**
   * Moves what the model saw at one step to another time: its values stay, what is made of time
   * follows.
   *
   * @param seen timestamp of the step before
   * @param input (inputs). Modified.
   */
  void moveTo(long timestamp, long seen, float[] input) {
    int at = 0;
    for (Feature feature : features) {
      if (!feature.isField()) {
        time(feature, timestamp, seen, input, at);
      }
      at += feature.inputs();
    }
  }

  /** True if every value is a number in float32, too. */
  private static boolean copy(double[] raw, float[] input, int offset) {
    float sum = 0;
    for (int i = 0; i < raw.length; i++) {
      float value = (float) raw[i];
      input[offset + i] = value;
      sum += value * 0;
    }
    return sum == 0;
  }
}
