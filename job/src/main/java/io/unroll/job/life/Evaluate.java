package io.unroll.job.life;

import java.io.Serializable;

/**
 * An output that is held against what comes true.
 *
 * @param output its name
 * @param index its place among the model's outputs
 * @param against the name of the field that it foretells
 * @param feature the field's place among the features
 * @param raw true: it is held against the field's value, as the record has it; false: against what
 *     the model sees of it
 * @param ahead how many observations of the series ahead the prediction looks, from 1; of a decoder
 *     it is the step that is held against
 * @param fromMillis predictions made before are held against nothing, epoch milliseconds; {@link
 *     Long#MIN_VALUE} for all
 * @param quantile that the output foretells, between 0 and 1; NaN for none
 */
public record Evaluate(
    String output,
    int index,
    String against,
    int feature,
    boolean raw,
    int ahead,
    long fromMillis,
    double quantile)
    implements Serializable {
  /** The most observations that a prediction looks ahead. */
  public static final int FARTHEST = 10_000;

  public Evaluate {
    if (ahead < 1 || ahead > FARTHEST) {
      throw new IllegalArgumentException(
          "evaluate.ahead: found " + ahead + ", expected 1 to " + FARTHEST);
    }
    if (quantile <= 0 || quantile >= 1) { // NaN is neither
      throw new IllegalArgumentException(
          "quantile: found " + quantile + ", expected more than 0 and less than 1");
    }
  }

  /** In words, for metrics and savepoints: {@code temp_max against temp_max 1 ahead}. */
  public String label() {
    return output + " against " + against + " " + ahead + " ahead";
  }
}
