package io.unroll.model.kernel;

/**
 * A GRU's weights, with the candidate's product of the state apart: its gate r comes between. A
 * step may keep the arrays: nobody modifies them.
 *
 * @param inputs values per step
 * @param neurons neurons
 * @param w (inputs, 3 neurons)
 * @param inputBias (3 neurons): Wb
 * @param rzr (neurons, 2 neurons): R of z and r
 * @param rh (neurons, neurons): R of h
 * @param stateBias (3 neurons): Rb
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code, never compared
public record SplitWeights(
    int inputs,
    int neurons,
    float[] w,
    float[] inputBias,
    float[] rzr,
    float[] rh,
    float[] stateBias) {

  static SplitWeights of(CellWeights weights) {
    int n = weights.neurons();
    return new SplitWeights(
        weights.inputs(),
        n,
        Packed.transpose(weights.w(), weights.inputs(), 0, 3 * n),
        weights.wb().clone(),
        Packed.transpose(weights.r(), n, 0, 2 * n),
        Packed.transpose(weights.r(), n, 2 * n, 3 * n),
        weights.rb().clone());
  }
}
