package io.unroll.model.onnx;

import io.unroll.model.cell.Softmax;
import java.util.Arrays;
import java.util.List;

/**
 * Softmax and LogSoftmax along features: one axis, or (operator sets below 13) all axes from {@code
 * axis} on.
 */
final class SoftmaxOperator implements Operator {
  @Override
  public List<Value> apply(Call call) {
    StepValue x = call.step(0);
    boolean flattens = call.opset() < 13;
    int axis = Shapes.axis(call.integer("axis", flattens ? 1 : -1), x.rank());
    int last = x.rank() - 1;
    int end = flattens ? last : axis;
    int group = 1;
    for (int i = axis; i <= end; i++) {
      if (!x.axis(i).isFeature()) {
        throw NotStreamed.mixes(call, "runs over");
      }
      group = Math.multiplyExact(group, x.axis(i).size());
    }
    if (flattens) {
      return List.of(softmax(call, x, group));
    }
    int[] swapped = new int[x.rank()];
    Arrays.setAll(swapped, i -> i == axis ? last : i == last ? axis : i);
    StepValue y = softmax(call, Transpose.of(call, x, swapped), group);
    return List.of(Transpose.of(call, y, swapped));
  }

  private static StepValue softmax(Call call, StepValue x, int group) {
    boolean logarithm = call.op().equals("LogSoftmax");
    Softmax node = new Softmax(call.graph(), call.name(), group, logarithm, x.register());
    call.graph().add(node);
    return x.with(node.output(), x.axes());
  }
}
