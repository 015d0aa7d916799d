package io.unroll.model.onnx;

/** An indivisible part of an axis. */
sealed interface Factor {
  int size();

  /**
   * An extent outside the row: batch or time, whichever the recurrent nodes say.
   *
   * @param id the input's axis that it came from
   * @param size its extent, a placeholder when the file leaves it open
   */
  record Outer(int id, int size) implements Factor {}

  /** Values within the row. */
  record Feature(int size) implements Factor {}
}
