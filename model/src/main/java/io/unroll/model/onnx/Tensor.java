package io.unroll.model.onnx;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A constant: numbers seen through dimensions and strides, so that rearranging and expanding copy
 * nothing. Extents that are open in the file (batch, time) stand in dimensions as placeholder
 * numbers; elements computed from one are marked {@link #open}.
 *
 * <p>Whole numbers and booleans are longs. A graph input that is an initial state is a tensor of
 * whole numbers, each the element's own place in the input, with the input's name as {@link
 * #origin}.
 */
final class Tensor implements Value {
  private final int[] dims;
  private final int[] strides;
  private final int offset;
  private final float @Nullable [] floats;
  private final long @Nullable [] longs;
  private final boolean @Nullable [] openElements;
  private final @Nullable String origin;

  private Tensor(
      int[] dims,
      int[] strides,
      int offset,
      float @Nullable [] floats,
      long @Nullable [] longs,
      boolean @Nullable [] openElements,
      @Nullable String origin) {
    this.dims = dims;
    this.strides = strides;
    this.offset = offset;
    this.floats = floats;
    this.longs = longs;
    this.openElements = openElements;
    this.origin = origin;
  }

  static Tensor of(float[] values, int... dims) {
    check(values.length, dims);
    return new Tensor(dims.clone(), rowMajor(dims), 0, values, null, null, null);
  }

  static Tensor of(long[] values, int... dims) {
    check(values.length, dims);
    return new Tensor(dims.clone(), rowMajor(dims), 0, null, values, null, null);
  }

  /** Whole numbers of which the marked ones come from an open extent. */
  static Tensor of(long[] values, boolean[] open, int... dims) {
    check(values.length, dims);
    return new Tensor(dims.clone(), rowMajor(dims), 0, null, values, open, null);
  }

  /** An initial state that a graph input gives: each element stands for itself. */
  static Tensor placeOf(String origin, int... dims) {
    long count = Shapes.count(dims);
    if (count > Limits.MAX_EXPANDED) {
      throw new Refusal("a state of " + count + " values");
    }
    long[] places = new long[(int) count];
    Arrays.setAll(places, i -> i);
    return new Tensor(dims.clone(), rowMajor(dims), 0, null, places, null, origin);
  }

  private static void check(int length, int[] dims) {
    if (length != Shapes.count(dims)) {
      throw new Refusal(length + " values for shape " + Arrays.toString(dims));
    }
  }

  private static int[] rowMajor(int[] dims) {
    int[] strides = new int[dims.length];
    int stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = dims[i] == 1 ? 0 : stride;
      stride *= dims[i];
    }
    return strides;
  }

  int[] dims() {
    return dims.clone();
  }

  int rank() {
    return dims.length;
  }

  int dim(int axis) {
    return dims[axis];
  }

  long count() {
    return Shapes.count(dims);
  }

  boolean isFloat() {
    return floats != null;
  }

  /** The array behind this and its views. */
  Object storage() {
    return floats != null ? floats : longs != null ? longs : this;
  }

  /** Elements of the array behind this. */
  int stored() {
    return floats != null ? floats.length : longs != null ? longs.length : 0;
  }

  @Nullable String origin() {
    return origin;
  }

  /** Whether every element along the axis is the same element. */
  boolean repeats(int axis) {
    return dims[axis] == 1 || strides[axis] == 0;
  }

  /** Whether an element depends on an extent that is open in the file. */
  boolean open() {
    if (openElements == null) {
      return false;
    }
    int[] at = places();
    for (int i : at) {
      if (openElements[i]) {
        return true;
      }
    }
    return false;
  }

  // ---- views ----

  private Tensor view(int[] newDims, int[] newStrides, int newOffset) {
    return new Tensor(newDims, newStrides, newOffset, floats, longs, openElements, origin);
  }

  Tensor transpose(int[] perm) {
    return view(
        mapped(perm.length, i -> dims[perm[i]]),
        mapped(perm.length, i -> strides[perm[i]]),
        offset);
  }

  private static int[] mapped(int length, IntUnaryOperator f) {
    int[] values = new int[length];
    Arrays.setAll(values, f);
    return values;
  }

  /** {@code count} elements along the axis: from start on, step apart. */
  Tensor slice(int axis, int start, int step, int count) {
    int[] newDims = dims.clone();
    int[] newStrides = strides.clone();
    newDims[axis] = count;
    newStrides[axis] = count == 1 ? 0 : strides[axis] * step;
    return view(newDims, newStrides, count == 0 ? offset : offset + start * strides[axis]);
  }

  Tensor insert(int axis) {
    int[] newDims = new int[dims.length + 1];
    int[] newStrides = new int[dims.length + 1];
    for (int i = 0; i < newDims.length; i++) {
      newDims[i] = i < axis ? dims[i] : i == axis ? 1 : dims[i - 1];
      newStrides[i] = i < axis ? strides[i] : i == axis ? 0 : strides[i - 1];
    }
    return view(newDims, newStrides, offset);
  }

  Tensor remove(int axis) {
    if (dims[axis] != 1) {
      throw new Refusal("squeezes axis " + axis + " of " + dims[axis] + " elements, expected 1");
    }
    int[] newDims = new int[dims.length - 1];
    int[] newStrides = new int[dims.length - 1];
    for (int i = 0; i < newDims.length; i++) {
      newDims[i] = dims[i < axis ? i : i + 1];
      newStrides[i] = strides[i < axis ? i : i + 1];
    }
    return view(newDims, newStrides, offset);
  }

  /** This, seen with the given dimensions; an axis of 1 repeats. The rank may only grow. */
  Tensor expand(int... newDims) {
    int grown = newDims.length - dims.length;
    int[] newStrides = new int[newDims.length];
    for (int i = 0; i < newDims.length; i++) {
      int dim = i < grown ? 1 : dims[i - grown];
      if (dim != newDims[i] && dim != 1) {
        throw new Refusal(Shapes.text(dims) + " does not expand to " + Shapes.text(newDims));
      }
      newStrides[i] = dim == newDims[i] && i >= grown ? strides[i - grown] : 0;
    }
    Shapes.count(newDims);
    return view(newDims.clone(), newStrides, offset);
  }

  Tensor reshape(int... newDims) {
    if (Shapes.count(newDims) != count()) {
      throw new Refusal("reshapes " + Shapes.text(dims) + " to " + Shapes.text(newDims));
    }
    if (Arrays.stream(strides).allMatch(s -> s == 0)) {
      return view(newDims.clone(), new int[newDims.length], offset);
    }
    Tensor whole = copy();
    return whole.view(newDims.clone(), rowMajor(newDims), 0);
  }

  // ---- elements ----

  /** Each element's index in the storage, in row-major order. */
  private int[] places() {
    long count = count();
    long most = Math.min(Limits.MAX_ELEMENTS, Math.max(stored(), Limits.MAX_EXPANDED));
    if (count > most) {
      throw new Refusal("a constant of " + count + " elements, at most " + most);
    }
    int[] places = new int[(int) count];
    if (places.length == 0) {
      return places;
    }
    int[] index = new int[dims.length];
    int at = offset;
    for (int i = 0; i < places.length; i++) {
      places[i] = at;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < dims[axis]) {
          break;
        }
        at -= strides[axis] * dims[axis];
        index[axis] = 0;
      }
    }
    return places;
  }

  /** The same elements, stored one behind the other. */
  Tensor copy() {
    return pick(places(), dims);
  }

  /** The elements at storage indices, with new dimensions. */
  private Tensor pick(int[] places, int[] newDims) {
    boolean @Nullable [] open = null;
    if (openElements != null) {
      open = new boolean[places.length];
      for (int i = 0; i < places.length; i++) {
        open[i] = openElements[places[i]];
      }
    }
    float @Nullable [] newFloats = null;
    long @Nullable [] newLongs = null;
    if (floats != null) {
      newFloats = new float[places.length];
      for (int i = 0; i < places.length; i++) {
        newFloats[i] = floats[places[i]];
      }
    } else if (longs != null) {
      newLongs = new long[places.length];
      for (int i = 0; i < places.length; i++) {
        newLongs[i] = longs[places[i]];
      }
    }
    return new Tensor(newDims.clone(), rowMajor(newDims), 0, newFloats, newLongs, open, origin);
  }

  /** The elements in row-major order, as floats. */
  float[] toFloats() {
    int[] at = places();
    float[] values = new float[at.length];
    for (int i = 0; i < at.length; i++) {
      values[i] = floats != null ? floats[at[i]] : longs != null ? longs[at[i]] : 0;
    }
    return values;
  }

  /** The elements in row-major order, as whole numbers; a float loses its fraction. */
  long[] toLongs() {
    int[] at = places();
    long[] values = new long[at.length];
    for (int i = 0; i < at.length; i++) {
      values[i] = longs != null ? longs[at[i]] : floats != null ? (long) floats[at[i]] : 0;
    }
    return values;
  }

  /** Which elements come from an open extent, in row-major order. */
  boolean[] toOpen() {
    int[] at = places();
    boolean[] values = new boolean[at.length];
    if (openElements != null) {
      for (int i = 0; i < at.length; i++) {
        values[i] = openElements[at[i]];
      }
    }
    return values;
  }

  /** The elements as ints, for shapes, axes and indices. */
  int[] toInts() {
    if (floats != null || origin != null) {
      throw new Refusal("floats where whole numbers are expected");
    }
    long[] values = toLongs();
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Shapes.clamped(values[i]);
    }
    return ints;
  }

  /**
   * This with its repeated axes cut down to one element: expand to {@code dims()} to have it back.
   */
  Tensor cut() {
    Tensor cut = this;
    for (int axis = 0; axis < dims.length; axis++) {
      if (dims[axis] > 1 && strides[axis] == 0) {
        cut = cut.slice(axis, 0, 1, 1);
      }
    }
    return cut;
  }
}
