package io.unroll.job.life;

import io.unroll.job.state.SequenceState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives outputs in the units of fields: undoes the scale and the transform of a feature. */
public final class Unscaler {
  private static final double[] NO_MOMENTS = {};

  private final List<Unscale> outputs;
  private final Features features;

  public Unscaler(List<Unscale> outputs, Features features) {
    this.outputs = outputs;
    this.features = features;
  }

  /** True if there is nothing to undo. */
  boolean isIdle() {
    return outputs.isEmpty();
  }

  /**
   * Where the outputs go on from that are changes: the last values of their fields. (unscaled)
   *
   * @param previous what the last observation left (remembered)
   */
  double[] bases(double[] previous) {
    double[] bases = new double[outputs.size()];
    for (int i = 0; i < bases.length; i++) {
      bases[i] = features.before(outputs.get(i).feature(), previous);
    }
    return bases;
  }

  /** The outputs of the last step of a sequence in the units of their fields. */
  float[] apply(String series, SequenceState state, float[] output) {
    return apply(series, state, bases(state.previous), output);
  }

  /**
   * The same where something goes on from it.
   *
   * @param bases the values before. Modified: those that the outputs lead to.
   */
  float[] apply(String series, SequenceState state, double[] bases, float[] output) {
    double[] moments = state.record == null ? NO_MOMENTS : state.record.moments;
    return apply(series, moments, bases, output);
  }

  /**
   * The outputs in the units of their fields.
   *
   * @param moments of the series; empty for none (online features)
   * @param bases the values before. Modified: those that the outputs lead to.
   */
  float[] apply(String series, double[] moments, double[] bases, float[] output) {
    float[] unscaled = output.clone();
    for (int i = 0; i < outputs.size(); i++) {
      Unscale one = outputs.get(i);
      double value = features.undo(one.feature(), series, moments, output[one.output()], bases[i]);
      bases[i] = value;
      unscaled[one.output()] = (float) value;
    }
    return unscaled;
  }

  /** Why outputs cannot be unscaled, or null. */
  @Nullable String fault(float[] unscaled) {
    for (Unscale one : outputs) {
      if (!Float.isFinite(unscaled[one.output()])) {
        return "the model's result of this step, in the unit of '"
            + features.name(one.feature())
            + "', is not finite";
      }
    }
    return null;
  }
}
