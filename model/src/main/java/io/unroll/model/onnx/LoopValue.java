package io.unroll.model.onnx;

import org.jspecify.annotations.Nullable;

/** What exists only because a graph loops over the steps; a stream has no use for its number. */
sealed interface LoopValue extends Value {

  /**
   * The number of the iteration, plus a constant.
   *
   * @param offset what is added to the iterations done before
   * @param rank of the ONNX value, whose extents are all 1
   */
  record Counter(long offset, int rank) implements LoopValue {}

  /**
   * A condition that holds in the iterations below a bound.
   *
   * @param bound iterations for which it holds
   */
  record Below(long bound) implements LoopValue {}

  /**
   * One element per step: ONNX's sequence of tensors.
   *
   * @param element what each iteration adds; null as long as it is empty
   */
  record Collected(@Nullable StepValue element) implements LoopValue {}
}
