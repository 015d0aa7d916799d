package io.unroll.model.onnx;

import io.unroll.model.cell.Dense;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** MatMul with constant weights on one side: a dense layer on each row. */
final class MatMul implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value a = call.input(0);
    Value b = call.input(1);
    if (a instanceof Tensor x && b instanceof Tensor y) {
      if (x.rank() > 0) {
        call.requireKnown(x, x.rank() - 1);
      }
      return List.of(Fold.matMul(x, y));
    }
    if (a instanceof StepValue && b instanceof StepValue) {
      throw computed(call, call.step(0), call.step(1));
    }
    return List.of(b instanceof Tensor w ? right(call, call.step(0), w) : left(call, call.step(1)));
  }

  private static Refusal computed(Call call, StepValue a, StepValue b) {
    boolean within =
        call.around().oneStep()
            || (a.rank() > 0
                && a.axis(a.rank() - 1).isFeature()
                && b.axes().stream().skip(Math.max(0, b.rank() - 2)).allMatch(Axis::isFeature));
    return new Refusal(
        "multiplies two computed values"
            + (within
                ? ", which is not read" + NotStreamed.PRODUCTS_AND_SUMS
                : ", as attention to all steps does." + NotStreamed.TAKE_THE_LAST));
  }

  /** x·w. */
  private static StepValue right(Call call, StepValue x, Tensor weights) {
    Tensor w = matrix(weights);
    boolean vector = weights.rank() == 1;
    if (vector) {
      w = weights.insert(1);
    }
    if (x.rank() == 0) {
      throw new Refusal("multiplies a value of rank 0");
    }
    StepValue y = dense(call, x, w, new float[w.dim(1)], 0);
    List<Axis> axes = new ArrayList<>(y.axes());
    if (vector) {
      axes.remove(axes.size() - 1);
    }
    while (axes.size() < weights.rank() - (x.rank() == 1 ? 1 : 0)) {
      axes.add(0, Axis.ONE);
    }
    return y.with(axes);
  }

  /** w·x: the transpose of the transposes' product, along the last axis but one. */
  private static StepValue left(Call call, StepValue x) {
    Tensor weights = call.constant(0, "A");
    boolean column = x.rank() == 1;
    if (weights.rank() != 2 || x.rank() == 0) {
      throw new Refusal(
          "weights of "
              + Shapes.text(weights.dims())
              + " on the left, expected rank 2"
              + (weights.rank() > 2 ? NotStreamed.PRODUCTS_AND_SUMS : ""));
    }
    if (!x.axis(column ? 0 : x.rank() - 2).isFeature()) {
      throw new Refusal("has its weights on the left, which mixes steps or series");
    }
    Tensor w = weights.transpose(new int[] {1, 0});
    if (column) {
      return dense(call, x, w, new float[w.dim(1)], 0);
    }
    int last = x.rank() - 1;
    int[] swapped = new int[x.rank()];
    Arrays.setAll(swapped, i -> i == last ? last - 1 : i == last - 1 ? last : i);
    StepValue turned = Transpose.of(call, x, swapped);
    return Transpose.of(call, dense(call, turned, w, new float[w.dim(1)], 0), swapped);
  }

  /** Weights without leading axes of 1. */
  private static Tensor matrix(Tensor weights) {
    Tensor w = weights;
    while (w.rank() > 2 && w.dim(0) == 1) {
      w = w.remove(0);
    }
    if (w.rank() > 2 || w.rank() == 0) {
      throw new Refusal(
          "weights of "
              + Shapes.text(w.dims())
              + ", expected rank 2"
              + (w.rank() > 2 ? NotStreamed.PRODUCTS_AND_SUMS : ""));
    }
    return w;
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
      throw NotStreamed.mixes(call, "multiplies along the axis of");
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
