package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The columns of each output, in their order: what every format writes. */
public final class OutputColumns {

  /** Openings and closings. */
  public static final List<Column<SequenceEvent>> SEQUENCES =
      List.of(
          new Column.Text<>("series", event -> event.series),
          new Column.Text<>("sequence", event -> event.sequence),
          new Column.Text<>("event", event -> event.event.label()),
          new Column.Text<>("reason", event -> label(event.reason)),
          new Column.Whole<>("steps", event -> event.steps),
          new Column.Whole<>("first", event -> event.first),
          new Column.Whole<>("last", event -> event.last),
          new Column.Text<>("input", event -> event.input),
          new Column.Text<>("model", event -> event.model),
          new Column.Whole<>("timestamp", event -> event.timestamp));

  /** Predictions beside what came true. */
  public static final List<Column<Evaluation>> EVALUATIONS =
      List.of(
          new Column.Text<>("series", evaluation -> evaluation.series),
          new Column.Text<>("sequence", evaluation -> evaluation.sequence),
          new Column.Whole<>("step", evaluation -> evaluation.step),
          new Column.Whole<>("made", evaluation -> evaluation.made),
          new Column.Whole<>("timestamp", evaluation -> evaluation.timestamp),
          new Column.Whole<>("ahead", evaluation -> evaluation.ahead),
          new Column.Text<>("output", evaluation -> evaluation.output),
          new Column.Text<>("against", evaluation -> evaluation.against),
          new Column.Decimal<>("predicted", evaluation -> evaluation.predicted, false),
          new Column.Decimal<>("actual", evaluation -> evaluation.actual, false),
          new Column.Decimal<>("persistence", evaluation -> evaluation.persistence, true),
          new Column.Decimal<>("quantile", evaluation -> evaluation.quantile, true),
          new Column.Text<>("model", evaluation -> evaluation.model),
          new Column.Text<>("input", Evaluation::input));

  /** What is rejected or late. The record itself is text if it is UTF-8. */
  public static final List<Column<Rejected>> REJECTED =
      List.of(
          new Column.Text<>("input", rejected -> rejected.input),
          new Column.Text<>("series", rejected -> rejected.series),
          new Column.Whole<>(
              "timestamp",
              true,
              rejected -> orZero(rejected.timestamp),
              rejected -> rejected.timestamp != null),
          new Column.Text<>("reason", rejected -> rejected.reason),
          new Column.Text<>("output", rejected -> rejected.output),
          new Column.Whole<>(
              "watermark",
              true,
              rejected -> orZero(rejected.watermark),
              rejected -> rejected.watermark != null),
          new Column.Json<>("raw", rejected -> text(rejected.raw)),
          new Column.Text<>("raw-base64", rejected -> base64(rejected.raw)));

  private OutputColumns() {}

  /**
   * Predictions. One that no observation stands behind, such as that of a filled step, has no kept
   * fields of its own: each of them is there and empty.
   *
   * @param keepNames one per kept field, in the pipeline's order
   */
  public static List<Column<Prediction>> predictions(OutputFields outputs, List<String> keepNames) {
    List<Column<Prediction>> columns = new ArrayList<>();
    columns.add(new Column.Text<>("series", prediction -> prediction.series));
    columns.add(new Column.Text<>("sequence", prediction -> prediction.sequence));
    columns.add(new Column.Whole<>("step", prediction -> prediction.step));
    columns.add(new Column.Whole<>("timestamp", prediction -> prediction.timestamp));
    columns.add(new Column.Text<>("kind", prediction -> prediction.kind.label()));
    columns.add(
        new Column.Whole<>(
            "ahead",
            outputs.decoder(),
            prediction -> prediction.ahead,
            prediction -> prediction.ahead != 0));
    columns.add(
        new Column.Whole<>(
            "for",
            outputs.decoder(),
            prediction -> prediction.predicted,
            prediction -> prediction.predicted != Prediction.NOT_PREDICTED));
    columns.add(new Column.Flag<>("filled", outputs.marks(), prediction -> prediction.filled));
    columns.add(new Column.Flag<>("warming", outputs.marks(), prediction -> prediction.warming));
    columns.add(new Column.Group<>("output", values(outputs)));
    columns.add(new Column.Text<>("model", prediction -> prediction.model));
    columns.add(new Column.Text<>("input", Prediction::input));
    if (!keepNames.isEmpty()) {
      columns.add(
          new Column.Group<>(
              "keep",
              IntStream.range(0, keepNames.size())
                  .<Column<Prediction>>mapToObj(
                      i ->
                          new Column.Json<>(
                              keepNames.get(i), prediction -> kept(prediction.keep, i)))
                  .toList()));
    }
    return List.copyOf(columns);
  }

  /** What a prediction's numbers become. */
  private static List<Column<Prediction>> values(OutputFields outputs) {
    List<String> names = outputs.names();
    return switch (outputs.kind()) {
      case NAMED -> List.of(new Column.Floats<>("values", names, prediction -> prediction.output));
      case LABELS ->
          List.of(
              new Column.Text<>("label", prediction -> names.get(largest(prediction.output))),
              new Column.Single<>(
                  "score", prediction -> prediction.output[largest(prediction.output)]));
      case TOKEN ->
          List.of(
              new Column.Whole<>("token", prediction -> prediction.token),
              new Column.Single<>("score", prediction -> prediction.output[0]));
      case TOKEN_LABEL ->
          List.of(
              new Column.Text<>("label", prediction -> names.get(prediction.token)),
              new Column.Single<>("score", prediction -> prediction.output[0]));
    };
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

  private static String kept(String @Nullable [] keep, int i) {
    return keep == null ? "null" : keep[i];
  }

  private static @Nullable String label(@Nullable CloseReason reason) {
    return reason == null ? null : reason.label();
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  /** JSON; null for no record, and for one that is not UTF-8. */
  private static @Nullable String text(@Nullable RawRecord raw) {
    if (raw == null) {
      return null;
    }
    byte[] bytes = raw.value;
    if (bytes == null) {
      return "null";
    }
    return Utf8.isValid(bytes) ? Text.quote(new String(bytes, UTF_8)) : null;
  }

  /** Null for no record, and for one that is UTF-8. */
  private static @Nullable String base64(@Nullable RawRecord raw) {
    byte[] bytes = raw == null ? null : raw.value;
    return bytes == null || Utf8.isValid(bytes) ? null : Base64.getEncoder().encodeToString(bytes);
  }
}
