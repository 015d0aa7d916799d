package io.unroll.model.kernel;

import java.util.Arrays;

/**
 * A recurrent layer's weights as ONNX has them, for one direction; gates one below the other in
 * ONNX's order. Nobody modifies the arrays.
 *
 * @param name the layer's name
 * @param inputs values per step
 * @param neurons neurons
 * @param w (gates · neurons, inputs)
 * @param r (gates · neurons, neurons)
 * @param wb (gates · neurons) bias of the input part
 * @param rb (gates · neurons) bias of the state part
 * @param parameters trained numbers in the file
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code, never compared
public record CellWeights(
    String name,
    int inputs,
    int neurons,
    float[] w,
    float[] r,
    float[] wb,
    float[] rb,
    long parameters) {

  /** Weights of which every number is a trained one. */
  public CellWeights(
      String name, int inputs, int neurons, float[] w, float[] r, float[] wb, float[] rb) {
    this(name, inputs, neurons, w, r, wb, rb, (long) w.length + r.length + wb.length + rb.length);
  }

  /**
   * Weights as Keras and TensorFlow have them: transposed, gates side by side.
   *
   * @param kernel (inputs, gates · neurons)
   * @param recurrentKernel (neurons, gates · neurons)
   * @param wb (gates · neurons)
   * @param rb (gates · neurons); zeros where there is one bias
   */
  public static CellWeights transposed(
      String name,
      int inputs,
      int neurons,
      float[] kernel,
      float[] recurrentKernel,
      float[] wb,
      float[] rb) {
    int rows = wb.length;
    Lengths.expect(name + ": kernel", kernel, Math.multiplyExact(inputs, rows));
    Lengths.expect(name + ": recurrent kernel", recurrentKernel, Math.multiplyExact(neurons, rows));
    return new CellWeights(
        name,
        inputs,
        neurons,
        upright(kernel, inputs, rows),
        upright(recurrentKernel, neurons, rows),
        wb,
        rb);
  }

  /** (inputs, rows) as (rows, inputs). */
  private static float[] upright(float[] kernel, int inputs, int rows) {
    float[] weights = new float[inputs * rows];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < inputs; i++) {
        weights[row * inputs + i] = kernel[i * rows + row];
      }
    }
    return weights;
  }

  /**
   * These weights with their gates in another order.
   *
   * @param from for each gate of the result its place among these: {@code 0, 3, 1, 2} makes ONNX's
   *     input, output, forget, candidate of PyTorch's input, forget, candidate, output
   */
  public CellWeights gates(int... from) {
    boolean[] seen = new boolean[from.length];
    for (int gate : from) {
      if (gate < 0 || gate >= from.length || seen[gate]) {
        throw new IllegalArgumentException(
            "%s: gates %s, expected 0 to %d in any order"
                .formatted(name, Arrays.toString(from), from.length - 1));
      }
      seen[gate] = true;
    }
    check(from.length);
    return new CellWeights(
        name,
        inputs,
        neurons,
        blocks(w, from),
        blocks(r, from),
        blocks(wb, from),
        blocks(rb, from),
        parameters);
  }

  /** The same in arrays of their own. */
  public CellWeights copy() {
    return new CellWeights(
        name, inputs, neurons, w.clone(), r.clone(), wb.clone(), rb.clone(), parameters);
  }

  /** The same with the sum of the two biases in the first, and zeros in the second. */
  CellWeights withOneBias() {
    float[] zeros = new float[rb.length];
    float[] sum = Packed.sum(wb, rb);
    return new CellWeights(name, inputs, neurons, w, r, sum, zeros, parameters);
  }

  private static float[] blocks(float[] values, int... from) {
    int length = values.length / from.length;
    float[] result = new float[values.length];
    for (int i = 0; i < from.length; i++) {
      System.arraycopy(values, from[i] * length, result, i * length, length);
    }
    return result;
  }

  void check(int gates) {
    if (inputs <= 0 || neurons <= 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + inputs
              + " inputs and "
              + neurons
              + " neurons, at least 1 of each expected");
    }
    int rows = Math.multiplyExact(gates, neurons);
    Lengths.expect(name + ": W", w, Math.multiplyExact(rows, inputs));
    Lengths.expect(name + ": R", r, Math.multiplyExact(rows, neurons));
    Lengths.expect(name + ": input bias", wb, rows);
    Lengths.expect(name + ": state bias", rb, rows);
  }
}
