package io.unroll.model.onnx;

import io.unroll.model.onnx.Factor.Feature;
import io.unroll.model.onnx.Factor.Outer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A value that each step computes: a register's row, seen through the axes that the graph over
 * whole sequences gives it. The row holds the features in the order of the axes.
 *
 * @param register where each step finds it
 * @param axes the ONNX value's axes
 * @param last it is the last step's value alone, not one per step
 * @param type what its numbers are
 */
record StepValue(int register, List<Axis> axes, boolean last, Type type) implements Value {
  StepValue {
    axes = List.copyOf(axes);
  }

  /** The same numbers under another type. */
  StepValue as(Type newType) {
    return new StepValue(register, axes, last, newType);
  }

  StepValue with(int newRegister, List<Axis> newAxes) {
    return new StepValue(newRegister, newAxes, last, type);
  }

  StepValue with(List<Axis> newAxes) {
    return with(register, newAxes);
  }

  StepValue lastStep(List<Axis> newAxes) {
    return new StepValue(register, newAxes, true, type);
  }

  int rank() {
    return axes.size();
  }

  Axis axis(int i) {
    return axes.get(i);
  }

  int[] dims() {
    return axes.stream().mapToInt(Axis::size).toArray();
  }

  /** Values in the row. */
  int width() {
    int width = 1;
    for (Axis axis : axes) {
      width = Math.multiplyExact(width, featuresOf(axis));
    }
    return width;
  }

  static int featuresOf(Axis axis) {
    int size = 1;
    for (Factor factor : axis.factors()) {
      if (factor instanceof Feature feature) {
        size = Math.multiplyExact(size, feature.size());
      }
    }
    return size;
  }

  /** Per axis, the values of the row along it. */
  int[] featureDims() {
    return axes.stream().mapToInt(StepValue::featuresOf).toArray();
  }

  /**
   * The axes that the same values have under new dimensions: factors are regrouped, never
   * reordered.
   */
  List<Axis> regroup(int[] newDims) {
    if (Shapes.count(newDims) != Shapes.count(dims())) {
      throw new Refusal("reshapes " + Shapes.text(dims()) + " to " + Shapes.text(newDims));
    }
    // Features of neighbouring axes stand side by side in the row: one run, to be parted anywhere.
    List<Factor> left =
        new ArrayList<>(
            new Axis(axes.stream().flatMap(axis -> axis.factors().stream()).toList()).factors());
    // Where there was no extent of 1 before, each one is new.
    boolean made = ownOnes() == 0;
    List<Axis> result = new ArrayList<>();
    for (int dim : newDims) {
      int open = dim;
      List<Factor> taken = new ArrayList<>();
      while (open > 1) {
        Factor factor = left.remove(0);
        if (open % factor.size() == 0) {
          taken.add(factor);
          open /= factor.size();
        } else if (factor instanceof Feature && factor.size() % open == 0) {
          taken.add(new Feature(open));
          left.add(0, new Feature(factor.size() / open));
          open = 1;
        } else {
          throw new Refusal(
              "reshapes %s to %s, which mixes %s"
                  .formatted(
                      Shapes.text(dims()),
                      Shapes.text(newDims),
                      factor instanceof Outer ? "steps or series" : "features of several steps"));
        }
      }
      result.add(new Axis(taken, taken.isEmpty() && made));
    }
    return result;
  }

  /** How many axes of 1 it has that the graph did not make of nothing. */
  int ownOnes() {
    return (int) axes.stream().filter(a -> a.factors().isEmpty() && !a.made()).count();
  }

  /**
   * For each value of a row with feature dimensions {@code to}, its place in this row; axes of 1
   * repeat. The ranks are the same.
   */
  int[] spread(int[] to) {
    int[] from = featureDims();
    int[] strides = new int[from.length];
    int stride = 1;
    for (int i = from.length - 1; i >= 0; i--) {
      strides[i] = from[i] == 1 ? 0 : stride;
      stride *= from[i];
    }
    return places(to, strides);
  }

  /** Row-major walk over dims: each element's sum of index times stride. */
  static int[] places(int[] dims, int[] strides) {
    int[] places = new int[checkWidth(Shapes.count(dims))];
    int[] index = new int[dims.length];
    for (int i = 0; i < places.length; i++) {
      int at = 0;
      for (int axis = 0; axis < dims.length; axis++) {
        at += index[axis] * strides[axis];
      }
      places[i] = at;
      for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return places;
  }

  static int checkWidth(long width) {
    if (width > Limits.MAX_WIDTH) {
      throw new Refusal("a row of " + width + " values, at most " + Limits.MAX_WIDTH);
    }
    return (int) width;
  }

  static boolean inOrder(int[] places, int width) {
    return places.length == width && Arrays.equals(places, identity(width));
  }

  private static int[] identity(int width) {
    int[] places = new int[width];
    Arrays.setAll(places, i -> i);
    return places;
  }
}
