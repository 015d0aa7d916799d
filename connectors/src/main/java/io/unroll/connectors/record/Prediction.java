package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * One output of the model. {@code step}, {@code timestamp} and {@code input} are those of the last
 * observation seen; {@code input} and {@code ahead} together identify a prediction.
 */
@TypeInfo(PredictionSerializer.Factory.class)
public final class Prediction {
  /** Why the prediction was made. */
  public enum Kind {
    /** After a step, with {@code emit: {on: step}}. */
    STEP("step"),
    /** At the close of a sequence, with {@code emit: {on: end}}. */
    FINAL("final"),
    /** An output of the decoder, which ran at the close of a sequence. */
    DECODED("decoded"),
    /** An output of the decoder, which ran after a step on a copy of the state. */
    FORECAST("forecast");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The word in the record. */
    public String label() {
      return label;
    }
  }

  /** {@link #predicted} of a prediction that is for no time of its own. */
  public static final long NOT_PREDICTED = Long.MIN_VALUE;

  public String series = "";

  /** The sequence's id: a label, by default the timestamp of the observation that opened it. */
  public String sequence = "";

  /** Index of the step in its sequence, from 0. */
  public long step;

  /** Event time of the last observation seen, epoch milliseconds. */
  public long timestamp;

  public Kind kind = Kind.STEP;

  /** Which of the decoder's outputs this is, from 1: so many steps ahead. 0 without a decoder. */
  public int ahead;

  /** The event time that is predicted, epoch milliseconds; {@link #NOT_PREDICTED} for none. */
  public long predicted = NOT_PREDICTED;

  /** The token that the decoder chose, from 0; {@link #output} is its score. -1 for none. */
  public int token = -1;

  /** True if a missing feature of the last observation was filled before the step. */
  public boolean filled;

  /** True if the sequence is still warming up: too few steps for the prediction to be relied on. */
  public boolean warming;

  /** The model's outputs, in its order. (outputs) */
  public float[] output = {};

  /** {@code name@fingerprint} of the model. */
  public String model = "";

  /** The source of the last observation seen, see {@link Observation#origin}. */
  public String origin = "";

  /** The place of that observation in {@link #origin}. */
  public long position;

  /**
   * The kept fields of that observation as JSON text, in the pipeline's order; null where nothing
   * is kept, and where no observation stands behind the prediction.
   */
  public String @Nullable [] keep;

  /** For Flink. */
  public Prediction() {}

  /** The place in the source: {@code topic/partition@offset} or {@code file:line}. */
  public String input() {
    return origin + position;
  }
}
