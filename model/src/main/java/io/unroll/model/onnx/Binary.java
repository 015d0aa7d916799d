package io.unroll.model.onnx;

import io.unroll.model.cell.Combine;
import io.unroll.model.cell.CombineConstant;
import io.unroll.model.kernel.BinaryFunction;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A function of two values, with NumPy's broadcasting along features (operator sets from 7 on). */
record Binary(BinaryFunction function) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value result = call.input(0);
    for (int i = 1; i < Math.max(2, call.inputCount()); i++) {
      result = combine(call, result, call.input(i));
    }
    return List.of(result);
  }

  private Value combine(Call call, Value a, Value b) {
    if (a instanceof Tensor x && b instanceof Tensor y) {
      return Fold.binary(function, x, y);
    }
    if (a instanceof StepValue x && b instanceof Tensor y) {
      return combine(call, function, x, y, false);
    }
    if (a instanceof Tensor x && b instanceof StepValue y) {
      return combine(call, function, y, x, true);
    }
    return combine(call, (StepValue) a, (StepValue) b);
  }

  /** f(x, constant), or f(constant, x). */
  static StepValue combine(
      Call call, BinaryFunction f, StepValue x, Tensor constant, boolean constantFirst) {
    refuseWhole(x);
    int rank = Math.max(x.rank(), constant.rank());
    StepValue wide = widened(x, rank);
    List<Axis> axes = new ArrayList<>();
    Tensor row = constant.expand(leadingOnes(constant, rank));
    for (int i = 0; i < rank; i++) {
      Axis axis = wide.axis(i);
      int size = axis.size();
      int dim = row.dim(i);
      if (dim != 1 && size != 1 && dim != size) {
        throw new Refusal(
            "a constant of "
                + Shapes.text(constant.dims())
                + " for values of "
                + Shapes.text(x.dims()));
      }
      if (dim != 1 && !axis.isFeature()) {
        if (!row.repeats(i)) {
          throw new Refusal("a constant that differs from step to step or from series to series");
        }
        row = row.slice(i, 0, 1, 1);
      }
      axes.add(size == 1 && dim != 1 ? Axis.of(new Feature(dim)) : axis);
    }
    StepValue result = wide.with(axes);
    int[] dims = result.featureDims();
    int register = call.pick(wide, wide.spread(dims));
    CombineConstant node =
        new CombineConstant(
            call.graph(),
            call.op(),
            call.name(),
            f,
            call.numbers(row.expand(dims)),
            constantFirst,
            constant.isFloat() ? constant.cut().count() : 0,
            register);
    call.graph().add(node);
    return result.with(node.output(), axes);
  }

  private StepValue combine(Call call, StepValue a, StepValue b) {
    refuseWhole(a);
    refuseWhole(b);
    if (a.last() != b.last()) {
      throw new Refusal("combines the last step with every step, which mixes steps");
    }
    int rank = Math.max(a.rank(), b.rank());
    StepValue wideA = widened(a, rank);
    StepValue wideB = widened(b, rank);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      Axis x = wideA.axis(i);
      Axis y = wideB.axis(i);
      if (x.equals(y) || (y.factors().isEmpty() && x.isFeature())) {
        axes.add(x);
      } else if (x.factors().isEmpty() && y.isFeature()) {
        axes.add(y);
      } else {
        throw new Refusal(
            "combines values of %s and %s, whose axes do not agree"
                .formatted(Shapes.text(a.dims()), Shapes.text(b.dims())));
      }
    }
    int[] dims = wideA.with(axes).featureDims();
    int left = call.pick(wideA, wideA.spread(dims));
    int right = call.pick(wideB, wideB.spread(dims));
    Combine node = new Combine(call.graph(), call.op(), call.name(), function, left, right);
    call.graph().add(node);
    return wideA.with(node.output(), axes);
  }

  private static void refuseWhole(StepValue x) {
    if (x.whole()) {
      throw new Refusal("computes with whole numbers; only float32 features are read");
    }
  }

  private static StepValue widened(StepValue x, int rank) {
    List<Axis> axes = new ArrayList<>(x.axes());
    while (axes.size() < rank) {
      axes.add(0, Axis.ONE);
    }
    return x.with(axes);
  }

  private static int[] leadingOnes(Tensor tensor, int rank) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    System.arraycopy(tensor.dims(), 0, dims, rank - tensor.rank(), tensor.rank());
    return dims;
  }
}
