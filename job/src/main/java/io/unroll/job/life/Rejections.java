package io.unroll.job.life;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.job.state.SequenceState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rule 9: a rejected observation changes nothing, but that an end marker still ends, and that the
 * values of a record that lacks others are left to the sequence that opens next.
 */
final class Rejections {
  private final ServedModels models;
  private final SeriesRecords records;
  private final SeriesValue value;
  private final Closing close;
  private final BehindWatermark behindWatermark;
  private final Emitter emitter;

  Rejections(
      ServedModels models,
      SeriesRecords records,
      SeriesValue value,
      Closing close,
      BehindWatermark behindWatermark,
      Emitter emitter) {
    this.models = models;
    this.records = records;
    this.value = value;
    this.close = close;
    this.behindWatermark = behindWatermark;
    this.emitter = emitter;
  }

  /**
   * A request that cannot be stepped. What rejected records left for it is gone: a value that
   * cannot be used would else make every later record one that cannot.
   */
  void reject(Row row, String reason) throws Exception {
    Observation observation = row.observation();
    Filling filling = row.filling(); // then nothing has been filled either
    SequenceState kept = filling == null ? row.kept() : filling.original;
    CloseReason closing = filling == null ? row.closing() : null;
    Features features = row.served().features();
    boolean took =
        row.current() == null && features.openingFault(row.raw(), features.nothing()) != null;
    if (took) {
      records.take(Objects.requireNonNull(kept));
    }
    boolean ends = reject(row.series(), observation, reason, kept, closing, row.behind());
    if (took && !ends) {
      value.keep(Objects.requireNonNull(kept));
    }
  }

  /**
   * An observation that cannot be used. The first corner of rule 8: its end is honoured.
   *
   * @param closing why the open sequence is over before the observation; null if none is
   * @param behind whether it came behind the watermark
   * @return true if it closes the sequence
   */
  boolean reject(
      String series,
      Observation observation,
      String reason,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      boolean behind)
      throws Exception {
    behindWatermark.other(observation, behind);
    emitter.rejected(observation, reason);
    if (kept == null || !ends(observation, kept, closing)) {
      return false;
    }
    if (closing == null
        || !Boundaries.isOfTime(closing)) { // a rejected start is none, and fills no gap
      close.at(series, kept, CloseReason.END, observation, () -> value.removeSequence(kept));
    } else {
      close.byTime(series, kept, closing, () -> value.removeSequence(kept));
    }
    return true;
  }

  /** False where what it would end is not open. */
  private static boolean ends(
      Observation observation, SequenceState kept, @Nullable CloseReason closing) {
    return observation.end && kept.open && closing != CloseReason.CHANGED;
  }

  /**
   * An observation that would open a sequence and lacks a value that was to be the one before.
   *
   * @param fault what it lacks
   */
  void rejectIncomplete(
      String series,
      Observation observation,
      String fault,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing,
      boolean behind)
      throws Exception {
    double[] raw = Objects.requireNonNull(observation.features);
    Features features = models.newest().features(); // of the sequence that it would open
    if (!features.leaves(raw)) {
      String reason = fault + ", expected a finite number";
      reject(series, observation, reason, kept, closing, behind);
    } else if (!records.areKept()) {
      String wayOut =
          ": to remember the other values of this record for the next one, say"
              + " sequence.keep-series-for";
      reject(series, observation, fault + wayOut, kept, closing, behind);
    } else {
      behindWatermark.other(observation, behind);
      emitter.rejected(
          observation, fault + ": the other values of this record are remembered for the next one");
      leave(features, series, observation, raw, kept, closing);
    }
  }

  /** A limit of time that the observation shows comes first, as it does before one that is used. */
  private void leave(
      Features features,
      String series,
      Observation observation,
      double[] raw,
      @Nullable SequenceState kept,
      @Nullable CloseReason closing)
      throws Exception {
    if (kept == null || !kept.open) {
      SequenceState state = kept == null ? SequenceState.closed() : kept;
      records.forget(state, null, observation);
      records.leave(features, state, observation, raw);
      value.store(state);
    } else if (closing != null && Boundaries.isOfTime(closing)) {
      Continuation leaveIt =
          () -> {
            records.forget(kept, closing, observation);
            records.leave(features, kept, observation, raw);
            value.removeSequence(kept);
          };
      close.byTime(series, kept, closing, leaveIt);
    } else {
      records.leave(features, kept, observation, raw);
      if (ends(observation, kept, closing)) {
        close.at(series, kept, CloseReason.END, observation, () -> value.removeSequence(kept));
      } else {
        value.store(kept);
      }
    }
  }
}
