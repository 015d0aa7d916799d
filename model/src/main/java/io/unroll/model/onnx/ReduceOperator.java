package io.unroll.model.onnx;

import io.unroll.model.cell.Reduce;
import io.unroll.model.kernel.Reduction;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ReduceMean and its like, ArgMax and ArgMin, over features. Axes are an attribute or, from
 * operator set 13 (ReduceSum) and 18 on, an input.
 */
record ReduceOperator(Reduction function) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int rank = x instanceof StepValue s ? s.rank() : ((Tensor) x).rank();
    boolean[] reduced = new boolean[rank];
    if (isPlace()) {
      reduced[Shapes.axis(call.integer("axis", 0), rank)] = true;
    } else {
      int[] axes = call.integers("axes", 1);
      if (axes == null || axes.length == 0) {
        // Without an axis what is left is the function of one value: a square, a magnitude.
        Arrays.fill(reduced, call.integer("noop_with_empty_axes", 0) == 0);
      } else {
        for (int axis : axes) {
          reduced[Shapes.axis(axis, rank)] = true;
        }
      }
    }
    boolean keep = call.integer("keepdims", 1) != 0;
    Reduction f = picked(call);
    if (x instanceof Tensor constant) {
      return List.of(fold(call, f, constant, reduced, keep));
    }
    return List.of(reduce(call, f, (StepValue) x, reduced, keep));
  }

  private boolean isPlace() {
    return function == Reduction.ARG_MAX || function == Reduction.ARG_MIN;
  }

  private Reduction picked(Call call) {
    if (call.integer("select_last_index", 0) == 0) {
      return function;
    }
    return switch (function) {
      case ARG_MAX -> Reduction.ARG_MAX_LAST;
      case ARG_MIN -> Reduction.ARG_MIN_LAST;
      default -> function;
    };
  }

  private StepValue reduce(Call call, Reduction f, StepValue x, boolean[] reduced, boolean keep) {
    List<Integer> order = new ArrayList<>();
    List<Axis> axes = new ArrayList<>();
    int group = 1;
    for (int i = 0; i < reduced.length; i++) {
      if (!reduced[i]) {
        order.add(i);
        axes.add(x.axis(i));
      } else if (keep) {
        axes.add(Axis.ONE);
      }
    }
    for (int i = 0; i < reduced.length; i++) {
      if (reduced[i]) {
        requireFeature(call, x.axis(i));
        order.add(i);
        group = Math.multiplyExact(group, x.axis(i).size());
      }
    }
    int[] perm = order.stream().mapToInt(Integer::intValue).toArray();
    StepValue turned = Transpose.of(call, x, perm);
    Reduce node = new Reduce(call.graph(), call.op(), call.name(), f, group, turned.register());
    call.graph().add(node);
    StepValue result = x.with(node.output(), axes);
    if (isPlace()) {
      return result.as(Type.WHOLE);
    }
    boolean chosen = f == Reduction.MAX || f == Reduction.MIN;
    return x.type() == Type.FLOAT || chosen ? result : Elementwise.whole(call, result);
  }

  private void requireFeature(Call call, Axis axis) {
    if (axis.isFeature()) {
      return;
    }
    String what = "steps or series";
    if (axis.isOuter()) {
      Outer outer = axis.outer();
      what = call.around().nameOf(outer);
      if (call.around().isTime(outer)) {
        throw new Refusal(
            verb()
                + " the steps (pooling over time); a stream has one step at a time. Take the last"
                + " step instead, and retrain");
      }
    }
    throw new Refusal(verb() + " the " + what + ", which mixes them");
  }

  private String verb() {
    return switch (function) {
      case MEAN -> "averages over";
      case MAX, MIN ->
          "takes the " + (function == Reduction.MAX ? "largest" : "smallest") + " over";
      case ARG_MAX, ARG_MIN -> "searches";
      default -> "sums up";
    };
  }

  private Tensor fold(Call call, Reduction f, Tensor x, boolean[] reduced, boolean keep) {
    if (x.isFloat()) {
      Operator perStep = inner -> List.of(reduce(inner, f, inner.step(0), reduced, keep));
      return (Tensor) new OnConstants(perStep).apply(call).get(0);
    }
    if (x.origin() != null) {
      throw new Refusal("computes with the initial state '" + x.origin() + "'");
    }
    for (int axis = 0; axis < reduced.length; axis++) {
      if (reduced[axis]) {
        call.requireKnown(x, axis);
      }
    }
    int[] dims = x.dims();
    int[] kept = dims.clone();
    List<Integer> order = new ArrayList<>();
    List<Integer> last = new ArrayList<>();
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < dims.length; i++) {
      (reduced[i] ? last : order).add(i);
      kept[i] = reduced[i] ? 1 : dims[i];
      if (keep || !reduced[i]) {
        result.add(kept[i]);
      }
    }
    order.addAll(last);
    Tensor turned = x.transpose(order.stream().mapToInt(Integer::intValue).toArray());
    long[] values = turned.toLongs();
    boolean[] open = turned.toOpen();
    if (Shapes.count(kept) > Limits.MAX_ELEMENTS) { // of no elements each
      throw new Refusal("a constant of " + Shapes.count(kept) + " elements");
    }
    int groups = (int) Shapes.count(kept);
    int group = groups == 0 ? 0 : values.length / groups;
    long[] folded = new long[groups];
    boolean[] foldedOpen = new boolean[groups];
    for (int g = 0; g < groups; g++) {
      folded[g] = whole(f, Arrays.copyOfRange(values, g * group, (g + 1) * group));
      for (int i = g * group; i < (g + 1) * group; i++) {
        foldedOpen[g] |= open[i];
      }
    }
    return Tensor.of(folded, foldedOpen, result.stream().mapToInt(Integer::intValue).toArray());
  }

  private static long whole(Reduction f, long[] x) {
    if (x.length == 0 && f != Reduction.SUM && f != Reduction.PROD) {
      throw new Refusal("works on a constant without elements");
    }
    long result = f == Reduction.SUM ? 0 : f == Reduction.PROD ? 1 : x[0];
    int place = 0;
    for (int i = 0; i < x.length; i++) {
      switch (f) {
        case SUM -> result = Math.addExact(result, x[i]);
        case PROD -> result = Math.multiplyExact(result, x[i]);
        case MAX -> result = Math.max(result, x[i]);
        case MIN -> result = Math.min(result, x[i]);
        case ARG_MAX -> place = x[i] > x[place] ? i : place;
        case ARG_MAX_LAST -> place = x[i] >= x[place] ? i : place;
        case ARG_MIN -> place = x[i] < x[place] ? i : place;
        case ARG_MIN_LAST -> place = x[i] <= x[place] ? i : place;
        default -> throw new Refusal("works on whole numbers, expected floats");
      }
    }
    return switch (f) {
      case SUM, PROD, MAX, MIN -> result;
      default -> place;
    };
  }
}
