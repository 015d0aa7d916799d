package io.unroll.model.cell;

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
