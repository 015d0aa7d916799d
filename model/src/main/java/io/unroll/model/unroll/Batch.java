package io.unroll.model.unroll;

import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A batch of sequences on its way through a network. Only the rows whose sequence goes on are
 * stepped: a finished sample's state stays what it was.
 */
final class Batch {
  private final RecurrentModel model;
  private final float[][][] input;
  private final int[] lengths;
  private final Unrolled result;

  /**
   * Checks every dimension.
   *
   * @param input [batch][step][feature], samples of one number of steps
   * @param sequenceLength [batch], or null: every sample is as long as the input
   * @param initialStates [batch][state], or null: the model's own
   */
  Batch(
      RecurrentModel model,
      float[][][] input,
      int @Nullable [] sequenceLength,
      float @Nullable [][] initialStates) {
    this.model = model;
    this.input = input;
    int batch = input.length;
    int steps = batch == 0 ? 0 : input[0].length;
    lengths = new int[batch];
    if (sequenceLength != null) {
      expect("sequence lengths", sequenceLength.length, batch);
    }
    if (initialStates != null) {
      expect("initial states", initialStates.length, batch);
    }
    int stateSize = model.stateLayout().size();
    float[][] states = new float[batch][stateSize];
    for (int b = 0; b < batch; b++) {
      expect("steps of sample " + b, input[b].length, steps);
      for (int t = 0; t < steps; t++) {
        if (input[b][t].length != model.inputSize()) { // no message, and no bytes, per good step
          expect("features of sample " + b + ", step " + t, input[b][t].length, model.inputSize());
        }
      }
      lengths[b] = sequenceLength == null ? steps : sequenceLength[b];
      if (lengths[b] < 0 || lengths[b] > steps) {
        throw new IllegalArgumentException(
            "length of sample %d: found %d, expected 0 to %d".formatted(b, lengths[b], steps));
      }
      if (initialStates == null) {
        model.initialState(states[b], 0);
      } else {
        expect("initial state of sample " + b, initialStates[b].length, stateSize);
        states[b] = initialStates[b].clone();
      }
    }
    int outputs = model.outputSize();
    result = new Unrolled(new float[batch][steps][outputs], states, new float[batch][outputs]);
  }

  int size() {
    return input.length;
  }

  int steps() {
    return input.length == 0 ? 0 : input[0].length;
  }

  Unrolled result() {
    return result;
  }

  /** Advances the samples that have a step t. The matrices are scratch for {@link #size} rows. */
  void step(int t, FMatrixRMaj x, FMatrixRMaj state, Workspace workspace) {
    int rows = 0;
    for (int b = 0; b < size(); b++) {
      if (t < lengths[b]) {
        System.arraycopy(input[b][t], 0, x.data, rows * x.numCols, x.numCols);
        System.arraycopy(
            result.finalStates()[b], 0, state.data, rows * state.numCols, state.numCols);
        rows++;
      }
    }
    x.numRows = rows;
    state.numRows = rows;
    model.step(x, state, workspace);
    int outputs = model.outputSize();
    int row = 0;
    for (int b = 0; b < size(); b++) {
      if (t < lengths[b]) {
        if (!workspace.advanced(row)) {
          throw new IllegalArgumentException(
              "sample " + b + ", step " + t + ": the output or the next state is not finite");
        }
        System.arraycopy(
            state.data, row * state.numCols, result.finalStates()[b], 0, state.numCols);
        System.arraycopy(
            workspace.output().data, row * outputs, result.outputs()[b][t], 0, outputs);
        if (t == lengths[b] - 1) {
          System.arraycopy(
              workspace.output().data, row * outputs, result.lastOutputs()[b], 0, outputs);
        }
        row++;
      }
    }
  }

  private static void expect(String what, int found, int expected) {
    if (found != expected) {
      throw new IllegalArgumentException(what + ": found " + found + ", expected " + expected);
    }
  }
}
