package io.unroll.job.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SeriesRecord;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an observation is to its series: one row for each case. Sequences are over after 1000 ms
 * without an observation; a series is remembered for 5000 ms. "open 0..500" is a sequence from 0
 * whose last observation was at 500.
 */
final class JudgeTest {
  private static final String SERIES = "A";

  @ParameterizedTest(name = "{0}, {1}, {2}, watermark {3}: {4}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # pipeline | kept           | observation      | watermark | verdict
          plain      | -              | at 700           | -         | step
          plain      | open 0..500    | at 700           | 600       | step
          plain      | open 0..500    | at 700           | 700       | step, behind
          plain      | open 0..500    | at 1499          | -         | step
          plain      | open 0..500    | at 1500          | -         | step, closing idle
          plain      | open 0..500    | at 1600          | 1550      | step, closing idle
          plain      | open 0..500    | at 1600          | 1600      | step, closing idle, behind
          plain      | open 0..500    | at 100           | 1400      | step, behind
          plain      | -              | at 400           | 1399      | step, behind
          plain      | -              | at 400           | 1400      | late
          plain      | open 0..500    | at 1600          | 2600      | late, closing idle
          plain      | held from 900  | at 700           | -         | step
          plain      | open 0..500    | start at 600     | -         | step, closing restarted
          plain      | open 0..500    | by day2 at 600   | -         | step, closing changed
          plain      | named day2     | by day2 at 600   | -         | step
          plain      | open 0..500    | end at 600       | -         | step
          plain      | -              | marker at 600    | -         | marker
          plain      | open 0..500    | marker at 600    | 600       | marker, behind
          plain      | open 0..500    | marker at 1500   | -         | marker, closing idle
          plain      | -              | marker at 400    | 1400      | marker, behind
          plain      | open 0..500    | nothing at 600   | -         | rejected
          plain      | open 0..500    | unusable at 600  | 600       | rejected, behind
          plain      | open 0..500    | unusable at 1500 | -         | rejected, closing idle
          plain      | open 0..500    | nan at 600       | -         | rejected
          plain      | open 0..500    | unread at 600    | -         | unread
          plain      | remembers x    | x at 600         | -         | duplicate
          plain      | remembers x    | x at 600         | 600       | duplicate, behind
          plain      | remembers x    | y at 600         | -         | step
          plain      | remembers x    | x at 5500        | -         | step
          plain      | open and x     | x at 600         | -         | duplicate
          plain      | open and x     | x at 1500        | -         | duplicate
          plain      | open and x     | x at 5500        | -         | step, closing idle
          ordered    | -              | at 700           | 600       | held back
          ordered    | -              | at 700           | 699       | held back
          ordered    | -              | at 700           | 700       | step, behind
          ordered    | open 0..500    | at 600           | 700       | step, behind
          ordered    | open 0..500    | at 499           | 700       | late
          ordered    | open 0..500    | at 500           | 700       | step, behind
          ordered    | -              | at 400           | 1400      | late
          ordered    | -              | unread at 600    | -         | unread
          ordered    | held from 900  | unread at 600    | -         | held behind
          ordered    | held from 900  | marker at 600    | -         | held back
          released   | -              | at 400           | 1400      | step
          released   | open 0..500    | at 600           | 9000      | step
          released   | open 0..500    | at 499           | 700       | late
          released   | open 0..500    | at 1500          | 9000      | step, closing idle
          released   | open 0..500    | unread at 600    | 700       | unread
          released   | -              | marker at 400    | 1400      | marker
          priming    | -              | at 700           | -         | prime
          priming    | open 0..500    | at 700           | -         | step
          priming    | open 0..500    | at 1500          | 1500      | prime, closing idle, behind
          priming    | -              | zero at 700      | -         | rejected
          priming    | -              | zero at 400      | 1400      | rejected, behind
          sparse     | -              | at 700           | -         | step
          sparse     | -              | nan at 700       | -         | incomplete
          sparse     | -              | nan at 700       | 700       | incomplete, behind
          sparse     | -              | nan at 400       | 1400      | late
          sparse     | open 0..500    | nan at 700       | -         | step
          sparse     | open 0..500    | nan at 1500      | -         | incomplete, closing idle
          sparse     | remembers x    | nan at 700       | -         | incomplete
          sparse     | left 7         | nan at 700       | -         | step
          sparse     | left 7         | nan at 5499      | -         | step
          sparse     | left 7         | nan at 5500      | -         | incomplete
          sparse     | open left 7    | nan at 1500      | -         | step, closing idle
          sparse     | open left 7    | nan at 5500      | -         | incomplete, closing idle
          gaps       | open 0..500    | at 600           | -         | step
          gaps       | open 0..500    | at 800           | -         | step, fills
          gaps       | open 0..500    | at 800           | 800       | step, fills, behind
          gaps       | open 0..500    | at 900           | -         | step, closing gap
          gaps       | open 0..500    | marker at 900    | -         | marker
          arrival    | open 0..500    | at 1600          | -         | step
          arrival    | open 0..500    | 1500 at 600      | -         | step, closing idle
          arrival    | -              | at 400           | 1400      | step, behind
          """)
  void judges(
      String pipeline,
      @Nullable String kept,
      String observation,
      @Nullable Long watermark,
      String verdict) {
    assertEquals(verdict, words(judge(pipeline, kept, observation, watermark)));
  }

  /** A step that nothing closes, which nearly every observation is, costs no memory. */
  @Test
  void stepsAreTheSameVerdict() {
    assertSame(judge("plain", null, "at 1", null), judge("plain", "open 0..500", "at 2", null));
  }

  private static Verdict judge(
      String pipeline, @Nullable String kept, String said, @Nullable Long watermark) {
    boolean ordered = pipeline.equals("ordered") || pipeline.equals("released");
    SequenceClock clock =
        pipeline.equals("arrival") ? SequenceClock.PROCESSING : SequenceClock.EVENT;
    Rules rules =
        new Rules(
            Boundaries.NONE.withIdleTimeout(1000).withClock(clock),
            Emission.EVERY_STEP,
            new SeriesMemory(5000, 4),
            pipeline.equals("gaps") ? Gap.previous(100, 2) : null,
            false);
    Transform transform = pipeline.equals("priming") ? Transform.logReturn(1) : Transform.NONE;
    Missing missing = pipeline.equals("sparse") ? Missing.PREVIOUS : Missing.REJECT;
    Feature feature = new Feature("price", transform).missing(missing);
    ServedModel served = ServedModelsTest.serving(feature);
    Judge judge = new Judge(rules, new ServedModels(served), ordered);
    Observation observation = observation(said);
    String first = said.substring(0, said.indexOf(' '));
    long arrived = first.matches("\\d+") ? Long.parseLong(first) : 600;
    if (clock == SequenceClock.EVENT) {
      arrived = observation.timestamp;
    }
    long time = watermark == null ? Long.MIN_VALUE : watermark;
    SequenceState state = kept == null ? null : state(kept, clock);
    if (state != null) {
      state.model = served.fingerprint();
    }
    return pipeline.equals("released")
        ? judge.onTurn(SERIES, state, observation, arrived, time)
        : judge.onArrival(SERIES, state, observation, arrived, time);
  }

  private static SequenceState state(String words, SequenceClock clock) {
    SequenceState state = new SequenceState();
    state.open = words.startsWith("open") || words.startsWith("named");
    state.opened = 0;
    state.last = 500;
    state.seen = 500;
    state.steps = 6;
    state.inputs = new float[] {1};
    state.previous = new double[] {1};
    if (clock == SequenceClock.PROCESSING) {
      state.arrivedFirst = 0;
      state.arrivedLast = 500;
    }
    if (words.startsWith("held")) {
      state.heldFrom = 900;
    }
    if (words.startsWith("named")) {
      state.name = "day2";
    }
    if (words.endsWith("7")) {
      state.record = new SeriesRecord();
      state.record.last = 500;
      state.record.previous = new double[] {7};
    }
    if (words.endsWith("x")) {
      state.record = new SeriesRecord();
      state.record.last = 500;
      state.record.remember("x", 4);
    }
    return state;
  }

  private static Observation observation(String words) {
    long timestamp = Long.parseLong(words.substring(words.lastIndexOf(' ') + 1));
    String kind = words.substring(0, words.indexOf(' '));
    Observation observation = Observation.of(SERIES, timestamp, 1);
    switch (kind) {
      case "at" -> {}
      case "start" -> observation.start = true;
      case "end" -> observation.end = true;
      case "by" -> observation.by = "day2";
      case "marker" -> observation = Observation.endOf(SERIES, timestamp);
      case "nothing" -> observation.features = null;
      case "unusable" -> observation.unusable = "price: not a number";
      case "nan" -> observation.features = new double[] {Double.NaN};
      case "zero" -> observation.features = new double[] {0};
      case "x", "y" -> observation.identity = kind;
      case "unread" -> {
        Rejected rejected = Rejected.of(observation, "price: not a number");
        rejected.series = SERIES;
        observation = Observation.ofRejected(rejected);
        observation.timestamp = timestamp;
      }
      default -> Long.parseLong(kind); // when it arrives
    }
    return observation;
  }

  private static String words(Verdict verdict) {
    if (verdict instanceof Verdict.Step step) {
      String fills = step.fills() ? ", fills" : "";
      return "step" + fills + closing(step.closing()) + behind(step.behind());
    }
    if (verdict instanceof Verdict.Prime prime) {
      return "prime" + closing(prime.closing()) + behind(prime.behind());
    }
    if (verdict instanceof Verdict.Marker marker) {
      return "marker" + closing(marker.closing()) + behind(marker.behind());
    }
    if (verdict instanceof Verdict.Rejected rejected) {
      return "rejected" + closing(rejected.closing()) + behind(rejected.behind());
    }
    if (verdict instanceof Verdict.Incomplete incomplete) {
      return "incomplete" + closing(incomplete.closing()) + behind(incomplete.behind());
    }
    if (verdict instanceof Verdict.Duplicate duplicate) {
      return "duplicate" + behind(duplicate.behind());
    }
    if (verdict instanceof Verdict.Late late) {
      return "late" + closing(late.closing());
    }
    if (verdict instanceof Verdict.HeldBack) {
      return "held back";
    }
    return verdict instanceof Verdict.HeldBehind ? "held behind" : "unread";
  }

  private static String closing(@Nullable CloseReason reason) {
    return reason == null
        ? ""
        : ", closing " + reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String behind(boolean behind) {
    return behind ? ", behind" : "";
  }
}
