package io.unroll.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Transpose: steps and series change places for nothing, features are picked in their new order.
 */
final class Transpose implements Operator {
  @Override
  public List<Value> apply(Call call) {
    Value x = call.input(0);
    int rank = x instanceof StepValue s ? s.rank() : ((Tensor) x).rank();
    int[] given = call.integers("perm");
    int[] perm = given != null ? given : new int[rank];
    if (given == null) {
      Arrays.setAll(perm, i -> rank - 1 - i);
    }
    boolean[] seen = new boolean[rank];
    for (int p : perm) {
      if (perm.length != rank || p < 0 || p >= rank || seen[p]) {
        throw new Refusal("perm " + Arrays.toString(perm) + " of a value of rank " + rank);
      }
      seen[p] = true;
    }
    if (perm.length != rank) {
      throw new Refusal("perm " + Arrays.toString(perm) + " of a value of rank " + rank);
    }
    if (x instanceof Tensor tensor) {
      return List.of(tensor.transpose(perm));
    }
    return List.of(of(call, (StepValue) x, perm));
  }

  /** Axis i of the result is axis perm[i] of the value. */
  static StepValue of(Call call, StepValue value, int[] perm) {
    int rank = perm.length;
    int[] dims = value.featureDims();
    int[] strides = new int[rank];
    int stride = 1;
    for (int i = rank - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    int[] newDims = new int[rank];
    int[] newStrides = new int[rank];
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      newDims[i] = dims[perm[i]];
      newStrides[i] = strides[perm[i]];
      axes.add(value.axis(perm[i]));
    }
    return value.with(call.pick(value, StepValue.places(newDims, newStrides)), axes);
  }
}
