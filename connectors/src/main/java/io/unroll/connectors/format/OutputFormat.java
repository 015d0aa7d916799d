package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.io.Serializable;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns outputs into bytes: one line each, UTF-8, without a line end. The names of outputs and kept
 * fields are fixed per job.
 *
 * <p>Floats are written as the shortest text that reads back as the same float32. A rejected record
 * is JSON whatever the format. In CSV a value with a comma, a quote or a line break is quoted (RFC
 * 4180), so only such a value can spread a record over two lines.
 *
 * <p>Each line is put together in the same buffer: not safe to share between threads. Flink gives
 * each subtask a copy of its own.
 */
public final class OutputFormat implements Serializable {

  private static final long serialVersionUID = 1L;

  private final RecordFormat format;
  private final OutputFields outputs;
  private final List<String> keepNames;

  /** The names as JSON writes them in front of their values, and the line under work. */
  private transient OutputValues values;

  private transient byte[][] keepFields;
  private transient String[] keepNothing;
  private transient OutputLine line;

  /**
   * Outputs by their names.
   *
   * @param outputNames one per output of the model, in its order
   * @param keepNames one per kept field, in the pipeline's order
   */
  public OutputFormat(RecordFormat format, List<String> outputNames, List<String> keepNames) {
    this(format, OutputFields.named(outputNames), keepNames);
  }

  /**
   * @param outputs what becomes of a prediction's numbers
   * @param keepNames one per kept field, in the pipeline's order
   */
  public OutputFormat(RecordFormat format, OutputFields outputs, List<String> keepNames) {
    this.format = format;
    this.outputs = outputs;
    this.keepNames = List.copyOf(keepNames);
    this.keepNothing = Collections.nCopies(this.keepNames.size(), "null").toArray(String[]::new);
    this.values = new OutputValues(outputs);
    this.keepFields = OutputValues.fieldNames(this.keepNames);
    this.line = new OutputLine();
  }

  private Object readResolve() {
    return new OutputFormat(format, outputs, keepNames);
  }

  /** How records are written. */
  public RecordFormat format() {
    return format;
  }

  /**
   * A prediction. One that no observation stands behind, such as that of a filled step, has no kept
   * fields of its own: each of them is there and empty.
   *
   * @throws IllegalArgumentException if it has another number of outputs or kept fields than there
   *     are names, or no token where there should be one
   */
  public byte[] prediction(Prediction prediction) {
    values.require(prediction);
    String[] keep = prediction.keep == null ? keepNothing : prediction.keep;
    if (keep.length != keepNames.size()) {
      throw new IllegalArgumentException(
          "prediction has "
              + keep.length
              + " kept fields, expected "
              + keepNames.size()
              + " as there are names");
    }
    return format == RecordFormat.JSON ? json(prediction, keep) : csv(prediction, keep);
  }

  /** A sequence's opening or closing. */
  public byte[] sequence(SequenceEvent event) {
    return format == RecordFormat.JSON ? json(event) : csv(event);
  }

  /** A prediction and what came true. */
  public byte[] evaluation(Evaluation evaluation) {
    return format == RecordFormat.JSON
        ? EvaluationLines.json(evaluation, line)
        : EvaluationLines.csv(evaluation, line);
  }

  /** A rejected or late record; always JSON. */
  public byte[] rejected(Rejected rejected) {
    line.start().text("{\"input\":").quoted(rejected.input);
    if (rejected.series != null) {
      line.text(",\"series\":").quoted(rejected.series);
    }
    if (rejected.timestamp != null) {
      line.text(",\"timestamp\":").number(rejected.timestamp);
    }
    line.text(",\"reason\":").quoted(rejected.reason);
    if (rejected.output != null) {
      line.text(",\"output\":").quoted(rejected.output);
    }
    if (rejected.watermark != null) {
      line.text(",\"watermark\":").number(rejected.watermark);
    }
    if (rejected.raw != null) {
      raw(rejected.raw.value);
    }
    return line.text("}").end();
  }

  /** Text if it is UTF-8, else {@code raw-base64}; null where there are no bytes. */
  private void raw(byte @Nullable [] bytes) {
    if (bytes == null) {
      line.text(",\"raw\":null");
    } else if (Utf8.isValid(bytes)) {
      line.text(",\"raw\":").quoted(new String(bytes, UTF_8));
    } else {
      line.text(",\"raw-base64\":").quoted(Base64.getEncoder().encodeToString(bytes));
    }
  }

  /** The header line of a file of predictions; null if the format has none. */
  public byte @Nullable [] predictionHeader() {
    if (format == RecordFormat.JSON) {
      return null;
    }
    line.start().text("series,sequence,step,timestamp,kind");
    if (outputs.decoder()) {
      line.text(",ahead,for");
    }
    if (outputs.marks()) {
      line.text(",filled,warming");
    }
    outputs.fields().forEach(name -> line.text(",").csv(name));
    line.text(",model,input");
    keepNames.forEach(name -> line.text(",").csv(name));
    return line.end();
  }

  /** The header line of a file of sequences; null if the format has none. */
  public byte @Nullable [] sequenceHeader() {
    return format == RecordFormat.JSON
        ? null
        : "series,sequence,event,reason,steps,first,last,input,model,timestamp".getBytes(UTF_8);
  }

  /** The header line of a file of evaluations; null if the format has none. */
  public byte @Nullable [] evaluationHeader() {
    return format == RecordFormat.JSON ? null : EvaluationLines.HEADER.getBytes(UTF_8);
  }

  private byte[] json(Prediction prediction, String[] keep) {
    line.start()
        .text("{\"series\":")
        .quoted(prediction.series)
        .text(",\"sequence\":")
        .quoted(prediction.sequence)
        .text(",\"step\":")
        .number(prediction.step)
        .text(",\"timestamp\":")
        .number(prediction.timestamp)
        .text(",\"kind\":")
        .quoted(prediction.kind.label());
    if (prediction.ahead != 0) {
      line.text(",\"ahead\":").number(prediction.ahead);
    }
    if (prediction.predicted != Prediction.NOT_PREDICTED) {
      line.text(",\"for\":").number(prediction.predicted);
    }
    if (prediction.filled) {
      line.text(",\"filled\":true");
    }
    if (prediction.warming) {
      line.text(",\"warming\":true");
    }
    line.text(",\"output\":{");
    values.json(prediction, line);
    line.text("},\"model\":")
        .quoted(prediction.model)
        .text(",\"input\":")
        .quoted(prediction.input());
    if (keep.length > 0) {
      line.text(",\"keep\":{");
      for (int i = 0; i < keep.length; i++) {
        line.bytes(keepFields[i]).text(keep[i]);
      }
      line.text("}");
    }
    return line.text("}").end();
  }

  private byte[] json(SequenceEvent event) {
    line.start()
        .text("{\"series\":")
        .quoted(event.series)
        .text(",\"sequence\":")
        .quoted(event.sequence)
        .text(",\"event\":")
        .quoted(event.event.label());
    CloseReason reason = event.reason;
    if (reason != null) {
      line.text(",\"reason\":").quoted(reason.label());
    }
    return line.text(",\"steps\":")
        .number(event.steps)
        .text(",\"first\":")
        .number(event.first)
        .text(",\"last\":")
        .number(event.last)
        .text(",\"input\":")
        .quoted(event.input)
        .text(",\"model\":")
        .quoted(event.model)
        .text(",\"timestamp\":")
        .number(event.timestamp)
        .text("}")
        .end();
  }

  private byte[] csv(Prediction prediction, String[] keep) {
    line.start()
        .csv(prediction.series)
        .text(",")
        .csv(prediction.sequence)
        .text(",")
        .number(prediction.step)
        .text(",")
        .number(prediction.timestamp)
        .text(",")
        .text(prediction.kind.label());
    if (outputs.decoder()) {
      line.text(",");
      if (prediction.ahead != 0) {
        line.number(prediction.ahead);
      }
      line.text(",");
      if (prediction.predicted != Prediction.NOT_PREDICTED) {
        line.number(prediction.predicted);
      }
    }
    if (outputs.marks()) {
      line.text(",")
          .text(Boolean.toString(prediction.filled))
          .text(",")
          .text(Boolean.toString(prediction.warming));
    }
    values.csv(prediction, line);
    line.text(",").csv(prediction.model).text(",").csv(prediction.input());
    for (String json : keep) {
      line.text(",").csv(JsonLine.plain(json));
    }
    return line.end();
  }

  private byte[] csv(SequenceEvent event) {
    CloseReason reason = event.reason;
    return line.start()
        .csv(event.series)
        .text(",")
        .csv(event.sequence)
        .text(",")
        .text(event.event.label())
        .text(",")
        .text(reason == null ? "" : reason.label())
        .text(",")
        .number(event.steps)
        .text(",")
        .number(event.first)
        .text(",")
        .number(event.last)
        .text(",")
        .csv(event.input)
        .text(",")
        .csv(event.model)
        .text(",")
        .number(event.timestamp)
        .end();
  }
}
