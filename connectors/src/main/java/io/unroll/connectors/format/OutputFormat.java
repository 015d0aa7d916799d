package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns outputs into bytes: one line each, UTF-8, without a line end. The names of outputs and kept
 * fields are fixed per job.
 *
 * <p>Floats are written as the shortest text that reads back as the same float32. A rejected record
 * is JSON whatever the format. In CSV a value with a comma, a quote or a line break is quoted (RFC
 * 4180), so only such a value can spread a record over two lines.
 */
public final class OutputFormat implements Serializable {

  private static final long serialVersionUID = 1L;

  private final RecordFormat format;
  private final List<String> outputNames;
  private final List<String> keepNames;

  /**
   * @param outputNames one per output of the model, in its order
   * @param keepNames one per kept field, in the pipeline's order
   */
  public OutputFormat(RecordFormat format, List<String> outputNames, List<String> keepNames) {
    this.format = format;
    this.outputNames = List.copyOf(outputNames);
    this.keepNames = List.copyOf(keepNames);
  }

  /** How records are written. */
  public RecordFormat format() {
    return format;
  }

  /**
   * A prediction.
   *
   * @throws IllegalArgumentException if it has another number of outputs or kept fields than names
   */
  public byte[] prediction(Prediction prediction) {
    require("outputs", outputNames.size(), prediction.output.length);
    String[] keep = prediction.keep == null ? new String[0] : prediction.keep;
    require("kept fields", keepNames.size(), keep.length);
    return format == RecordFormat.JSON ? json(prediction, keep) : csv(prediction, keep);
  }

  /** A sequence's opening or closing. */
  public byte[] sequence(SequenceEvent event) {
    return format == RecordFormat.JSON ? json(event) : csv(event);
  }

  /** A rejected or late record; always JSON. */
  public byte[] rejected(Rejected rejected) {
    JsonLine line = new JsonLine().text("input", rejected.input);
    if (rejected.series != null) {
      line.text("series", rejected.series);
    }
    if (rejected.timestamp != null) {
      line.number("timestamp", rejected.timestamp);
    }
    line.text("reason", rejected.reason);
    if (rejected.watermark != null) {
      line.number("watermark", rejected.watermark);
    }
    if (rejected.raw != null) {
      line.bytes("raw", rejected.raw.value);
    }
    return line.end();
  }

  /** The header line of a file of predictions; null if the format has none. */
  public byte @Nullable [] predictionHeader() {
    if (format == RecordFormat.JSON) {
      return null;
    }
    CsvLine line = new CsvLine().words("series", "sequence", "step", "timestamp", "kind");
    outputNames.forEach(line::text);
    line.words("model", "input");
    keepNames.forEach(line::text);
    return line.end();
  }

  /** The header line of a file of sequences; null if the format has none. */
  public byte @Nullable [] sequenceHeader() {
    return format == RecordFormat.JSON
        ? null
        : new CsvLine()
            .words("series", "sequence", "event", "reason", "steps")
            .words("first", "last", "input", "model", "timestamp")
            .end();
  }

  private byte[] json(Prediction prediction, String[] keep) {
    JsonLine line =
        new JsonLine()
            .text("series", prediction.series)
            .text("sequence", prediction.sequence)
            .number("step", prediction.step)
            .number("timestamp", prediction.timestamp)
            .text("kind", prediction.kind.label())
            .open("output");
    for (int i = 0; i < prediction.output.length; i++) {
      line.number(outputNames.get(i), prediction.output[i]);
    }
    line.close().text("model", prediction.model).text("input", prediction.input);
    if (keep.length > 0) {
      line.open("keep");
      for (int i = 0; i < keep.length; i++) {
        line.raw(keepNames.get(i), keep[i]);
      }
      line.close();
    }
    return line.end();
  }

  private static byte[] json(SequenceEvent event) {
    JsonLine line =
        new JsonLine()
            .text("series", event.series)
            .text("sequence", event.sequence)
            .text("event", event.event.label());
    CloseReason reason = event.reason;
    if (reason != null) {
      line.text("reason", reason.label());
    }
    return line.number("steps", event.steps)
        .number("first", event.first)
        .number("last", event.last)
        .text("input", event.input)
        .text("model", event.model)
        .number("timestamp", event.timestamp)
        .end();
  }

  private static byte[] csv(Prediction prediction, String[] keep) {
    CsvLine line =
        new CsvLine()
            .text(prediction.series)
            .text(prediction.sequence)
            .number(prediction.step)
            .number(prediction.timestamp)
            .text(prediction.kind.label());
    for (float output : prediction.output) {
      line.number(output);
    }
    line.text(prediction.model).text(prediction.input);
    for (String json : keep) {
      line.text(JsonLine.plain(json));
    }
    return line.end();
  }

  private static byte[] csv(SequenceEvent event) {
    CloseReason reason = event.reason;
    return new CsvLine()
        .text(event.series)
        .text(event.sequence)
        .text(event.event.label())
        .text(reason == null ? "" : reason.label())
        .number(event.steps)
        .number(event.first)
        .number(event.last)
        .text(event.input)
        .text(event.model)
        .number(event.timestamp)
        .end();
  }

  private static void require(String what, int expected, int found) {
    if (expected != found) {
      throw new IllegalArgumentException(
          "prediction has "
              + found
              + " "
              + what
              + ", expected "
              + expected
              + " as there are names");
    }
  }

  /** Builds a line of comma-separated values. */
  private static final class CsvLine {
    private final StringBuilder line = new StringBuilder();
    private boolean first = true;

    CsvLine words(String... words) {
      for (String word : words) {
        text(word);
      }
      return this;
    }

    CsvLine text(String text) {
      if (!first) {
        line.append(',');
      }
      first = false;
      if (text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
        line.append('"').append(text.replace("\"", "\"\"")).append('"');
      } else {
        line.append(text);
      }
      return this;
    }

    CsvLine number(long number) {
      return text(Long.toString(number));
    }

    CsvLine number(float number) {
      return text(JsonLine.shortest(number));
    }

    byte[] end() {
      return line.toString().getBytes(UTF_8);
    }
  }
}
