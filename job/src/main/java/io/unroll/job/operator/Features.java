package io.unroll.job.operator;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Raw values to the model's inputs, in the model's order. */
final class Features implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Feature[] features;
  private final int remembered;

  /** No feature is transformed: then a loop over numbers does what else asks each feature. */
  private final boolean asTheyAre;

  Features(List<Feature> features) {
    this.features = features.toArray(new Feature[0]);
    this.asTheyAre = features.stream().allMatch(f -> f.transform().equals(Transform.NONE));
    this.remembered = (int) features.stream().filter(f -> f.transform().needsPrevious()).count();
  }

  int count() {
    return features.length;
  }

  /** Values that the model sees of them. */
  int inputs() {
    return features.length;
  }

  /** The transforms in order, for savepoints: {@code none, 100.0 x log-return}. */
  String transforms() {
    return Arrays.stream(features)
        .map(Feature::transform)
        .map(t -> t.needsPrevious() ? t.times() + " x " + t.kind().label() : t.kind().label())
        .collect(Collectors.joining(", "));
  }

  /** True if a sequence's first observation only gives the transforms their previous values. */
  boolean primed() {
    return remembered > 0;
  }

  /** Why {@code raw} cannot be used whatever came before it, or null. */
  @Nullable String fault(double[] raw) {
    if (raw.length != features.length) {
      return "found " + raw.length + " features, expected " + features.length;
    }
    if (asTheyAre && finite(raw)) {
      return null;
    }
    for (int i = 0; i < raw.length; i++) {
      if (!features[i].transform().accepts(raw[i])) {
        return "feature '"
            + features[i].name()
            + "': found "
            + raw[i]
            + ", expected a finite number"
            + (Double.isFinite(raw[i]) ? " above zero for log-return" : "");
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

  /** The values that {@link #apply} needs of {@code raw} as previous ones. (remembered) */
  double[] remember(double[] raw) {
    double[] previous = new double[remembered];
    rememberInto(raw, previous);
    return previous;
  }

  /** As {@link #remember}, into {@code previous}. (remembered) Modified. */
  void rememberInto(double[] raw, double[] previous) {
    int next = 0;
    for (int i = 0; i < features.length; i++) {
      if (features[i].transform().needsPrevious()) {
        previous[next++] = raw[i];
      }
    }
  }

  /**
   * Writes the model's inputs.
   *
   * @param raw values without a {@link #fault} (count)
   * @param previous what the observation before left (remembered)
   * @param input the model's inputs from {@code offset} (count). Modified.
   * @return why the result cannot be used, or null
   */
  @Nullable String apply(double[] raw, double[] previous, float[] input, int offset) {
    if (asTheyAre && copy(raw, input, offset)) {
      return null;
    }
    int next = 0;
    for (int i = 0; i < features.length; i++) {
      Transform transform = features[i].transform();
      double before = transform.needsPrevious() ? previous[next++] : 0;
      float value = (float) transform.apply(raw[i], before);
      if (!Float.isFinite(value)) {
        return "feature '"
            + features[i].name()
            + "': "
            + transform.kind().label()
            + " of "
            + raw[i]
            + (transform.needsPrevious() ? " after " + before : "")
            + " is not finite in float32";
      }
      input[offset + i] = value;
    }
    return null;
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
