package io.unroll.model.unroll;

import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import io.unroll.model.unroll.DecoderRules.Stop;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a decoder for the rows of one network: each step's inputs from the output of the
 * step before. Immutable, thread safe; its methods allocate nothing.
 *
 * <pre>
 * inputs of a row
 *  fed     the token's index (1), the token one-hot (outputs), the output (outputs), or zeros
 *  extra   the caller's, at each step
 * </pre>
 */
public final class Feedback {
  /** What {@link #token} gives where the rules know no tokens. */
  public static final int NO_TOKEN = -1;

  private final DecoderRules rules;
  private final int fed;
  private final int outputs;

  /**
   * Holds the rules against a network.
   *
   * @throws IllegalArgumentException when they do not fit, with what was found, what expected
   */
  public Feedback(DecoderRules rules, RecurrentModel decoder) {
    this.rules = rules;
    String name = "decoder '" + decoder.name() + "': ";
    outputs = decoder.outputSize();
    fed = decoder.inputSize() - rules.extra();
    if (fed < 0) {
      throw new IllegalArgumentException(
          "%sextra inputs: found %d, expected 0 to %d, its inputs"
              .formatted(name, rules.extra(), decoder.inputSize()));
    }
    if (rules.next() == Next.OUTPUT && fed != outputs) {
      throw new IllegalArgumentException(
          "%snext OUTPUT: found %d fed inputs%s, expected %d, one per output"
              .formatted(name, fed, besideExtra(), outputs));
    }
    if (rules.next() == Next.ARGMAX) {
      expectTokens(name + "next ARGMAX");
    }
    if (rules.first() instanceof First.Token first) {
      expectTokens(name + "first token");
      if (fed > 1) {
        expectOutput(name + "first token", first.token());
      }
    }
    if (rules.stop() instanceof Stop.Token stop) {
      expectOutput(name + "stop token", stop.token());
    }
    if (rules.stop() instanceof Stop.Above stop) {
      expectOutput(name + "stop output", stop.output());
    }
  }

  private void expectTokens(String what) {
    if (fed != 1 && fed != outputs) {
      throw new IllegalArgumentException(
          "%s: found %d fed inputs%s, expected 1 (its index) or %d (one-hot, one per output)"
              .formatted(what, fed, besideExtra(), outputs));
    }
  }

  private String besideExtra() {
    return rules.extra() == 0 ? "" : " beside " + rules.extra() + " extra";
  }

  private void expectOutput(String what, int index) {
    if (index >= outputs) {
      throw new IllegalArgumentException(
          "%s: found %d, expected 0 to %d, its outputs".formatted(what, index, outputs - 1));
    }
  }

  /** The rules. */
  public DecoderRules rules() {
    return rules;
  }

  /** Inputs of a step that are fed; the extra ones stand behind them. */
  public int fed() {
    return fed;
  }

  /**
   * Writes the fed inputs of the first step.
   *
   * @param vector (fed) where the rules begin with an input, else null
   * @param input the row's inputs from {@code offset} on. Modified: the first {@link #fed()}.
   * @throws IllegalArgumentException when there is no vector or one too many, or its length is not
   *     that of the fed inputs
   */
  public void first(float @Nullable [] vector, float[] input, int offset) {
    if (rules.first() instanceof First.Input) {
      if (vector == null || vector.length != fed) {
        throw new IllegalArgumentException(
            "first input: found %s, expected %s"
                .formatted(vector == null ? "none" : values(vector.length), values(fed)));
      }
      System.arraycopy(vector, 0, input, offset, fed);
      return;
    }
    if (vector != null) {
      throw new IllegalArgumentException(
          "first input: found %s, expected none: the rules begin with %s"
              .formatted(
                  values(vector.length),
                  rules.first() instanceof First.Token ? "a token" : "zeros"));
    }
    if (rules.first() instanceof First.Token first) {
      feed(first.token(), input, offset);
    } else {
      Arrays.fill(input, offset, offset + fed, 0);
    }
  }

  private static String values(int count) {
    return count == 1 ? "1 value" : count + " values";
  }

  private void feed(int token, float[] input, int offset) {
    if (fed == 1) {
      input[offset] = token;
    } else {
      Arrays.fill(input, offset, offset + fed, 0);
      input[offset + token] = 1;
    }
  }

  /**
   * The token of a step: the index of its largest output, of equal ones the first; {@link
   * #NO_TOKEN} unless the rules choose one.
   *
   * @param output the row's outputs from {@code at} on, finite
   */
  public int token(float[] output, int at) {
    return rules.next() == Next.ARGMAX ? largest(output, at) : NO_TOKEN;
  }

  private int largest(float[] output, int at) {
    int largest = 0;
    for (int i = 1; i < outputs; i++) {
      if (output[at + i] > output[at + largest]) {
        largest = i;
      }
    }
    return largest;
  }

  /**
   * Whether this step is the last by what it gave. The limit of steps is the caller's to count.
   *
   * @param output the row's outputs from {@code at} on, finite
   */
  public boolean stops(float[] output, int at) {
    if (rules.stop() instanceof Stop.Token stop) {
      return largest(output, at) == stop.token();
    }
    return rules.stop() instanceof Stop.Above stop && output[at + stop.output()] > stop.threshold();
  }

  /**
   * Writes the fed inputs of the step behind one that gave this output.
   *
   * @param output the row's outputs from {@code at} on, finite
   * @param input the row's inputs from {@code offset} on. Modified: the first {@link #fed()}.
   */
  public void next(float[] output, int at, float[] input, int offset) {
    switch (rules.next()) {
      case OUTPUT -> System.arraycopy(output, at, input, offset, fed);
      case ARGMAX -> feed(largest(output, at), input, offset);
      case ZEROS -> Arrays.fill(input, offset, offset + fed, 0);
    }
  }
}
