package io.unroll.model.onnx;

import io.unroll.model.cell.Join;
import io.unroll.model.cell.Literal;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.List;

/** Concat along features; constants among the parts are the same at every step. */
final class Concat implements Operator {
  @Override
  public List<Value> apply(Call call) {
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < call.inputCount(); i++) {
      parts.add(call.input(i));
    }
    StepValue first = null;
    for (Value part : parts) {
      if (first == null && part instanceof StepValue value) {
        first = value;
      }
    }
    if (first == null) {
      int axis = Shapes.axis(call.integer("axis", 1), ((Tensor) call.input(0)).rank());
      for (Value part : parts) {
        if (((Tensor) part).rank() > axis) {
          call.requireKnown((Tensor) part, axis);
        }
      }
      return List.of(Fold.concat(axis, parts.size(), i -> (Tensor) parts.get(i)));
    }
    return List.of(join(call, parts, first));
  }

  private static Value join(Call call, List<Value> parts, StepValue first) {
    int axis = Shapes.axis(call.integer("axis", 1), first.rank());
    int[] registers = new int[parts.size()];
    int[] rows = new int[parts.size()]; // values of a part behind one index of the axes in front
    int inFront = 1;
    int behind = 1;
    int[] dims = first.featureDims();
    for (int i = 0; i < dims.length; i++) {
      inFront *= i < axis ? dims[i] : 1;
      behind *= i > axis ? dims[i] : 1;
    }
    int joined = 0;
    for (int p = 0; p < registers.length; p++) {
      StepValue part =
          parts.get(p) instanceof StepValue value
              ? value
              : literal(call, (Tensor) parts.get(p), first, axis);
      check(first, part, axis);
      registers[p] = part.register();
      rows[p] = part.axis(axis).size() * behind;
      joined += part.axis(axis).size();
    }
    List<Axis> axes = new ArrayList<>(first.axes());
    axes.set(axis, Axis.of(new Feature(joined)));
    Join node = new Join(call.graph(), call.name(), registers);
    call.graph().add(node);
    StepValue result = first.with(node.output(), axes);
    return first.with(call.pick(result, interleaved(rows, inFront)), axes);
  }

  private static void check(StepValue first, StepValue part, int axis) {
    Type.requireAlike(first, part);
    if (part.rank() != first.rank()) {
      throw new Refusal("joins " + Shapes.text(first.dims()) + " and " + Shapes.text(part.dims()));
    }
    if (part.last() != first.last()) {
      throw new Refusal("joins the last step to every step, which mixes steps");
    }
    for (int i = 0; i < first.rank(); i++) {
      if (i == axis) {
        if (!part.axis(i).isFeature() || !first.axis(i).isFeature()) {
          throw new Refusal("joins along steps or series, which mixes them");
        }
      } else if (!part.axis(i).equals(first.axis(i))) {
        throw new Refusal(
            "joins "
                + Shapes.text(first.dims())
                + " and "
                + Shapes.text(part.dims())
                + " along axis "
                + axis);
      }
    }
  }

  private static StepValue literal(Call call, Tensor constant, StepValue like, int axis) {
    Type.requireAlike(like, constant);
    if (constant.rank() != like.rank()) {
      throw new Refusal(
          "joins " + Shapes.text(like.dims()) + " and " + Shapes.text(constant.dims()));
    }
    Tensor row = constant;
    List<Axis> axes = new ArrayList<>(like.axes());
    axes.set(axis, Axis.of(new Feature(constant.dim(axis))));
    for (int i = 0; i < axes.size(); i++) {
      if (row.dim(i) != axes.get(i).size()) {
        throw new Refusal(
            "joins " + Shapes.text(like.dims()) + " and " + Shapes.text(constant.dims()));
      }
      if (!axes.get(i).isFeature()) {
        if (!row.repeats(i)) {
          throw new Refusal("a constant that differs from step to step or from series to series");
        }
        row = row.slice(i, 0, 1, 1);
      }
    }
    int[] dims = like.with(axes).featureDims();
    Literal node = new Literal(call.graph(), call.name(), call.numbers(row.expand(dims)));
    call.graph().add(node);
    return like.with(node.output(), axes);
  }

  /** From part after part to, for each index in front, the parts' rows. */
  private static int[] interleaved(int[] rows, int inFront) {
    int width = 0;
    for (int row : rows) {
      width += row;
    }
    int[] places = new int[StepValue.checkWidth((long) width * inFront)];
    int at = 0;
    for (int f = 0; f < inFront; f++) {
      int start = 0;
      for (int row : rows) {
        for (int j = 0; j < row; j++) {
          places[at++] = start + f * row + j;
        }
        start += row * inFront;
      }
    }
    return places;
  }
}
