package io.unroll.model.onnx;

import io.unroll.model.cell.Dense;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.List;

/** MatMul with constant weights on the right: a dense layer on each row. */
final class MatMul implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value a = call.input(0);
    Value b = call.input(1);
    if (a instanceof Tensor x && b instanceof Tensor y) {
      return List.of(Fold.product(x, y));
    }
    if (b instanceof StepValue) {
      throw new Refusal(
          a instanceof StepValue
              ? "multiplies two computed values (as attention does), which mixes steps"
              : "has its weights on the left, which mixes steps or series");
    }
    StepValue x = call.step(0);
    Tensor w = call.constant(1, "B");
    while (w.rank() > 2 && w.dim(0) == 1) {
      w = w.remove(0);
    }
    boolean vector = w.rank() == 1;
    if (vector) {
      w = w.insert(1);
    }
    if (w.rank() != 2 || x.rank() == 0) {
      throw new Refusal("weights of " + Shapes.text(w.dims()) + ", expected rank 2");
    }
    StepValue y = dense(call, x, w, new float[w.dim(1)], 0);
    return List.of(vector ? y.with(y.axes().subList(0, y.rank() - 1)) : y);
  }

  /**
   * x·w + bias along the last axis.
   *
   * @param w (inputs, outputs)
   * @param biasParameters trained numbers in the bias
   */
  static StepValue dense(Call call, StepValue x, Tensor w, float[] bias, long biasParameters) {
    Axis last = x.axis(x.rank() - 1);
    if (!last.isFeature()) {
      throw new Refusal("multiplies along the axis of steps or series, which mixes them");
    }
    if (w.dim(0) != last.size()) {
      throw new Refusal(
          "weights of " + Shapes.text(w.dims()) + " for rows of " + last.size() + " values");
    }
    Dense node =
        new Dense(
            call.graph(),
            call.name(),
            w.dim(0),
            w.dim(1),
            call.numbers(w),
            bias,
            w.count() + biasParameters,
            x.register());
    call.graph().add(node);
    List<Axis> axes = new ArrayList<>(x.axes());
    axes.set(x.rank() - 1, Axis.of(new Feature(w.dim(1))));
    return x.with(node.output(), axes);
  }
}
