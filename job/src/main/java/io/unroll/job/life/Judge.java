package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an observation is to its series. Changes nothing: the verdict depends on what is
 * kept of the series, the observation, its arrival and the watermark alone.
 */
final class Judge {
  private final Boundaries boundaries;
  private final @Nullable Gap gap;
  private final ServedModels models;
  private final boolean ordered;
  private final Lateness lateness;
  private final Expiry expiry;

  /**
   * @param ordered true where timestamps are the order in which observations step
   */
  Judge(Rules rules, ServedModels models, boolean ordered) {
    this.boundaries = rules.boundaries();
    this.gap = rules.gap();
    this.models = models;
    this.ordered = ordered;
    this.lateness = new Lateness(boundaries);
    this.expiry = Expiry.of(rules.memory());
  }

  /** False if the verdict on an observation that arrives is the same whatever is kept. */
  boolean asksForSeries(String series, Observation observation) {
    return observation.rejected == null || waits(series);
  }

  private boolean waits(String series) {
    return ordered && !series.isEmpty();
  }

  /**
   * The verdict on an observation that arrives.
   *
   * @param kept of the series; null for nothing
   * @param arrived when it came, by the clock of the time limits, epoch milliseconds
   * @param watermark epoch milliseconds
   */
  Verdict onArrival(
      String series,
      @Nullable SequenceState kept,
      Observation observation,
      long arrived,
      long watermark) {
    if (waits(series)) {
      if (observation.rejected != null) {
        return kept != null && kept.heldFrom != SequenceState.NEVER
            ? Verdict.HeldBehind.IT
            : Verdict.Unread.IT;
      }
      if (!Lateness.isBehind(observation, watermark)) {
        return Verdict.HeldBack.IT;
      }
      if (kept != null && kept.open && Lateness.isOutOfOrder(observation.timestamp, kept.seen)) {
        return new Verdict.Late(Lateness.orderReason(observation, kept, watermark), null);
      }
    }
    boolean behind = Lateness.isBehind(observation, watermark);
    return judge(series, kept, observation, arrived, watermark, false, behind);
  }

  /** The verdict on an observation that was held back: no watermark makes it late now. */
  Verdict onTurn(
      String series,
      @Nullable SequenceState kept,
      Observation observation,
      long arrived,
      long watermark) {
    return judge(series, kept, observation, arrived, watermark, true, false);
  }

  private Verdict judge(
      String series,
      @Nullable SequenceState kept,
      Observation observation,
      long arrived,
      long watermark,
      boolean held,
      boolean behind) {
    if (observation.rejected != null) {
      return Verdict.Unread.IT;
    }
    SequenceState open = kept != null && kept.open ? kept : null;
    CloseReason closing = open == null ? null : closing(open, observation, arrived);
    if (held
        && open != null
        && closing == null
        && Lateness.isOutOfOrder(observation.timestamp, open.seen)) {
      // the watermark of a restore was lower than its own
      return new Verdict.Late(Lateness.orderReason(observation, open, watermark), null);
    }
    if (isDuplicate(observation, kept, closing)) {
      String reason = "duplicate: '" + observation.identity + "' has been used";
      return new Verdict.Duplicate(reason, behind);
    }
    Features features = models.stepping(series, kept, closing).features();
    String fault = fault(features, series, observation);
    if (fault != null) {
      return new Verdict.Rejected(fault, closing, behind);
    }
    double[] raw = observation.features;
    if (raw == null) {
      return Verdict.Marker.of(closing, behind);
    }
    if (open != null && closing == null) {
      return gap != null && gap.missing(open, observation) > 0
          ? Verdict.Step.filling(behind)
          : Verdict.Step.of(null, behind);
    }
    if (!held && lateness.isOver(observation.timestamp, watermark)) {
      return new Verdict.Late(lateness.overReason(observation, watermark), closing);
    }
    fault = features.openingFault(raw, expiry.left(features, kept, closing, observation));
    if (fault != null) {
      return new Verdict.Incomplete(fault, closing, behind);
    }
    return features.primed()
        ? new Verdict.Prime(closing, behind)
        : Verdict.Step.of(closing, behind);
  }

  /** Why an observation shows that the open sequence is over before it; null if it is not. */
  private @Nullable CloseReason closing(SequenceState open, Observation observation, long arrived) {
    if (arrived >= boundaries.due(open)) {
      return boundaries.reason(open);
    }
    if (observation.start) {
      return CloseReason.RESTARTED;
    }
    if (observation.by != null && !observation.by.equals(open.id())) {
      return CloseReason.CHANGED;
    }
    return gap != null && gap.isTooWide(open, observation) ? CloseReason.GAP : null;
  }

  private boolean isDuplicate(
      Observation observation, @Nullable SequenceState kept, @Nullable CloseReason closing) {
    return observation.identity != null
        && kept != null
        && kept.record != null
        && !expiry.isForgotten(kept, closing, observation)
        && kept.record.knows(observation.identity);
  }

  private static @Nullable String fault(Features features, String series, Observation observation) {
    if (series.isEmpty()) {
      return "series: found an empty text, expected a name";
    }
    if (observation.unusable != null) {
      return observation.unusable;
    }
    if (observation.features == null) {
      return observation.end || observation.start
          ? null
          : "features: found none, expected " + features.count();
    }
    return features.fault(series, observation.features);
  }
}
