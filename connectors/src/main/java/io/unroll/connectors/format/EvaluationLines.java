package io.unroll.connectors.format;

import io.unroll.connectors.record.Evaluation;

/** Writes evaluations. */
final class EvaluationLines {

  /** The columns in CSV. */
  static final String HEADER =
      "series,sequence,step,made,timestamp,ahead,output,against,predicted,actual,persistence,"
          + "quantile,model,input";

  private EvaluationLines() {}

  static byte[] json(Evaluation evaluation, OutputLine line) {
    line.start()
        .text("{\"series\":")
        .quoted(evaluation.series)
        .text(",\"sequence\":")
        .quoted(evaluation.sequence)
        .text(",\"step\":")
        .number(evaluation.step)
        .text(",\"made\":")
        .number(evaluation.made)
        .text(",\"timestamp\":")
        .number(evaluation.timestamp)
        .text(",\"ahead\":")
        .number(evaluation.ahead)
        .text(",\"output\":")
        .quoted(evaluation.output)
        .text(",\"against\":")
        .quoted(evaluation.against)
        .text(",\"predicted\":")
        .jsonNumber(evaluation.predicted)
        .text(",\"actual\":")
        .jsonNumber(evaluation.actual);
    if (!Double.isNaN(evaluation.persistence)) {
      line.text(",\"persistence\":").jsonNumber(evaluation.persistence);
    }
    if (!Double.isNaN(evaluation.quantile)) {
      line.text(",\"quantile\":").jsonNumber(evaluation.quantile);
    }
    return line.text(",\"model\":")
        .quoted(evaluation.model)
        .text(",\"input\":")
        .quoted(evaluation.input())
        .text("}")
        .end();
  }

  static byte[] csv(Evaluation evaluation, OutputLine line) {
    line.start()
        .csv(evaluation.series)
        .text(",")
        .csv(evaluation.sequence)
        .text(",")
        .number(evaluation.step)
        .text(",")
        .number(evaluation.made)
        .text(",")
        .number(evaluation.timestamp)
        .text(",")
        .number(evaluation.ahead)
        .text(",")
        .csv(evaluation.output)
        .text(",")
        .csv(evaluation.against)
        .text(",")
        .number(evaluation.predicted)
        .text(",")
        .number(evaluation.actual)
        .text(",");
    if (!Double.isNaN(evaluation.persistence)) {
      line.number(evaluation.persistence);
    }
    line.text(",");
    if (!Double.isNaN(evaluation.quantile)) {
      line.number(evaluation.quantile);
    }
    return line.text(",").csv(evaluation.model).text(",").csv(evaluation.input()).end();
  }
}
