package io.unroll.job.state;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the evaluations of one subtask add up to. They live in operator state as the {@link
 * Counters} do; an evaluation that a job no longer has keeps its sums there.
 */
public final class EvaluationSums {
  /**
   * What is summed. The index is the layout in operator state: it never changes, and new ones go to
   * the end.
   */
  public enum Sum {
    /** Predictions that were held against what came true. */
    COUNT(0, "count"),
    /** Predictions whose observation never came, or came without the value. */
    UNMATCHED(1, "unmatched"),
    /** Distances between prediction and truth, in the field's unit. */
    ABSOLUTE_ERROR(2, "absolute-error"),
    /** Distances between the value before and truth, where there is one, likewise. */
    PERSISTENCE_ERROR(3, "persistence-error"),
    /** Pinball losses of a quantile. */
    PINBALL(4, "pinball"),
    /** How often truth was not above a quantile. */
    COVERED(5, "covered");

    private final int index;
    private final String label;

    Sum(int index, String label) {
      this.index = index;
      this.label = label;
    }

    /** The name in metrics. */
    public String label() {
      return label;
    }
  }

  private final Map<String, double[]> byEvaluation = new LinkedHashMap<>();

  /**
   * Adds to a sum.
   *
   * @param evaluation its label
   */
  public void add(String evaluation, Sum sum, double value) {
    sums(evaluation)[sum.index] += value;
  }

  /** A sum of an evaluation; 0 if nothing has been added. */
  public double get(String evaluation, Sum sum) {
    double[] sums = byEvaluation.get(evaluation);
    return sums == null ? 0 : sums[sum.index];
  }

  private double[] sums(String evaluation) {
    return byEvaluation.computeIfAbsent(evaluation, label -> new double[Sum.values().length]);
  }

  /** A copy for operator state. */
  public Map<String, double[]> toMap() {
    Map<String, double[]> copy = new LinkedHashMap<>();
    byEvaluation.forEach((label, sums) -> copy.put(label, sums.clone()));
    return copy;
  }

  /** Adds restored sums; an array of an older version is shorter. */
  public void addAll(Map<String, double[]> restored) {
    restored.forEach(
        (label, values) -> {
          if (values.length > Sum.values().length) {
            throw new IllegalStateException(
                "state has "
                    + values.length
                    + " sums of an evaluation, expected at most "
                    + Sum.values().length
                    + ": it was written by a newer Unroll");
          }
          double[] sums = sums(label);
          for (int i = 0; i < values.length; i++) {
            sums[i] += values[i];
          }
        });
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    byEvaluation.forEach(
        (label, sums) -> text.append(label).append(' ').append(Arrays.toString(sums)).append('\n'));
    return text.toString();
  }
}
