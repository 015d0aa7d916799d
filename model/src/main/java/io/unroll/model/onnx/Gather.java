package io.unroll.model.onnx;

import io.unroll.model.cell.Embed;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * Gather by constant indices: parts of features, or the last step. By computed ones: rows of a
 * constant table, an embedding.
 */
final class Gather implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value data = call.input(0);
    if (call.input(1) instanceof StepValue index) {
      return List.of(embed(call, data, index));
    }
    Tensor indices = call.constant(1, "indices");
    int rank = data instanceof StepValue s ? s.rank() : ((Tensor) data).rank();
    int axis = Shapes.axis(call.integer("axis", 0), rank);
    int dim = data instanceof StepValue s ? s.axis(axis).size() : ((Tensor) data).dim(axis);
    boolean known =
        data instanceof StepValue s ? s.axis(axis).isFeature() : !((Tensor) data).repeats(axis);
    if (known && indices.open()) {
      throw Refusal.countsSteps();
    }
    int[] at = indices.toInts();
    for (int i = 0; i < at.length; i++) {
      if (at[i] < -dim || at[i] >= dim) {
        throw new Refusal("index " + at[i] + " of an axis of " + dim);
      }
      at[i] = at[i] < 0 ? at[i] + dim : at[i];
    }
    if (data instanceof Tensor tensor) {
      return List.of(fold(tensor, axis, at, indices.dims()));
    }
    StepValue picked = Select.of(call, (StepValue) data, axis, at);
    List<Axis> axes = new ArrayList<>(picked.axes());
    Axis along = axes.remove(axis);
    int[] dims = indices.dims();
    if (dims.length == 1) {
      axes.add(axis, along);
    } else {
      for (int i = 0; i < dims.length; i++) {
        if (!along.isFeature()) {
          throw new Refusal("indices of rank " + dims.length + " along steps or series");
        }
        axes.add(axis + i, Axis.of(new Feature(dims[i])));
      }
      if (dims.length == 0 && !along.factors().isEmpty()) {
        throw new Refusal("one index for an axis of steps or series");
      }
    }
    return List.of(picked.with(axes));
  }

  private static StepValue embed(Call call, Value data, StepValue index) {
    if (!(data instanceof Tensor table)) {
      throw new Refusal("picks from computed values by a computed index; only a constant is read");
    }
    int axis = Shapes.axis(call.integer("axis", 0), table.rank());
    if (axis != 0) {
      throw new Refusal("looks up along axis " + axis + " of a constant, expected 0");
    }
    if (index.type() == Type.FLOAT) {
      throw new Refusal("indices are floats, expected whole numbers");
    }
    int[] dims = table.dims();
    if (dims[0] == 0 || table.count() == 0) {
      throw new Refusal("looks up in a table of " + Shapes.text(dims));
    }
    StepValue.checkWidth(table.count() / dims[0] * index.width());
    Embed node =
        new Embed(call.graph(), call.name(), call.numbers(table), dims[0], index.register());
    call.graph().add(node);
    List<Axis> axes = new ArrayList<>(index.axes());
    for (int i = 1; i < dims.length; i++) {
      axes.add(Axis.of(new Feature(dims[i])));
    }
    return index.with(node.output(), axes).as(Type.of(table));
  }

  private static Tensor fold(Tensor tensor, int axis, int[] at, int[] indexDims) {
    Tensor picked;
    if (at.length == 1) {
      picked = tensor.slice(axis, at[0], 1, 1);
    } else if (at.length == 0) {
      picked = tensor.slice(axis, 0, 1, 0);
    } else {
      picked = Fold.concat(axis, at.length, i -> tensor.slice(axis, at[i], 1, 1));
    }
    if (indexDims.length == 1) {
      return picked;
    }
    int[] dims = tensor.dims();
    int[] result = new int[dims.length - 1 + indexDims.length];
    for (int i = 0; i < result.length; i++) {
      if (i < axis) {
        result[i] = dims[i];
      } else if (i < axis + indexDims.length) {
        result[i] = indexDims[i - axis];
      } else {
        result[i] = dims[i - indexDims.length + 1];
      }
    }
    return indexDims.length == 0 ? picked.remove(axis) : picked.reshape(result);
  }
}
