package io.unroll.model.onnx;

import io.unroll.model.onnx.Factor.Feature;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Elements along one axis of a per-step value: what Slice, Split and Gather have in common. */
final class Select {
  private Select() {}

  /** Elements of an axis of features, which keeps its place. */
  static StepValue features(Call call, StepValue x, int axis, int[] indices) {
    if (!x.axis(axis).isFeature()) {
      throw new Refusal("takes parts of an axis of steps or series");
    }
    int[] dims = x.featureDims();
    int size = dims[axis];
    for (int index : indices) {
      if (index < 0 || index >= size) {
        throw new Refusal("index " + index + " of an axis of " + size);
      }
    }
    int behind = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      behind *= dims[i];
    }
    int inFront = x.width() / Math.max(1, size * behind);
    int[] places = new int[StepValue.checkWidth((long) inFront * indices.length * behind)];
    int at = 0;
    for (int f = 0; f < inFront; f++) {
      for (int index : indices) {
        for (int b = 0; b < behind; b++) {
          places[at++] = (f * size + index) * behind + b;
        }
      }
    }
    List<Axis> axes = new ArrayList<>(x.axes());
    axes.set(axis, Axis.of(new Feature(indices.length)));
    return x.with(call.pick(x, places), axes);
  }

  /**
   * Elements of an axis outside the row: all in order, or the last step alone.
   *
   * @return the value with that axis as it was, or with an axis of 1 for the last step
   */
  static StepValue outer(Call call, StepValue x, int axis, int[] indices) {
    if (!x.axis(axis).isOuter()) {
      throw new Refusal("takes parts of an axis in which steps or series and features are merged");
    }
    Outer outer = x.axis(axis).outer();
    String what = call.around().nameOf(outer);
    int size = outer.size();
    if (indices.length == size && contiguous(indices, 1)) {
      return x;
    }
    if (indices.length == size && contiguous(indices, -1)) {
      throw new Refusal("reverses the " + what + "; a stream runs forward only");
    }
    if (!call.around().isTime(outer)) {
      throw new Refusal(
          "takes parts of the axis of "
              + what
              + "; only the last step behind a recurrent layer can be taken");
    }
    if (indices.length != 1 || indices[0] != size - 1) {
      throw new Refusal(
          "takes "
              + (indices.length == 1 ? "step " + indices[0] : indices.length + " steps")
              + " of a sequence; a stream can take every step or the last one");
    }
    List<Axis> axes = new ArrayList<>(x.axes());
    axes.set(axis, Axis.ONE);
    return x.lastStep(axes);
  }

  private static boolean contiguous(int[] indices, int step) {
    int first = step > 0 ? 0 : indices.length - 1;
    int[] expected = new int[indices.length];
    Arrays.setAll(expected, i -> first + step * i);
    return Arrays.equals(indices, expected);
  }

  static StepValue of(Call call, StepValue x, int axis, int[] indices) {
    return x.axis(axis).isFeature()
        ? features(call, x, axis, indices)
        : outer(call, x, axis, indices);
  }
}
