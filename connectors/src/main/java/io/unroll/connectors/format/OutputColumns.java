package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns of each output, in their order: what every format writes. */
public final class OutputColumns {

  /** Openings and closings. */
  public static final OutputTable<SequenceEvent> SEQUENCES =
      new OutputTable<>(new SequenceEvent(), OutputColumns::sequence);

  /** Predictions beside what came true. */
  public static final OutputTable<Evaluation> EVALUATIONS =
      new OutputTable<>(new Evaluation(), OutputColumns::evaluation);

  /** What is rejected or late. The record itself is text if it is UTF-8. */
  public static final OutputTable<Rejected> REJECTED =
      new OutputTable<>(new Rejected(), OutputColumns::rejected);

  private static final List<String> EVENTS =
      Arrays.stream(SequenceEvent.Event.values()).map(SequenceEvent.Event::label).toList();

  private static final List<String> REASONS =
      Arrays.stream(CloseReason.values()).map(CloseReason::label).toList();

  private OutputColumns() {}

  /**
   * Predictions. One that no observation stands behind, such as that of a filled step, has no kept
   * fields of its own: each of them is there and empty.
   *
   * @param keepNames one per kept field, in the pipeline's order
   */
  public static OutputTable<Prediction> predictions(OutputFields outputs, List<String> keepNames) {
    return new OutputTable<>(
        PredictionColumns.sample(outputs), new PredictionColumns(outputs, keepNames));
  }

  @SuppressWarnings("EnumOrdinal") // the labels are in the order of their constants
  private static void sequence(SequenceEvent event, OutputRow row) {
    CloseReason reason = event.reason;
    row.text("series", event.series);
    row.text("sequence", event.sequence);
    row.label("event", EVENTS, event.event.ordinal());
    row.label("reason", REASONS, reason == null ? -1 : reason.ordinal());
    row.whole("steps", event.steps);
    row.whole("first", event.first);
    row.whole("last", event.last);
    row.text("input", event.input);
    row.text("model", event.model);
    row.whole("timestamp", event.timestamp);
  }

  private static void evaluation(Evaluation evaluation, OutputRow row) {
    double persistence = evaluation.persistence;
    double quantile = evaluation.quantile;
    row.text("series", evaluation.series);
    row.text("sequence", evaluation.sequence);
    row.whole("step", evaluation.step);
    row.whole("made", evaluation.made);
    row.whole("timestamp", evaluation.timestamp);
    row.whole("ahead", evaluation.ahead);
    row.text("output", evaluation.output);
    row.text("against", evaluation.against);
    row.decimal("predicted", evaluation.predicted);
    row.decimal("actual", evaluation.actual);
    row.decimal("persistence", persistence, !Double.isNaN(persistence));
    row.decimal("quantile", quantile, !Double.isNaN(quantile));
    row.text("model", evaluation.model);
    row.text("input", evaluation.input());
  }

  private static void rejected(Rejected rejected, OutputRow row) {
    Long timestamp = rejected.timestamp;
    Long watermark = rejected.watermark;
    row.text("input", rejected.input);
    row.text("series", rejected.series);
    row.whole("timestamp", timestamp == null ? 0 : timestamp, timestamp != null);
    row.text("reason", rejected.reason);
    row.text("output", rejected.output);
    row.whole("watermark", watermark == null ? 0 : watermark, watermark != null);
    row.json("raw", text(rejected.raw));
    row.text("raw-base64", base64(rejected.raw));
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
