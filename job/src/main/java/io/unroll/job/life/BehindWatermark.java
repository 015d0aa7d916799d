package io.unroll.job.life;

import io.unroll.connectors.record.Observation;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts observations that come behind the watermark and are not late. Another run of the same
 * input may have had another watermark by then, and closed their sequence before them or not: where
 * none is counted and none is late, no run differs by it.
 */
final class BehindWatermark {
  private static final Logger LOGGER = LoggerFactory.getLogger(BehindWatermark.class);

  private final SeriesTimers timers;
  private final Counters counters;
  private boolean said;

  BehindWatermark(SeriesTimers timers, Counters counters) {
    this.timers = timers;
    this.counters = counters;
  }

  /** Counts one that has advanced the sequence that it found open, if it was {@code behind}. */
  void stepped(Observation observation, boolean behind) {
    count(Counter.BEHIND_STEPPED, observation, behind, "stepped in its sequence");
  }

  /** Counts one that has opened a sequence. */
  void opened(Observation observation, boolean behind) {
    count(Counter.BEHIND_OPENED, observation, behind, "opened a sequence");
  }

  /** Counts an end marker, or one that has been rejected. */
  void other(Observation observation, boolean behind) {
    count(Counter.BEHIND_OTHER, observation, behind, "is an end marker, or has been rejected");
  }

  private void count(Counter counter, Observation observation, boolean behind, String did) {
    if (!behind) {
      return;
    }
    counters.add(counter);
    if (!said) { // one line for a task; the counters have all
      said = true;
      LOGGER.warn(
          "{}: timestamp {} is behind the watermark {}; the record {}. Others may follow: {}, {} and"
              + " {} count them",
          observation.input(),
          observation.timestamp,
          timers.watermark(),
          did,
          Counter.BEHIND_STEPPED.label(),
          Counter.BEHIND_OPENED.label(),
          Counter.BEHIND_OTHER.label());
    }
  }
}
