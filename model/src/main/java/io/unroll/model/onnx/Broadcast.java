package io.unroll.model.onnx;

import io.unroll.model.cell.Literal;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Values of which at least one is computed per step, brought to common axes by NumPy's rule
 * (operator sets from 7 on).
 */
final class Broadcast {
  private final Call call;
  private final StepValue like;
  private final int[] dims; // of the common row

  Broadcast(Call call, Value... values) {
    this.call = call;
    int rank = 0;
    StepValue first = null;
    for (Value value : values) {
      rank = Math.max(rank, value instanceof StepValue s ? s.rank() : ((Tensor) value).rank());
      if (first == null && value instanceof StepValue step) {
        first = step;
      }
    }
    if (first == null) {
      throw new IllegalArgumentException("no value is computed per step");
    }
    List<Axis> axes = widened(first, rank);
    for (Value value : values) {
      if (value instanceof StepValue step) {
        join(axes, first, step);
      }
    }
    for (Value value : values) {
      if (value instanceof Tensor constant) {
        join(axes, first, constant);
      }
    }
    like = first.with(axes);
    dims = like.featureDims();
    StepValue.checkWidth(Shapes.count(dims));
  }

  private static void join(List<Axis> axes, StepValue first, StepValue other) {
    if (first.last() != other.last()) {
      throw new Refusal("combines the last step with every step, which mixes steps");
    }
    List<Axis> wide = widened(other, axes.size());
    for (int i = 0; i < axes.size(); i++) {
      Axis x = axes.get(i);
      Axis y = wide.get(i);
      if (x.factors().isEmpty() && y.isFeature()) {
        axes.set(i, y);
      } else if (!x.equals(y) && !(y.factors().isEmpty() && x.isFeature())) {
        throw new Refusal(
            "combines values of %s and %s, whose axes do not agree"
                .formatted(Shapes.text(first.dims()), Shapes.text(other.dims())));
      }
    }
  }

  private static void join(List<Axis> axes, StepValue first, Tensor constant) {
    Tensor row = constant.expand(leadingOnes(constant, axes.size()));
    for (int i = 0; i < axes.size(); i++) {
      int size = axes.get(i).size();
      int dim = row.dim(i);
      if (dim != 1 && size != 1 && dim != size) {
        throw new Refusal(
            "a constant of "
                + Shapes.text(constant.dims())
                + " for values of "
                + Shapes.text(first.dims()));
      }
      if (dim != 1 && size == 1) {
        axes.set(i, Axis.of(new Feature(dim)));
      }
    }
  }

  private static List<Axis> widened(StepValue x, int rank) {
    List<Axis> axes = new ArrayList<>(x.axes());
    while (axes.size() < rank) {
      axes.add(0, Axis.MADE);
    }
    return axes;
  }

  private static int[] leadingOnes(Tensor tensor, int rank) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    System.arraycopy(tensor.dims(), 0, dims, rank - tensor.rank(), tensor.rank());
    return dims;
  }

  /** The register that holds one of the values along the common axes. */
  int register(Value value) {
    if (value instanceof StepValue step) {
      StepValue wide = step.with(widened(step, dims.length));
      return call.pick(wide, wide.spread(dims));
    }
    Literal literal = new Literal(call.graph(), call.name(), row((Tensor) value));
    call.graph().add(literal);
    return literal.output();
  }

  /** A constant along the common axes. */
  float[] row(Tensor constant) {
    Tensor row = constant.expand(leadingOnes(constant, dims.length));
    for (int i = 0; i < dims.length; i++) {
      if (row.dim(i) != 1 && !like.axis(i).isFeature()) {
        if (!row.repeats(i)) {
          throw new Refusal("a constant that differs from step to step or from series to series");
        }
        row = row.slice(i, 0, 1, 1);
      }
    }
    return call.numbers(row.expand(dims));
  }

  /** What was computed from the values, along the common axes. */
  StepValue result(int register, Type type) {
    return like.with(register, like.axes()).as(type);
  }
}
