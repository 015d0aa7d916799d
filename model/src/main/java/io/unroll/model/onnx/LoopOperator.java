package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.unroll.model.onnx.LoopValue.Below;
import io.unroll.model.onnx.LoopValue.Counter;
import java.util.ArrayList;
import java.util.List;

/**
 * Loop over the steps of the input, one step per iteration, as TensorFlow's exports and scripted
 * PyTorch keep it: the body becomes the cell, what it carries the state.
 */
final class LoopOperator implements Operator.Looping {
  private static final int TRIPS = 0;
  private static final int CONDITION = 1;
  private static final int CARRIED = 2;

  /** Whether an input starts a state: carried, and changed by the body. */
  static boolean startsState(NodeProto node, int input) {
    if (input < CARRIED) {
      return false;
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      GraphProto body = attribute.getG();
      if (attribute.getName().equals("body")
          && input < body.getInputCount()
          && input - 1 < body.getOutputCount()) {
        return !Body.passesOn(body, input, input - 1);
      }
    }
    return false;
  }

  @Override
  public List<Value> apply(Call call, States states, LoopSteps loop) {
    GraphProto graph = call.body("body");
    int inputs = call.inputCount();
    if (inputs < CARRIED
        || graph.getInputCount() != inputs
        || graph.getOutputCount() < inputs - 1
        || graph.getOutputCount() < call.outputs() + 1) {
      throw new Refusal(
          "%d inputs and %d outputs, its body has %d and %d"
              .formatted(inputs, call.outputs(), graph.getInputCount(), graph.getOutputCount()));
    }
    long trips = call.optional(TRIPS) == null ? Long.MAX_VALUE : number(call, TRIPS, "M");
    if (call.optional(CONDITION) != null && number(call, CONDITION, "cond") == 0) {
      throw new Refusal("never runs its body");
    }
    Body body = new Body(call, graph, states, loop);
    body.bind(0, new Counter(0, body.rank(0)));
    body.bind(1, new Below(Long.MAX_VALUE));
    for (int i = CARRIED; i < inputs; i++) {
      body.carry(i, i - 1, call.input(i));
    }
    body.run();
    Axis time = body.leave();
    checkIterations(Math.min(trips, runs(body.output(0))), time);

    List<Value> outputs = new ArrayList<>();
    for (int i = CARRIED; i < inputs; i++) {
      outputs.add(body.carried(i, i - 1, call.input(i), time));
    }
    for (int i = outputs.size(); i < call.outputs(); i++) {
      outputs.add(Body.everyStep(body.output(i + 1), time, 0));
    }
    return outputs;
  }

  private static long number(Call call, int input, String role) {
    Tensor tensor = call.constant(input, role);
    if (tensor.isFloat() || tensor.count() != 1) {
      throw new Refusal(role + " is " + Shapes.text(tensor.dims()) + ", expected one whole number");
    }
    return tensor.toLongs()[0];
  }

  /** Iterations after which the condition ends the loop. */
  private static long runs(Value condition) {
    if (condition instanceof Below below) {
      return below.bound() == Long.MAX_VALUE ? Long.MAX_VALUE : below.bound() + 1;
    }
    if (condition instanceof Tensor constant && constant.count() == 1) {
      return constant.toLongs()[0] != 0 ? Long.MAX_VALUE : 1;
    }
    throw new Refusal(
        "its end depends on the data; a loop over the steps ends with the sequence."
            + " Export the body as one step, and name its states");
  }

  private static void checkIterations(long iterations, Axis time) {
    if (iterations != time.size()) {
      String runs = iterations == Long.MAX_VALUE ? "without end" : iterations + " times";
      throw new Refusal(
          "runs "
              + runs
              + " over an axis of "
              + time.size()
              + " steps; only a loop over every step is a stream."
              + " Export the body as one step, and name its states");
    }
  }
}
