package io.unroll.model.onnx;

/**
 * Bounds on the memory and the work of one reading. A file of a hundred bytes can ask for constants
 * of any size; each limit is far above what a network that runs once per event has.
 */
final class Limits {
  /** Axes of one value. */
  static final int MAX_RANK = 64;

  /** Axes, sizes or bounds that one node is given. */
  static final int MAX_LIST = 1 << 12;

  /** Elements of a constant that stand neither in the file nor in another constant. */
  static final int MAX_EXPANDED = 1 << 22;

  /** Floats of state per series. */
  static final int MAX_STATE = 1 << 20;

  /** Slots listed under the names of graph outputs, altogether. */
  static final int MAX_NAMED = 1 << 16;

  /** Multiplications of one product of constants. */
  static final long MAX_PRODUCT = 1L << 30;

  /** Elements of computed constants, besides four for each byte of the file. */
  static final long MAX_STORED = 1L << 24;

  /** Elements that constants are computed from, altogether. */
  static final long MAX_WORK = 1L << 32;

  /** Elements of a constant: above this it would not fit a slot's memory anyway. */
  static final long MAX_ELEMENTS = 1L << 26;

  /** Values in a row, and in all rows together: above this they would not be a step's any more. */
  static final int MAX_WIDTH = 1 << 24;

  private Limits() {}

  static void checkRank(int rank) {
    if (rank > MAX_RANK) {
      throw new Refusal("a value of rank " + rank + ", at most " + MAX_RANK);
    }
  }
}
