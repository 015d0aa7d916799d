package io.unroll.model.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which recurrent cell, in which variant: all that there is to know of a cell besides its weights.
 * Reader, writer, builder and {@code inspect} ask the form and know no cell by name.
 *
 * <p>A new cell is a form, permitted here and listed in {@link StandardForms}; a case in {@link
 * Cases}, which each kernel answers with a step; and a line in the reader's table of operators.
 */
public sealed interface CellForm permits RnnForm, LstmForm, GruForm {

  /** Something that is done with each form: Java 17 has no exhaustive switch over types. */
  interface Cases<T> {
    /** For the plain cell. */
    T rnn(RnnForm form);

    /** For an LSTM. */
    T lstm(LstmForm form);

    /** For a GRU. */
    T gru(GruForm form);
  }

  /** The case of this form. */
  <T> T match(Cases<T> cases);

  /** ONNX's operator: {@code LSTM}. */
  String operator();

  /** Blocks of (neurons) rows in ONNX's W, R and halves of B. */
  int gates();

  /** The states, (neurons) floats each, as they stand one behind the other; h is the first. */
  List<String> states();

  /** How many gates ONNX's P has weights for; 0 for a cell without peepholes. */
  int peepholeGates();

  /** What an ONNX node says of this form. */
  CellAttributes attributes();

  /**
   * The form of the same operator of which a node says that.
   *
   * @param attributes as many activations and the same flags as {@link #attributes} has
   */
  CellForm with(CellAttributes attributes);

  /**
   * The weights as far as this cell tells them apart: where it needs only the sum of its two
   * biases, that sum stands in the first and the second is zero.
   */
  CellWeights distinct(CellWeights weights);

  /** As {@code inspect} prints it: {@code sigmoid, tanh}. */
  String text();

  /**
   * Refuses weights of another size.
   *
   * @throws IllegalArgumentException with the layer's name and both numbers
   */
  default void check(CellWeights weights) {
    weights.check(gates());
    if (peepholeGates() > 0 && attributes().peepholes().length > 0) {
      int expected = Math.multiplyExact(peepholeGates(), weights.neurons());
      Lengths.expect(weights.name() + ": P", attributes().peepholes(), expected);
    }
  }

  /** What a node of that operator means without attributes; null where it is no cell's. */
  static @Nullable CellForm standard(String operator) {
    return StandardForms.BY_OPERATOR.get(operator);
  }
}
