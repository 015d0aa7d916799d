package io.unroll.bench.peer;

import java.util.Locale;

/**
 * A layer to be measured.
 *
 * @param rows of one step
 */
public record Shape(Cell cell, int inputs, int neurons, int rows) {

  /** Values per step in every table. */
  public static final int INPUTS = 8;

  /** The recurrent layers that are measured. */
  public enum Cell {
    LSTM(4),
    GRU(3);

    private final int gates;

    Cell(int gates) {
      this.gates = gates;
    }

    public int gates() {
      return gates;
    }

    public static Cell of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  public static Shape of(Cell cell, int neurons, int rows) {
    return new Shape(cell, INPUTS, neurons, rows);
  }

  /** As ratios name it: {@code lstm64.b16}. */
  public String text() {
    return cell.name().toLowerCase(Locale.ROOT) + neurons + ".b" + rows;
  }

  /**
   * Floating point operations of a row's whole step. The products: two per weight. For each neuron
   * besides: 24 per sigmoid or tanh (an exponential in float: 1 product, 1 rounding, 2 fused steps
   * of range reduction, 6 of the polynomial, 1 scaling; then 2 sums, 1 division, 2 bounds), the
   * sums of the biases, and what makes the new state of the gates.
   */
  public double flops() {
    double products = 2.0 * (inputs + neurons) * cell.gates() * neurons;
    double perNeuron =
        switch (cell) {
          case LSTM -> 5 * FUNCTION + 4 + 4; // c' = f c + i g, h' = o tanh(c')
          case GRU -> 3 * FUNCTION + 6 + 5; // r times the state's part, h' = (1 - z) g + z h
        };
    return products + perNeuron * neurons;
  }

  private static final double FUNCTION = 24;
}
