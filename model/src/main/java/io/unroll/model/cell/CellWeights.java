package io.unroll.model.cell;

import java.util.Arrays;

/**
 * A recurrent layer's weights as ONNX has them, for one direction; gates one below the other in
 * ONNX's order. The arrays are read, never kept.
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
    Packed.expect(name + ": kernel", kernel, Math.multiplyExact(inputs, rows));
    Packed.expect(name + ": recurrent kernel", recurrentKernel, Math.multiplyExact(neurons, rows));
    return new CellWeights(
        name,
        inputs,
        neurons,
        Packed.rows(kernel, 0, inputs, rows),
        Packed.rows(recurrentKernel, 0, neurons, rows),
        wb,
        rb);
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
    Packed.expect(name + ": W", w, Math.multiplyExact(rows, inputs));
    Packed.expect(name + ": R", r, Math.multiplyExact(rows, neurons));
    Packed.expect(name + ": input bias", wb, rows);
    Packed.expect(name + ": state bias", rb, rows);
  }
}
