package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.state.Counter;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What tests of sequences begin with: configurations, observations for them, and what is read off a
 * {@link SequenceHarness}.
 */
final class TestSequences {
  static final long IDLE = 1000;

  /** The tanh cell that says something at each step; no limit closes its sequences. */
  static final SequenceConfig ENDLESS =
      TestModels.config(TestModels.rnn(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.STEP);

  /** With sequences that are over when nothing has come for {@link #IDLE}. */
  static final SequenceConfig STEPPING = ENDLESS.with(Boundaries.NONE.withIdleTimeout(IDLE));

  /** As {@link #STEPPING}, by the wall clock. */
  static final SequenceConfig BY_ARRIVAL =
      STEPPING.with(STEPPING.boundaries().withClock(SequenceClock.PROCESSING));

  /** As {@link #ENDLESS}, with observations that wait for the watermark. */
  static final SequenceConfig ORDERED_ENDLESS = ENDLESS.with(Order.EVENT_TIME);

  /** As {@link #STEPPING}, with observations that wait for the watermark. */
  static final SequenceConfig ORDERED = STEPPING.with(Order.EVENT_TIME);

  private TestSequences() {}

  /** A decoder that runs three steps from zeros. */
  static Decoding decodingThree() {
    return Decoding.of(TestModels.decoder(), new DecoderRules(new First.Zeros(), Next.OUTPUT, 3));
  }

  // ---- observations ----

  static Observation at(long timestamp) {
    return at("A", timestamp);
  }

  static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.1, -0.2, timestamp % 7 * 0.1);
  }

  /** At an instant as {@code 2026-07-01T16:00:00Z}. */
  static Observation at(String instant) {
    return at(millis(instant));
  }

  /** An end marker without features. */
  static Observation end(long timestamp) {
    return Observation.endOf("A", timestamp);
  }

  /** A start marker without features. */
  static Observation start(long timestamp) {
    Observation start = end(timestamp).andStart();
    start.end = false;
    return start;
  }

  static Observation unusable(Observation marker) {
    marker.unusable = "feature 'x0': found text";
    return marker;
  }

  static long millis(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  // ---- what has come out ----

  /** {@code closed idle 6000 steps 2}: why, when, after how many. Rows that wait run before. */
  static List<String> closed(SequenceHarness harness) throws Exception {
    harness.barrier();
    return harness.events().stream()
        .filter(event -> event.reason != null)
        .map(TestSequences::brief)
        .toList();
  }

  /** {@code opened 5000} or {@code closed idle 6000 steps 1}. */
  static List<String> brief(SequenceHarness harness) {
    return harness.events().stream().map(TestSequences::brief).toList();
  }

  private static String brief(SequenceEvent event) {
    return event.reason == null
        ? "opened " + event.sequence
        : "closed " + event.reason.label() + " " + event.timestamp + " steps " + event.steps;
  }

  /** All of what opened and closed. Rows that wait run before. */
  static List<String> lines(SequenceHarness harness) throws Exception {
    harness.barrier();
    return harness.eventLines();
  }

  /** As {@link ReferenceSeries} writes it. */
  static String line(Prediction p) {
    return "%s/%s %s %d @%d %s %s"
            .formatted(
                p.series,
                p.sequence,
                p.kind.label(),
                p.step,
                p.timestamp,
                p.input(),
                Arrays.toString(p.output))
        + (p.ahead == 0
            ? ""
            : " ahead %d for %d"
                .formatted(
                    p.ahead, p.predicted == Prediction.NOT_PREDICTED ? p.timestamp : p.predicted))
        + (p.filled ? " filled" : "")
        + (p.warming ? " warming" : "");
  }

  static String line(Evaluation e) {
    return "%s against %s %d ahead: %s/%s %d @%d %s said %s, was %s, before %s @%d"
        .formatted(
            e.output,
            e.against,
            e.ahead,
            e.series,
            e.sequence,
            e.step,
            e.made,
            e.input(),
            e.predicted,
            e.actual,
            e.persistence,
            e.timestamp);
  }

  static void nothingIsLeft(SequenceHarness harness) throws Exception {
    assertEquals(0, harness.count(Counter.HELD_BACK), "held back");
    assertEquals(0, harness.sequences(), "values in state");
    assertEquals(0, harness.timers(), "timers");
  }

  /** Of an exception and all its causes. */
  static String messages(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString();
  }
}
