package io.unroll.model.unroll;

import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * One copy of the cell per step, for a fixed number of steps and rows: the graph, and with it the
 * memory, grows with the number of steps. The copies share the weights. Not thread safe.
 */
public final class StaticUnroll {
  private final RecurrentModel model;
  private final int rows;
  private final List<Copy> copies;

  private record Copy(FMatrixRMaj input, FMatrixRMaj state, Workspace workspace) {}

  /**
   * @param steps the fixed number of steps
   * @param rows the largest batch
   */
  public StaticUnroll(RecurrentModel model, int steps, int rows) {
    if (steps < 0) {
      throw new IllegalArgumentException("steps: found " + steps + ", expected 0 or more");
    }
    this.model = model;
    this.rows = rows;
    copies = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      copies.add(
          new Copy(
              new FMatrixRMaj(rows, model.inputSize()),
              new FMatrixRMaj(rows, model.stateLayout().size()),
              model.workspace(rows)));
    }
  }

  /** All steps of every sample, from the model's own initial state. */
  public Unrolled run(float[][][] input) {
    return run(input, null, null);
  }

  /**
   * Each sample up to its own length.
   *
   * @param input [batch][step][feature], of exactly the fixed number of steps
   * @param sequenceLength [batch], or null: every sample is as long as the input
   * @param initialStates [batch][state], or null: the model's own
   * @throws IllegalArgumentException when a dimension does not fit or a value is not finite
   */
  public Unrolled run(
      float[][][] input, int @Nullable [] sequenceLength, float @Nullable [][] initialStates) {
    Batch batch = new Batch(model, input, sequenceLength, initialStates);
    if (batch.size() > rows) {
      throw new IllegalArgumentException(
          "batch: found " + batch.size() + " samples, expected at most " + rows);
    }
    if (batch.size() > 0 && batch.steps() != copies.size()) {
      throw new IllegalArgumentException(
          "steps: found " + batch.steps() + ", expected " + copies.size());
    }
    if (batch.size() > 0) {
      for (int t = 0; t < copies.size(); t++) {
        Copy copy = copies.get(t);
        batch.step(t, copy.input(), copy.state(), copy.workspace());
      }
    }
    return batch.result();
  }
}
