package io.unroll.model.onnx;

import org.jspecify.annotations.Nullable;

/** Where operators that carry a state from step to step put it. */
interface States {

  /** Whether what is walked is one step: the graph itself, or the body of a loop over steps. */
  boolean oneStep();

  /** A recurrent node steps along these axes: from here on they are time and batch. */
  void recurrentOver(Axis time, Axis batch);

  /**
   * Refuses an axis of steps that is not the stream's time by what the file says, or notes it where
   * the user insists.
   *
   * @param layer how messages call it
   * @param x what the layer reads
   * @param given a graph input says what its state starts from: the graph is a step by itself
   */
  void streamAlong(String layer, StepValue x, Axis time, Axis batch, boolean given);

  /**
   * Adds a slot to the state.
   *
   * @param start the value of the graph that it starts from; null for none
   * @return its index
   */
  int slot(String name, float[] initial, @Nullable Value start);

  /** A step leaves a slot's next value in this register. */
  void next(int slot, int register);
}
