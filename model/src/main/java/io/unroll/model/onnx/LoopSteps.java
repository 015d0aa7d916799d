package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.List;

/** What a loop over the steps gets besides: its body is walked once, as one step. */
interface LoopSteps {

  /** From here on, the body of a loop is walked. */
  BodyScope enter(GraphProto body);

  /** The loop that is walked takes one step of a value along this axis. */
  void stepsAlong(StepValue x, Axis axis);

  /** The axes of a state of these extents: the batch where one is the batch's, else features. */
  List<Axis> stateAxes(int... dims);

  /**
   * The body has been walked; its iterations are the stream's steps.
   *
   * @param loop how messages call it
   * @param given a graph input says what it starts from
   * @return the axis of steps
   */
  Axis leave(String loop, boolean given);
}
