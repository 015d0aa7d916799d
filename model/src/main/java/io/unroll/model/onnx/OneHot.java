package io.unroll.model.onnx;

import io.unroll.model.kernel.BinaryFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** OneHot: each whole number becomes a row with one place on; a number that has no place, none. */
final class OneHot implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value indices = call.input(0);
    int rank = indices instanceof StepValue s ? s.rank() : ((Tensor) indices).rank();
    int axis = Shapes.axis(call.integer("axis", -1), rank + 1);
    Tensor depths = call.constant(1, "depth");
    Tensor values = call.constant(2, "values");
    if (depths.count() != 1 || values.rank() != 1 || values.dim(0) != 2) {
      throw new Refusal(
          "depth %s and values %s, expected one number and two"
              .formatted(Shapes.text(depths.dims()), Shapes.text(values.dims())));
    }
    int depth = StepValue.checkWidth(depths.toLongs()[0]);
    if (depth <= 0 || depths.open()) {
      throw new Refusal("a depth of " + depth);
    }
    Value index = whole(call, indices);
    Value inserted = index instanceof Tensor tensor ? tensor.insert(axis) : inserted(index, axis);
    Value on =
        Elementwise.binary(
            call,
            BinaryFunction.MAX,
            equal(call, inserted, places(rank, axis, depth, 0)),
            equal(call, inserted, places(rank, axis, depth, -depth))); // counted from the end
    return List.of(Where.choose(call, on, values.slice(0, 1, 1, 1), values.slice(0, 0, 1, 1)));
  }

  private static Value whole(Call call, Value indices) {
    if (indices instanceof StepValue step) {
      return step.type() == Type.FLOAT ? Elementwise.whole(call, step) : step;
    }
    Tensor tensor = (Tensor) indices;
    return tensor.isFloat() ? Tensor.of(tensor.toLongs(), tensor.dims()) : tensor;
  }

  private static StepValue inserted(Value value, int axis) {
    StepValue step = (StepValue) value;
    List<Axis> axes = new ArrayList<>(step.axes());
    axes.add(axis, Axis.ONE);
    return step.with(axes);
  }

  private static Value equal(Call call, Value a, Tensor b) {
    return Elementwise.binary(call, BinaryFunction.EQUAL, a, b);
  }

  /** first, first + 1, ... along the axis. */
  private static Tensor places(int rank, int axis, int depth, int first) {
    long[] places = new long[depth];
    Arrays.setAll(places, i -> first + i);
    int[] dims = new int[rank + 1];
    Arrays.fill(dims, 1);
    dims[axis] = depth;
    return Tensor.of(places, dims);
  }
}
