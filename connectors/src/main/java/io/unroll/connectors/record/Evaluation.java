package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A prediction and what came true: one output of the model beside the field that it foretold, as
 * the observation at that place has it.
 */
@TypeInfo(EvaluationSerializer.Factory.class)
public final class Evaluation {
  public String series = "";

  /** The sequence of the prediction. */
  public String sequence = "";

  /** Index of the prediction's step in its sequence, from 0. */
  public long step;

  /** Event time of the prediction: of the last observation that it had seen, epoch milliseconds. */
  public long made;

  /** Event time of the observation that it is held against, epoch milliseconds. */
  public long timestamp;

  /** The name of the model's output. */
  public String output = "";

  /** The name of the field that the output is held against. */
  public String against = "";

  /** How many steps ahead the prediction looked, see {@link Prediction#ahead}. */
  public int ahead;

  /** The prediction, in the field's unit. */
  public double predicted;

  /** The field's value in the observation. */
  public double actual;

  /**
   * The naive forecast: the field's value in the last observation that the prediction had seen. NaN
   * if it is not known.
   */
  public double persistence = Double.NaN;

  /** The quantile that the output predicts, between 0 and 1; NaN if it predicts none. */
  public double quantile = Double.NaN;

  /** {@code name@fingerprint} of the model. */
  public String model = "";

  /** The source of the prediction's observation, see {@link Observation#origin}. */
  public String origin = "";

  /** The place of the prediction's observation in {@link #origin}. */
  public long position;

  /** For Flink. */
  public Evaluation() {}

  /** The prediction's place in the source: {@code topic/partition@offset} or {@code file:line}. */
  public String input() {
    return origin + position;
  }
}
