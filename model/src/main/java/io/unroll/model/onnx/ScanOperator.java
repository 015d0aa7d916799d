package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scan (operator set 9 on) over the steps: the body becomes the cell, what it carries the state.
 */
final class ScanOperator implements Operator.Looping {
  /** Whether an input starts a state. */
  static boolean startsState(NodeProto node, int input) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals("num_scan_inputs")) {
        return input < node.getInputCount() - attribute.getI();
      }
    }
    return false;
  }

  @Override
  public List<Value> apply(Call call, States states, LoopSteps loop) {
    if (call.opset() < 9) {
      throw new Refusal("Scan of operator set " + call.opset() + ". Export with opset_version=18");
    }
    GraphProto graph = call.body("body");
    long scanned = call.integer("num_scan_inputs", 0);
    long carried = call.inputCount() - scanned;
    if (scanned < 1
        || carried < 0
        || graph.getInputCount() != call.inputCount()
        || graph.getOutputCount() < Math.max(carried, call.outputs())) {
      throw new Refusal(
          "%d inputs (%d of them scanned) and %d outputs, its body has %d and %d"
              .formatted(
                  call.inputCount(),
                  scanned,
                  call.outputs(),
                  graph.getInputCount(),
                  graph.getOutputCount()));
    }
    int carries = (int) carried;
    forward(call.integers("scan_input_directions"), "inputs");
    forward(call.integers("scan_output_directions"), "outputs");
    int @Nullable [] inputAxes = call.integers("scan_input_axes");
    int @Nullable [] outputAxes = call.integers("scan_output_axes");

    Body body = new Body(call, graph, states, loop);
    for (int i = carries; i < call.inputCount(); i++) {
      body.bind(i, slice(loop, call.input(i), at(inputAxes, i - carries)));
    }
    for (int i = 0; i < carries; i++) {
      body.carry(i, i, call.input(i));
    }
    body.run();
    Axis time = body.leave();
    List<Value> outputs = new ArrayList<>();
    for (int i = 0; i < carries; i++) {
      outputs.add(body.carried(i, i, call.input(i), time));
    }
    for (int i = carries; i < call.outputs(); i++) {
      outputs.add(Body.everyStep(body.output(i), time, at(outputAxes, i - carries)));
    }
    return outputs;
  }

  private static void forward(int @Nullable [] directions, String what) {
    if (directions != null) {
      for (int direction : directions) {
        if (direction != 0) {
          throw new Refusal(
              "scans its "
                  + what
                  + " in reverse, from the end of a sequence; a stream runs forward only."
                  + " Train a forward layer");
        }
      }
    }
  }

  private static long at(int @Nullable [] axes, int i) {
    return axes != null && i < axes.length ? axes[i] : 0;
  }

  private static Value slice(LoopSteps loop, Value value, long given) {
    if (value instanceof StepValue x) {
      return LoopOperators.oneStep(loop, x, Shapes.axis(given, x.rank()), false);
    }
    if (value instanceof Tensor constant) {
      int axis = Shapes.axis(given, constant.rank());
      if (!constant.repeats(axis)) {
        throw new Refusal("scans a constant that differs from step to step");
      }
      return constant.slice(axis, 0, 1, 1).remove(axis);
    }
    throw new Refusal("scans the numbers of another loop's iterations");
  }
}
