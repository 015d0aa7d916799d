package io.unroll.model.onnx;

import java.util.List;

/**
 * What one ONNX operator does to constants and to per-step values. An implementation is one small
 * class and one line in {@link Operators}.
 */
interface Operator {
  /**
   * The node's outputs, in order; a null or missing tail stands for outputs that are not offered.
   *
   * @throws Refusal when this node cannot run step by step
   */
  List<Value> apply(Call call);

  /** One that carries a state from step to step. */
  interface Stateful {
    /** As {@link Operator#apply}. */
    List<Value> apply(Call call, States states);
  }

  /** One that is about the iterations of a loop. */
  interface Looping {
    /** As {@link Operator#apply}. */
    List<Value> apply(Call call, States states, LoopSteps loop);
  }
}
