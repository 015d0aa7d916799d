package io.unroll.job.life;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import java.io.Serializable;
import java.util.Map;

/**
 * What happens where observations of a series are missing: between two that are more than one and a
 * half times the expected distance apart, steps are filled in.
 *
 * @param expectMillis the distance at which observations are expected
 * @param fill what the model sees at a filled step
 * @param atMost steps that are filled; a wider gap closes the sequence
 * @param feedback with {@link Fill#FEEDBACK}, the model's inputs to the outputs of the step before
 *     that they take; other inputs stay as they were
 */
public record Gap(long expectMillis, Fill fill, int atMost, Map<Integer, Integer> feedback)
    implements Serializable {
  /** What the model sees at a filled step. */
  public enum Fill {
    /** The same inputs once more. */
    PREVIOUS("previous"),
    /** Its own outputs. */
    FEEDBACK("feedback");

    private final String label;

    Fill(String label) {
      this.label = label;
    }

    /** The word in the pipeline file. */
    public String label() {
      return label;
    }
  }

  /** The most steps that can be filled at once. */
  public static final int MOST = 10_000;

  public Gap {
    feedback = Map.copyOf(feedback);
    if (expectMillis <= 0) {
      throw new IllegalArgumentException(
          "gap.expect: found " + expectMillis + " ms, expected more than 0");
    }
    if (atMost < 1 || atMost > MOST) {
      throw new IllegalArgumentException(
          "gap.at-most: found " + atMost + ", expected 1 to " + MOST);
    }
    if ((fill == Fill.FEEDBACK) == feedback.isEmpty()) {
      throw new IllegalArgumentException(
          "gap: found "
              + (feedback.isEmpty() ? "no inputs" : "inputs")
              + " that outputs are fed back to, expected them with feedback and without it none");
    }
  }

  /** Fills in what the model saw before. */
  public static Gap previous(long expectMillis, int atMost) {
    return new Gap(expectMillis, Fill.PREVIOUS, atMost, Map.of());
  }

  /** Fills in the model's own outputs. */
  public static Gap feedback(long expectMillis, int atMost, Map<Integer, Integer> feedback) {
    return new Gap(expectMillis, Fill.FEEDBACK, atMost, feedback);
  }

  /**
   * Steps that are missing.
   *
   * @param last highest timestamp of the sequence, epoch milliseconds
   * @param timestamp of the next observation, epoch milliseconds
   * @return 0 for none
   */
  long missing(long last, long timestamp) {
    double distances = (timestamp - last) / (double) expectMillis;
    return distances > 1.5 ? Math.round(distances) - 1 : 0;
  }

  /** True if outputs are fed back. */
  boolean feedsBack() {
    return fill == Fill.FEEDBACK;
  }

  /** Steps that are missing between a sequence and its next observation; 0 for none. */
  long missing(SequenceState open, Observation observation) {
    return open.inputs == null ? 0 : missing(open.last, observation.timestamp);
  }

  /** True if the gap before an observation with features is too wide to be filled. */
  boolean isTooWide(SequenceState open, Observation observation) {
    return observation.features != null && missing(open, observation) > atMost;
  }

  /** Writes what the model sees at a filled step over what it saw at the one before. */
  void fill(float[] inputs, float[] output) {
    feedback.forEach((input, from) -> inputs[input] = output[from]);
  }
}
