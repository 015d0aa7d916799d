package io.unroll.model.kernel;

/**
 * A cell's weights for one product: x and h side by side, W over R. A step may keep the arrays:
 * nobody modifies them.
 *
 * @param inputs values per step
 * @param neurons neurons
 * @param w (inputs + neurons, gates · neurons)
 * @param bias (gates · neurons): Wb + Rb
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code, never compared
public record StackedWeights(int inputs, int neurons, float[] w, float[] bias) {

  static StackedWeights of(CellWeights weights) {
    int width = weights.wb().length;
    return new StackedWeights(
        weights.inputs(),
        weights.neurons(),
        Packed.stack(
            Packed.transpose(weights.w(), weights.inputs(), 0, width),
            Packed.transpose(weights.r(), weights.neurons(), 0, width)),
        Packed.sum(weights.wb(), weights.rb()));
  }
}
