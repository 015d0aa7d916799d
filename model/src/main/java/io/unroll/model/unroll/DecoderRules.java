package io.unroll.model.unroll;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How a network over one step is fed by its own output. {@link Feedback} holds them against a
 * network.
 *
 * @param first what the first step is fed
 * @param next what every later step is fed
 * @param steps the most steps of a run, 1 to {@link #MOST_STEPS}
 * @param stop what ends a run earlier; null: nothing does. The step that stops is part of the
 *     result
 * @param extra how many of the network's inputs, the last ones, are not fed but given at each step,
 *     such as calendar features of the time that is predicted
 */
public record DecoderRules(First first, Next next, int steps, @Nullable Stop stop, int extra)
    implements Serializable {
  /** The most steps that a run can have. */
  public static final int MOST_STEPS = 100_000;

  /** Above it not every whole number is a float. */
  private static final int HIGHEST_TOKEN = (1 << 24) - 1;

  /** What the first step is fed. */
  public sealed interface First extends Serializable {
    /** Zeros. */
    record Zeros() implements First {}

    /**
     * A token.
     *
     * @param token its index, 0 to 2^24 - 1
     */
    record Token(int token) implements First {
      /** Checks the range. */
      public Token {
        expect("first token", token, 0, HIGHEST_TOKEN);
      }
    }

    /** A vector that the caller gives. */
    record Input() implements First {}
  }

  /** What a step is fed of the one before. */
  public enum Next {
    /** Its output, value by value. */
    OUTPUT,
    /** The index of its largest output; of several equal ones the first. */
    ARGMAX,
    /** Nothing: zeros. */
    ZEROS
  }

  /** What ends a run before its last step. */
  public sealed interface Stop extends Serializable {
    /**
     * The end-of-sequence token.
     *
     * @param token the index of the largest output that stops
     */
    record Token(int token) implements Stop {
      /** Checks the range. */
      public Token {
        expect("stop token", token, 0, HIGHEST_TOKEN);
      }
    }

    /**
     * An output that rises above a threshold.
     *
     * @param output its index
     * @param threshold in the output's own unit; a value equal to it does not stop
     */
    record Above(int output, float threshold) implements Stop {
      /** Checks both. */
      public Above {
        expect("stop output", output, 0, Integer.MAX_VALUE);
        if (!Float.isFinite(threshold)) {
          throw new IllegalArgumentException(
              "stop threshold: found " + threshold + ", expected a finite number");
        }
      }
    }
  }

  /**
   * Checks what can be told without a network.
   *
   * @throws IllegalArgumentException with what was found, what expected
   */
  public DecoderRules {
    expect("steps", steps, 1, MOST_STEPS);
    expect("extra inputs", extra, 0, Integer.MAX_VALUE);
    if (stop instanceof Stop.Token && next != Next.ARGMAX) {
      throw new IllegalArgumentException(
          "stop token: found next " + next + ", expected " + Next.ARGMAX + ", which has tokens");
    }
  }

  /** Rules without extra inputs whose run has all its steps. */
  public DecoderRules(First first, Next next, int steps) {
    this(first, next, steps, null, 0);
  }

  private static void expect(String what, int found, int lowest, int highest) {
    if (found < lowest || found > highest) {
      String expected =
          highest == Integer.MAX_VALUE ? lowest + " or more" : lowest + " to " + highest;
      throw new IllegalArgumentException(what + ": found " + found + ", expected " + expected);
    }
  }
}
