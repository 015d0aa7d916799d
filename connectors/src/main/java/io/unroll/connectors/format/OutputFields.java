package io.unroll.connectors.format;

import io.unroll.connectors.record.Prediction;
import java.io.Serializable;
import java.util.List;

/**
 * How a prediction's numbers become the fields of its {@code output}, and which columns predictions
 * have in a row beside those that all of them have.
 *
 * @param kind what the numbers are
 * @param names of the numbers, or the labels that they score, or those of the tokens; in the
 *     model's order
 * @param decoder true for columns {@code ahead} and {@code for}
 * @param marks true for columns {@code filled} and {@code warming}
 */
public record OutputFields(Kind kind, List<String> names, boolean decoder, boolean marks)
    implements Serializable {

  /** What a prediction's numbers are. */
  public enum Kind {
    /** One value per name: {@code {"temp_max":11.9,"temp_min":4.2}}. */
    NAMED,
    /** One score per label; the highest wins: {@code {"label":"up","score":0.93}}. */
    LABELS,
    /** The score of {@code Prediction.token}: {@code {"token":7,"score":0.93}}. */
    TOKEN,
    /** The same by the token's label: {@code {"label":"up","score":0.93}}. */
    TOKEN_LABEL
  }

  /**
   * @throws IllegalArgumentException if there are names for bare tokens, or no label to choose from
   */
  public OutputFields {
    names = List.copyOf(names);
    boolean labels = kind == Kind.LABELS || kind == Kind.TOKEN_LABEL;
    if (labels && names.isEmpty()) {
      throw new IllegalArgumentException("labels: found none, expected at least one");
    }
    if (kind == Kind.TOKEN && !names.isEmpty()) {
      throw new IllegalArgumentException("tokens: found " + names.size() + " names, expected none");
    }
  }

  /** A value for each of {@code names}, one per output of the model, in its order. */
  public static OutputFields named(List<String> names) {
    return new OutputFields(Kind.NAMED, names, false, false);
  }

  /**
   * The label of the model's largest output, the first of them if there are several, and its score.
   *
   * @param labels one per output of the model, in its order
   */
  public static OutputFields labels(List<String> labels) {
    return new OutputFields(Kind.LABELS, labels, false, false);
  }

  /** The token that a decoder chose, and its score: the one output. */
  public static OutputFields tokens() {
    return new OutputFields(Kind.TOKEN, List.of(), false, false);
  }

  /**
   * The label of the token that a decoder chose, and its score: the one output.
   *
   * @param labels one per token, from token 0
   */
  public static OutputFields tokens(List<String> labels) {
    return new OutputFields(Kind.TOKEN_LABEL, labels, false, false);
  }

  /** These, with columns in rows for how far ahead and for which time: {@code ahead, for}. */
  public OutputFields withDecoder() {
    return new OutputFields(kind, names, true, marks);
  }

  /** These, with columns in rows for what to mind in a prediction: {@code filled, warming}. */
  public OutputFields withMarks() {
    return new OutputFields(kind, names, decoder, true);
  }

  /**
   * @throws IllegalArgumentException if the prediction has another number of outputs than it needs,
   *     or no token that can be named
   */
  void require(Prediction prediction) {
    int found = prediction.output.length;
    switch (kind) {
      case NAMED, LABELS -> {
        if (found != names.size()) {
          throw new IllegalArgumentException(
              "prediction has "
                  + found
                  + " outputs, expected "
                  + names.size()
                  + (kind == Kind.NAMED ? " as there are names" : " as there are labels"));
        }
      }
      case TOKEN, TOKEN_LABEL -> {
        if (found != 1) {
          throw new IllegalArgumentException(
              "prediction has " + found + " outputs, expected 1: the score of its token");
        }
        if (prediction.token < 0) {
          throw new IllegalArgumentException(
              "prediction has token " + prediction.token + ", expected 0 or more");
        }
        if (kind == Kind.TOKEN_LABEL && prediction.token >= names.size()) {
          throw new IllegalArgumentException(
              "prediction has token "
                  + prediction.token
                  + ", expected 0 to "
                  + (names.size() - 1)
                  + " as there are labels");
        }
      }
    }
  }
}
