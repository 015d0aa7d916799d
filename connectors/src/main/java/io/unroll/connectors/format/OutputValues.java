package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.OutputFields.Kind;
import io.unroll.connectors.record.Prediction;
import java.util.List;

/** Writes a prediction's {@code output}, as {@link OutputFields} describe it. Immutable. */
final class OutputValues {

  private final Kind kind;
  private final List<String> names;

  /** What JSON has in front of the number: of each output, or of the score of each label. */
  private final byte[][] before;

  OutputValues(OutputFields fields) {
    kind = fields.kind();
    names = fields.names();
    before =
        switch (kind) {
          case NAMED -> fieldNames(names);
          case LABELS, TOKEN_LABEL -> labels(names);
          case TOKEN -> new byte[0][];
        };
  }

  /** {@code "a":} and from the second on {@code ,"b":}. */
  static byte[][] fieldNames(List<String> names) {
    byte[][] fields = new byte[names.size()][];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = ((i == 0 ? "" : ",") + Text.quote(names.get(i)) + ':').getBytes(UTF_8);
    }
    return fields;
  }

  private static byte[][] labels(List<String> labels) {
    byte[][] fields = new byte[labels.size()][];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = ("\"label\":" + Text.quote(labels.get(i)) + ",\"score\":").getBytes(UTF_8);
    }
    return fields;
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

  /** The fields of {@code output}, without its braces. */
  void json(Prediction prediction, OutputLine line) {
    float[] output = prediction.output;
    switch (kind) {
      case NAMED -> {
        for (int i = 0; i < output.length; i++) {
          line.bytes(before[i]).jsonNumber(output[i]);
        }
      }
      case LABELS -> {
        int best = largest(output);
        line.bytes(before[best]).jsonNumber(output[best]);
      }
      case TOKEN ->
          line.text("\"token\":")
              .number(prediction.token)
              .text(",\"score\":")
              .jsonNumber(output[0]);
      case TOKEN_LABEL -> line.bytes(before[prediction.token]).jsonNumber(output[0]);
    }
  }

  /** The columns of {@code output}, a comma in front of each. */
  void csv(Prediction prediction, OutputLine line) {
    float[] output = prediction.output;
    switch (kind) {
      case NAMED -> {
        for (float value : output) {
          line.text(",").number(value);
        }
      }
      case LABELS -> {
        int best = largest(output);
        line.text(",").csv(names.get(best)).text(",").number(output[best]);
      }
      case TOKEN -> line.text(",").number(prediction.token).text(",").number(output[0]);
      case TOKEN_LABEL ->
          line.text(",").csv(names.get(prediction.token)).text(",").number(output[0]);
    }
  }

  /** The index of the largest score, the first of several. */
  private static int largest(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }
}
