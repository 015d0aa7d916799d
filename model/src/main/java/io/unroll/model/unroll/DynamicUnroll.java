package io.unroll.model.unroll;

import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * One cell in a loop over {@code [batch][step][feature]}: the working memory does not grow with the
 * number of steps. Outputs past a sample's end are zero and its state is that of its last real
 * step. Thread safe.
 */
public final class DynamicUnroll {
  private final RecurrentModel model;

  public DynamicUnroll(RecurrentModel model) {
    this.model = model;
  }

  /** All steps of every sample, from the model's own initial state. */
  public Unrolled run(float[][][] input) {
    return run(input, null, null);
  }

  /**
   * Each sample up to its own length.
   *
   * @param input [batch][step][feature]
   * @param sequenceLength [batch], or null: every sample is as long as the input
   * @param initialStates [batch][state], or null: the model's own
   * @throws IllegalArgumentException when a dimension does not fit or a value is not finite
   */
  public Unrolled run(
      float[][][] input, int @Nullable [] sequenceLength, float @Nullable [][] initialStates) {
    Batch batch = new Batch(model, input, sequenceLength, initialStates);
    int rows = Math.max(1, batch.size());
    Workspace workspace = model.workspace(rows);
    FMatrixRMaj x = new FMatrixRMaj(rows, model.inputSize());
    FMatrixRMaj state = new FMatrixRMaj(rows, model.stateLayout().size());
    for (int t = 0; t < batch.steps(); t++) {
      batch.step(t, x, state, workspace);
    }
    return batch.result();
  }
}
