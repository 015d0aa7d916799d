package io.unroll.model.export;

/**
 * A value of the file that holds a register's rows.
 *
 * @param name the ONNX value
 * @param everyStep (steps, batch, width); false: (batch, width), the last step's rows
 */
record Rows(String name, boolean everyStep) {
  /** Axes of the ONNX value. */
  int rank() {
    return everyStep ? 3 : 2;
  }
}
