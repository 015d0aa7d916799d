package io.unroll.job.cli;

import io.unroll.job.life.SequenceConfig;

/** How a model is served, in words. */
final class Serving {
  private Serving() {}

  /**
   * @param window inputs per step, {@link SequenceConfig#STATEFUL} for none
   */
  static String of(int window) {
    return switch (window) {
      case SequenceConfig.STATEFUL -> "stateful";
      case 1 -> "last input from the initial state";
      default -> "last " + window + " inputs from the initial state";
    };
  }
}
