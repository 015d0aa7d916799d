package io.unroll.model.cell;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.UnaryFunction;
import java.util.List;
import java.util.Random;

/**
 * Random forms of the cells: every activation of ONNX's but ThresholdedRelu, whose step two correct
 * implementations may see from different sides; it has tests of its own.
 */
public final class Forms {
  private static final List<UnaryFunction> FUNCTIONS =
      List.of(
          UnaryFunction.AFFINE,
          UnaryFunction.RELU,
          UnaryFunction.LEAKY_RELU,
          UnaryFunction.TANH,
          UnaryFunction.SCALED_TANH,
          UnaryFunction.SIGMOID,
          UnaryFunction.HARD_SIGMOID,
          UnaryFunction.ELU,
          UnaryFunction.SOFTSIGN,
          UnaryFunction.SOFTPLUS);

  private Forms() {}

  private static float between(Random random, double low, double high) {
    return (float) (low + random.nextDouble() * (high - low));
  }

  /** A function with attributes where it has them. */
  public static Activation activation(Random random) {
    UnaryFunction function = FUNCTIONS.get(random.nextInt(FUNCTIONS.size()));
    return switch (function) {
      case AFFINE -> new Activation(function, between(random, -1, 1), between(random, -0.5, 0.5));
      case LEAKY_RELU -> new Activation(function, between(random, 0.01, 0.4), 0);
      case SCALED_TANH ->
          new Activation(function, between(random, 0.5, 1.5), between(random, 0.5, 1.5));
      case HARD_SIGMOID ->
          new Activation(function, between(random, 0.1, 0.4), between(random, 0.3, 0.7));
      case ELU -> new Activation(function, between(random, 0.5, 1.5), 0);
      default -> Activation.of(function);
    };
  }

  private static Activation or(Random random, Activation standard) {
    return random.nextBoolean() ? standard : activation(random);
  }

  private static float clip(Random random) {
    return random.nextBoolean() ? Float.POSITIVE_INFINITY : between(random, 0.1, 1.5);
  }

  /** A bound for gates without one of their own: their products would grow from step to step. */
  private static float clip(Random random, Activation gates) {
    return switch (gates.function()) {
      case AFFINE, RELU, LEAKY_RELU, ELU, SOFTPLUS -> between(random, 0.1, 1.5);
      default -> clip(random);
    };
  }

  /** Any plain cell. */
  public static RnnForm rnn(Random random) {
    return new RnnForm(activation(random), clip(random));
  }

  /** Any LSTM of that many neurons. */
  public static LstmForm lstm(Random random, int neurons) {
    Activation gates = or(random, Activation.SIGMOID);
    return new LstmForm(
        gates,
        or(random, Activation.TANH),
        or(random, Activation.TANH),
        clip(random, gates),
        random.nextInt(3) == 0,
        random.nextBoolean() ? new float[0] : Models.values(random, 3 * neurons, 0.4));
  }

  /** Any GRU. */
  public static GruForm gru(Random random) {
    Activation gates = or(random, Activation.SIGMOID);
    return new GruForm(
        random.nextBoolean(), gates, or(random, Activation.TANH), clip(random, gates));
  }
}
