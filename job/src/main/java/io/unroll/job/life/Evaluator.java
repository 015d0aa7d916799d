package io.unroll.job.life;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.EvaluationSums;
import io.unroll.job.state.EvaluationSums.Sum;
import io.unroll.job.state.PendingPrediction;
import io.unroll.job.state.SeriesRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds predictions against what comes true. A prediction waits in the record of its series, across
 * sequences, until the observation comes that it is about: so many observations ahead or, where it
 * names a time, the one of that time. Every prediction ends as a pair, or as unmatched.
 */
public final class Evaluator {
  /** Predictions of a series that wait at most, whatever is ahead: the oldest have waited. */
  private static final int MOST = Evaluate.FARTHEST;

  private final List<Evaluate> evaluations;
  private final String[] labels;
  private final EvaluationSums sums;
  private final String model;
  private final Outlet outlet;
  private final long fingerprint;
  private final boolean wantsInputs;

  /**
   * @param model the id of what predicts
   * @param outlet takes each pair
   */
  public Evaluator(List<Evaluate> evaluations, EvaluationSums sums, String model, Outlet outlet) {
    this.evaluations = evaluations;
    this.labels = evaluations.stream().map(Evaluate::label).toArray(String[]::new);
    this.sums = sums;
    this.model = model;
    this.outlet = outlet;
    // With another unit, or of another model, what waits is not this one's.
    String all =
        evaluations.stream()
            .map(one -> one.label() + (one.raw() ? " raw" : "") + " " + one.quantile())
            .collect(Collectors.joining("\n", model + "\n", ""));
    this.fingerprint = all.hashCode();
    this.wantsInputs = evaluations.stream().anyMatch(evaluation -> !evaluation.raw());
  }

  /** True if there is something to hold predictions against. */
  boolean isNeeded() {
    return !evaluations.isEmpty();
  }

  /** True if some are held against what the model sees of a feature. */
  boolean wantsInputs() {
    return wantsInputs;
  }

  /**
   * An observation of the series is used: what was said of it has come true.
   *
   * @param features of the model that saw it
   * @param record of the series. Modified.
   * @param raw the observation's values (fields)
   * @param inputs what the model sees of them; null if it sees nothing (inputs)
   */
  void observed(
      Features features,
      String series,
      SeriesRecord record,
      Observation observation,
      double[] raw,
      float @Nullable [] inputs) {
    own(record);
    double[] actuals = new double[evaluations.size()];
    double[] last = record.actuals.clone();
    for (int i = 0; i < actuals.length; i++) {
      actuals[i] = actual(features, evaluations.get(i), raw, inputs);
      last[i] = Double.isNaN(actuals[i]) ? last[i] : actuals[i];
    }
    record.observed++;
    List<PendingPrediction> waiting = new ArrayList<>();
    for (PendingPrediction one : record.pending) {
      if (isOf(one, record.observed, observation.timestamp)) {
        settle(series, one, observation.timestamp, actuals[one.evaluation()]);
      } else if (isOver(one, record.observed, observation.timestamp)) {
        unmatched(one);
      } else {
        waiting.add(one);
      }
    }
    record.pending = List.copyOf(waiting);
    record.actuals = last;
  }

  private static double actual(
      Features features, Evaluate evaluation, double[] raw, float @Nullable [] inputs) {
    double value = raw[features.field(evaluation.feature())];
    if (!Double.isFinite(value)) { // only a field that the model does not see can be infinite
      return Double.NaN;
    }
    if (evaluation.raw()) {
      return value;
    }
    return inputs == null ? Double.NaN : inputs[features.input(evaluation.feature())];
  }

  private static boolean isOf(PendingPrediction one, long observed, long timestamp) {
    return one.predicted() == Prediction.NOT_PREDICTED
        ? one.due() == observed
        : one.predicted() == timestamp;
  }

  private static boolean isOver(PendingPrediction one, long observed, long timestamp) {
    return one.predicted() == Prediction.NOT_PREDICTED
        ? one.due() < observed
        : one.predicted() < timestamp;
  }

  /**
   * The observation of a filled step never came.
   *
   * @param record of the series. Modified.
   */
  void missed(SeriesRecord record) {
    own(record);
    record.observed++;
    List<PendingPrediction> waiting = new ArrayList<>();
    for (PendingPrediction one : record.pending) {
      if (one.predicted() == Prediction.NOT_PREDICTED && one.due() <= record.observed) {
        unmatched(one);
      } else {
        waiting.add(one);
      }
    }
    record.pending = List.copyOf(waiting);
  }

  /**
   * A prediction goes out: it waits for what it is about.
   *
   * @param record of the series. Modified.
   */
  void await(SeriesRecord record, Prediction prediction) {
    own(record);
    List<PendingPrediction> waiting = null;
    for (int i = 0; i < labels.length; i++) {
      Evaluate evaluation = evaluations.get(i);
      if ((prediction.ahead != 0 && prediction.ahead != evaluation.ahead())
          || prediction.timestamp < evaluation.fromMillis()) {
        continue;
      }
      if (waiting == null) {
        waiting = new ArrayList<>(record.pending);
      }
      waiting.add(
          new PendingPrediction(
              i,
              record.observed + evaluation.ahead(),
              prediction.predicted,
              prediction.output[evaluation.index()],
              record.actuals[i],
              prediction.step,
              prediction.timestamp,
              prediction.sequence,
              prediction.origin,
              prediction.position));
    }
    if (waiting != null) {
      while (waiting.size() > MOST) {
        unmatched(waiting.remove(0));
      }
      record.pending = List.copyOf(waiting);
    }
  }

  /** The record of a series goes: what waits there waits for ever. */
  void forgotten(SeriesRecord record) {
    if (record.evaluations == fingerprint) {
      record.pending.forEach(this::unmatched);
    }
  }

  /** What another list of evaluations has left is not this one's. */
  private void own(SeriesRecord record) {
    if (record.evaluations != fingerprint || record.actuals.length != labels.length) {
      record.evaluations = fingerprint;
      record.pending = List.of();
      record.actuals = new double[labels.length];
      Arrays.fill(record.actuals, Double.NaN);
    }
  }

  private void unmatched(PendingPrediction one) {
    sums.add(labels[one.evaluation()], Sum.UNMATCHED, 1);
  }

  private void settle(String series, PendingPrediction one, long timestamp, double actual) {
    Evaluate evaluation = evaluations.get(one.evaluation());
    if (Double.isNaN(actual)) {
      unmatched(one);
      return;
    }
    add(evaluation, labels[one.evaluation()], one, actual);
    Evaluation pair = new Evaluation();
    pair.series = series;
    pair.sequence = one.sequence();
    pair.step = one.step();
    pair.made = one.made();
    pair.timestamp = timestamp;
    pair.output = evaluation.output();
    pair.against = evaluation.against();
    pair.ahead = evaluation.ahead();
    pair.predicted = one.value();
    pair.actual = actual;
    pair.persistence = one.persistence();
    pair.quantile = evaluation.quantile();
    pair.model = model;
    pair.origin = one.origin();
    pair.position = one.position();
    outlet.evaluation(pair);
  }

  private void add(Evaluate evaluation, String label, PendingPrediction one, double actual) {
    double error = actual - one.value();
    sums.add(label, Sum.COUNT, 1);
    sums.add(label, Sum.ABSOLUTE_ERROR, Math.abs(error));
    if (!Double.isNaN(one.persistence())) {
      sums.add(label, Sum.PERSISTENCE_ERROR, Math.abs(actual - one.persistence()));
    }
    double quantile = evaluation.quantile();
    if (!Double.isNaN(quantile)) {
      sums.add(label, Sum.PINBALL, Math.max(quantile * error, (quantile - 1) * error));
      sums.add(label, Sum.COVERED, actual <= one.value() ? 1 : 0);
    }
  }
}
