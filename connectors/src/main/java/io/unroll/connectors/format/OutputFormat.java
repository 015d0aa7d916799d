package io.unroll.connectors.format;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns outputs into bytes: the columns of {@link OutputColumns} in a format, without a line end.
 * The names of outputs and kept fields are fixed per job. A rejected record is JSON whatever the
 * format.
 *
 * <p>Each record is put together in the same buffer: not safe to share between threads. Flink gives
 * each subtask a copy of its own.
 */
public final class OutputFormat implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Format format;
  private final OutputFields outputs;
  private final List<String> keepNames;

  private final transient RecordWriter<Prediction> predictions;
  private final transient RecordWriter<SequenceEvent> sequences;
  private final transient RecordWriter<Evaluation> evaluations;
  private final transient RecordWriter<Rejected> rejects;

  /**
   * Outputs by their names.
   *
   * @param format one that can be written
   * @param outputNames one per output of the model, in its order
   * @param keepNames one per kept field, in the pipeline's order
   */
  public OutputFormat(Format format, List<String> outputNames, List<String> keepNames) {
    this(format, OutputFields.named(outputNames), keepNames);
  }

  /**
   * @param format one that can be written
   * @param outputs what becomes of a prediction's numbers
   * @param keepNames one per kept field, in the pipeline's order
   */
  public OutputFormat(Format format, OutputFields outputs, List<String> keepNames) {
    this.format = format;
    this.outputs = outputs;
    this.keepNames = List.copyOf(keepNames);
    predictions = format.writer(OutputColumns.predictions(outputs, this.keepNames));
    sequences = format.writer(OutputColumns.SEQUENCES);
    evaluations = format.writer(OutputColumns.EVALUATIONS);
    rejects = ofRejects().writer(OutputColumns.REJECTED);
  }

  private Object readResolve() {
    return new OutputFormat(format, outputs, keepNames);
  }

  /** How records are written. */
  public Format format() {
    return format;
  }

  /** How rejected and late records are. */
  public static Format ofRejects() {
    return Formats.named(Formats.JSON);
  }

  /**
   * A prediction.
   *
   * @throws IllegalArgumentException if it has another number of outputs or kept fields than there
   *     are names, or no token where there should be one
   */
  public byte[] prediction(Prediction prediction) {
    outputs.require(prediction);
    if (prediction.keep != null && prediction.keep.length != keepNames.size()) {
      throw new IllegalArgumentException(
          "prediction has "
              + prediction.keep.length
              + " kept fields, expected "
              + keepNames.size()
              + " as there are names");
    }
    return predictions.write(prediction);
  }

  /** A sequence's opening or closing. */
  public byte[] sequence(SequenceEvent event) {
    return sequences.write(event);
  }

  /** A prediction and what came true. */
  public byte[] evaluation(Evaluation evaluation) {
    return evaluations.write(evaluation);
  }

  /** A rejected or late record. */
  public byte[] rejected(Rejected rejected) {
    return rejects.write(rejected);
  }

  /** What a file of predictions begins with; null for nothing. */
  public byte @Nullable [] predictionHeader() {
    return predictions.header();
  }

  /** What a file of sequences begins with; null for nothing. */
  public byte @Nullable [] sequenceHeader() {
    return sequences.header();
  }

  /** What a file of evaluations begins with; null for nothing. */
  public byte @Nullable [] evaluationHeader() {
    return evaluations.header();
  }
}
