package io.unroll.job.operator;

import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import java.io.Serializable;
import java.util.List;

/**
 * Everything that the operator is told. Travels in the job graph; the model as bytes, so that
 * TaskManagers read no files.
 *
 * @param model the ONNX file
 * @param features in the model's order
 * @param idleTimeoutMillis how long after its last timestamp a sequence closes; {@link #NO_TIMEOUT}
 *     for never
 * @param maxSteps after how many steps a sequence closes; {@link #NO_LIMIT} for never
 * @param emit when a prediction goes out
 * @param window how many of the last inputs each step runs from the initial state; {@link
 *     #STATEFUL} to go on from the state that the step before left
 * @param tuning how fast; no output depends on it
 */
public record SequenceConfig(
    OnnxFile model,
    List<Feature> features,
    long idleTimeoutMillis,
    long maxSteps,
    Emit emit,
    int window,
    Tuning tuning)
    implements Serializable {

  /** No idle timeout. */
  public static final long NO_TIMEOUT = Long.MAX_VALUE;

  /** No limit of steps. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** No window: a step goes on from the state that the one before left. */
  public static final int STATEFUL = 0;

  public SequenceConfig {
    features = List.copyOf(features);
    if (idleTimeoutMillis <= 0) {
      throw new IllegalArgumentException(
          "idle-timeout: found " + idleTimeoutMillis + " ms, expected more than 0");
    }
    if (maxSteps <= 0) {
      throw new IllegalArgumentException("max-steps: found " + maxSteps + ", expected at least 1");
    }
    if (window < STATEFUL || window > RecurrentModel.LONGEST_WINDOW) {
      throw new IllegalArgumentException(
          "window: found %d inputs, expected 1 to %d, or 0 for none"
              .formatted(window, RecurrentModel.LONGEST_WINDOW));
    }
  }

  /** The model as it is served: itself, or by windows of inputs. */
  public RecurrentModel serve(RecurrentModel stateful) {
    return window == STATEFUL ? stateful : stateful.window(window);
  }

  /**
   * When a sequence is over for lack of observations.
   *
   * @param last highest timestamp seen, epoch milliseconds
   * @return epoch milliseconds; {@link Long#MAX_VALUE} for never
   */
  long due(long last) {
    return saturatedSum(last, idleTimeoutMillis);
  }

  /** True if time can close a sequence. */
  boolean timesOut() {
    return idleTimeoutMillis != NO_TIMEOUT;
  }

  private static long saturatedSum(long timestamp, long duration) {
    long sum = timestamp + duration;
    return duration == NO_TIMEOUT || ((timestamp ^ sum) & (duration ^ sum)) < 0
        ? Long.MAX_VALUE
        : sum;
  }
}
