package io.unroll.model.onnx;

import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.List;

/** Tile: features repeat, one whole row of an axis behind the other. */
final class Tile implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int rank = x instanceof StepValue s ? s.rank() : ((Tensor) x).rank();
    Tensor given = call.constant(1, "repeats");
    int[] repeats = given.toInts();
    boolean[] open = given.toOpen();
    if (repeats.length != rank) {
      throw new Refusal("%d repeats, expected %d".formatted(repeats.length, rank));
    }
    Value result = x;
    for (int axis = 0; axis < rank; axis++) {
      if (repeats[axis] < 0) {
        throw new Refusal("repeats " + repeats[axis] + " times");
      }
      if (result instanceof Tensor tensor) {
        result = tile(tensor, axis, repeats[axis]);
      } else if (repeats[axis] != 1) {
        result = tile(call, (StepValue) result, axis, repeats[axis], open[axis]);
      }
    }
    return List.of(result);
  }

  private static Tensor tile(Tensor x, int axis, int times) {
    int[] dims = x.dims();
    int[] wide = x.insert(axis).dims();
    wide[axis] = times;
    dims[axis] = Math.multiplyExact(dims[axis], times);
    return x.repeats(axis) && dims[axis] > 0
        ? x.slice(axis, 0, 1, 1).expand(dims)
        : x.insert(axis).expand(wide).reshape(dims);
  }

  private static StepValue tile(Call call, StepValue x, int axis, int times, boolean open) {
    if (!x.axis(axis).isFeature() || open) {
      throw new Refusal("repeats a value along steps or series, which mixes them");
    }
    List<Axis> more = new ArrayList<>(x.axes());
    more.add(axis, Axis.ONE);
    StepValue inserted = x.with(more);
    int[] dims = inserted.featureDims();
    dims[axis] = times;
    List<Axis> axes = new ArrayList<>(x.axes());
    axes.set(axis, Axis.of(new Feature(Math.multiplyExact(x.axis(axis).size(), times))));
    return x.with(call.pick(inserted, inserted.spread(dims)), axes);
  }
}
