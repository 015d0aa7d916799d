package io.unroll.model.onnx;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Arithmetic on dimensions and axes. */
final class Shapes {
  private Shapes() {}

  /** {@code (4, 8)}, as messages write a shape. */
  static String text(int... dims) {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** Elements of a value of these extents. */
  static long count(int[] dims) {
    long count = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new Refusal("a dimension of " + d);
      }
      count = Math.multiplyExact(count, (long) d);
    }
    return count;
  }

  /** The nearest int. */
  static int clamped(long value) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }

  /** An axis counted from the end when negative. */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new Refusal("axis " + axis + " of a value of rank " + rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** NumPy's rule, from the last axis on. */
  static int[] broadcast(int[] a, int[] b) {
    int rank = Math.max(a.length, b.length);
    int[] dims = new int[rank];
    for (int i = 0; i < rank; i++) {
      int da = i < rank - a.length ? 1 : a[i - rank + a.length];
      int db = i < rank - b.length ? 1 : b[i - rank + b.length];
      if (da != db && da != 1 && db != 1) {
        throw new Refusal(text(a) + " and " + text(b) + " do not fit together");
      }
      dims[i] = da == 1 ? db : da;
    }
    return dims;
  }

  /**
   * A reshape's target with 0 (keep) and -1 (the rest) worked out.
   *
   * @param from what is reshaped
   * @param keepZero a 0 is an extent of 0 (allowzero=1)
   */
  static int[] target(int[] from, int[] target, boolean keepZero) {
    int[] dims = target.clone();
    long known = 1;
    int rest = -1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && !keepZero) {
        if (i >= from.length) {
          throw new Refusal("shape " + text(target) + " keeps axis " + i + " of " + text(from));
        }
        dims[i] = from[i];
      }
      if (dims[i] == -1 && rest < 0) {
        rest = i;
      } else if (dims[i] < 0) {
        throw new Refusal("shape " + text(target));
      } else {
        known = Math.multiplyExact(known, (long) dims[i]);
      }
    }
    if (rest >= 0) {
      long all = count(from);
      if (known == 0 || all % known != 0) {
        throw new Refusal("reshapes " + text(from) + " to " + text(target));
      }
      dims[rest] = Math.toIntExact(all / known);
    }
    return dims;
  }
}
