package io.unroll.connectors.format;

import io.unroll.connectors.record.Prediction;
import java.util.Arrays;
import java.util.List;

/**
 * The columns of predictions. One that no observation stands behind, such as that of a filled step,
 * has no kept fields of its own: each of them is there and empty.
 */
final class PredictionColumns implements OutputTable.Columns<Prediction> {
  private static final List<String> KINDS =
      Arrays.stream(Prediction.Kind.values()).map(Prediction.Kind::label).toList();

  private final OutputFields outputs;
  private final List<String> names;
  private final List<String> keepNames;

  /**
   * @param keepNames one per kept field, in the pipeline's order
   */
  PredictionColumns(OutputFields outputs, List<String> keepNames) {
    this.outputs = outputs;
    this.names = outputs.names();
    this.keepNames = List.copyOf(keepNames);
  }

  /** A prediction that {@code outputs} take. */
  static Prediction sample(OutputFields outputs) {
    Prediction prediction = new Prediction();
    prediction.token = 0;
    prediction.output = new float[Math.max(1, outputs.names().size())];
    return prediction;
  }

  @Override
  @SuppressWarnings("EnumOrdinal") // the labels are in the order of their constants
  public void of(Prediction prediction, OutputRow row) {
    row.text("series", prediction.series);
    row.text("sequence", prediction.sequence);
    row.whole("step", prediction.step);
    row.whole("timestamp", prediction.timestamp);
    row.label("kind", KINDS, prediction.kind.ordinal());
    row.whole("ahead", outputs.decoder(), prediction.ahead, prediction.ahead != 0);
    row.whole(
        "for",
        outputs.decoder(),
        prediction.predicted,
        prediction.predicted != Prediction.NOT_PREDICTED);
    row.flag("filled", outputs.marks(), prediction.filled);
    row.flag("warming", outputs.marks(), prediction.warming);
    row.group("output");
    output(prediction, row);
    row.endGroup();
    row.text("model", prediction.model);
    row.text("input", prediction.input());
    if (!keepNames.isEmpty()) {
      row.group("keep");
      for (int i = 0; i < keepNames.size(); i++) {
        row.json(keepNames.get(i), prediction.keep == null ? "null" : prediction.keep[i]);
      }
      row.endGroup();
    }
  }

  /** What a prediction's numbers become. */
  private void output(Prediction prediction, OutputRow row) {
    float[] output = prediction.output;
    switch (outputs.kind()) {
      case NAMED -> row.singles(names, output);
      case LABELS -> {
        int best = largest(output);
        row.label("label", names, best);
        row.single("score", output[best]);
      }
      case TOKEN -> {
        row.whole("token", prediction.token);
        row.single("score", output[0]);
      }
      case TOKEN_LABEL -> {
        row.label("label", names, prediction.token);
        row.single("score", output[0]);
      }
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
