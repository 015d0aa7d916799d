package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * One output of the model. {@code step}, {@code timestamp} and {@code input} are those of the last
 * observation seen; {@code input} identifies a prediction.
 */
@TypeInfo(PredictionSerializer.Factory.class)
public final class Prediction {
  /** Why the prediction was made. */
  public enum Kind {
    /** After a step, with {@code emit: {on: step}}. */
    STEP("step"),
    /** At the close of a sequence, with {@code emit: {on: end}}. */
    FINAL("final");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The word in the record. */
    public String label() {
      return label;
    }
  }

  public String series = "";

  /** The sequence's id: a label, by default the timestamp of the observation that opened it. */
  public String sequence = "";

  /** Index of the step in its sequence, from 0. */
  public long step;

  /** Event time of the last observation seen, epoch milliseconds. */
  public long timestamp;

  public Kind kind = Kind.STEP;

  /** The model's outputs, in its order. (outputs) */
  public float[] output = {};

  /** {@code name@fingerprint} of the model. */
  public String model = "";

  /** The source of the last observation seen, see {@link Observation#origin}. */
  public String origin = "";

  /** The place of that observation in {@link #origin}. */
  public long position;

  /** The kept fields of that observation as JSON text, in the pipeline's order; null without. */
  public String @Nullable [] keep;

  /** For Flink. */
  public Prediction() {}

  /** The place in the source: {@code topic/partition@offset} or {@code file:line}. */
  public String input() {
    return origin + position;
  }
}
