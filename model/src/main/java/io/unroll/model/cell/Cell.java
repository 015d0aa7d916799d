package io.unroll.model.cell;

/** A node with state: {@code h_t = f(h_{t-1}, x_t)}. */
public sealed interface Cell extends Node permits RnnCell, LstmCell, GruCell {

  /** The register of x. */
  int input();

  /** The register of h'. */
  int output();

  /** Where its state is. */
  CellState state();

  /**
   * The weights as ONNX has them. Where a cell needs only the sum of its two biases, that sum
   * stands in the first and the second is zero.
   */
  CellWeights weights();
}
