package io.unroll.job.operator;

import static io.unroll.job.operator.TestSequences.BY_ARRIVAL;
import static io.unroll.job.operator.TestSequences.ENDLESS;
import static io.unroll.job.operator.TestSequences.ORDERED_ENDLESS;
import static io.unroll.job.operator.TestSequences.STEPPING;
import static io.unroll.job.operator.TestSequences.at;
import static io.unroll.job.operator.TestSequences.decodingThree;
import static io.unroll.job.operator.TestSequences.millis;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.params.ParameterizedTest;

/** Corners of the rules that neither a timeline nor a boundary shows. */
final class SequenceCornersTest {
  /** Rule 3: close-at in a gap over midnight. */
  @ParameterizedTest
  @OnBackends
  void closeAtThatIsSkippedOverMidnight(Backend backend) throws Exception {
    SequenceConfig config =
        ENDLESS.with(
            Boundaries.NONE.withCloseAt(
                new CloseAt(LocalTime.of(23, 45), ZoneId.of("Asia/Pyongyang"))));
    long opened = millis("2018-05-04T15:05:00Z"); // 00:05 on the 5th
    long due = millis("2018-05-04T15:15:00Z"); // 23:45 on the 4th
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", opened - 60 * 60_000)); // closes then too
      harness.observe(at("B", opened));
      harness.watermark(due);
      assertEquals(
          List.of("A", "B"),
          harness.events().stream()
              .filter(e -> e.reason != null)
              .map(e -> e.series)
              .sorted()
              .toList());
    }
  }

  /** Rule 3 and 6: the reason where a limit is past the end of time. */
  @ParameterizedTest
  @OnBackends
  void aLimitPastTheEndOfTime(Backend backend) throws Exception {
    SequenceConfig config = ENDLESS.with(Boundaries.NONE.withMaxDuration(Long.MAX_VALUE - 1));
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      harness.observe(at("A", 5000));
      harness.endOfInput();
      assertEquals(
          "closed A/5000 max-duration steps 1 5000..5000 @5000 t/0@0", harness.eventLines().get(1));
    }
  }

  /** docs/operator.md: a decoder waits at most the delay of a batch. */
  @ParameterizedTest
  @OnBackends
  void aDecoderThatAnAlarmStartsRunsWithinTheDelay(Backend backend) throws Exception {
    SequenceConfig config = BY_ARRIVAL.with(Emission.AT_END).with(decodingThree());
    try (SequenceHarness harness = SequenceHarness.open(backend, config).patient()) {
      harness.observe(at("A", 5000));
      harness.wallClock(100);
      harness.wallClock(1100);
      harness.wallClock(2000);
      assertEquals(3, harness.predictions().size());
      assertEquals(2, harness.events().size());
    }
  }

  /** A sequence that opened without a decoder closes after a restore with one. */
  @ParameterizedTest
  @OnBackends
  void aDecoderIsAddedThatBeginsWithTheLastInput(Backend backend) throws Exception {
    OperatorSubtaskState snapshot;
    try (SequenceHarness before = SequenceHarness.open(backend, STEPPING.with(Emission.AT_END))) {
      before.observe(at("A", 5000));
      snapshot = before.snapshot();
    }
    SequenceConfig decoding =
        STEPPING
            .with(Emission.AT_END)
            .with(
                new Decoding(
                    TestModels.decoder(),
                    false,
                    new DecoderRules(new First.Input(), Next.OUTPUT, 3),
                    Map.of(),
                    List.of(1, 0),
                    0,
                    List.of()));
    try (SequenceHarness after = SequenceHarness.restore(backend, decoding, snapshot)) {
      after.watermark(6000);
      assertEquals(
          List.of("closed A/5000 idle steps 1 5000..5000 @6000 t/0@0"), after.eventLines());
    }
  }

  /** Order: older than the last one that stepped is late, also behind a lower watermark. */
  @ParameterizedTest
  @OnBackends
  void olderThanTheLastStepAfterARestoreWithALowerWatermark(Backend backend) throws Exception {
    List<String> all = List.of("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7");
    try (Fleet fleet = new Fleet(backend, ORDERED_ENDLESS, 2)) {
      String behind = fleet.of(1, all).get(0);
      String ahead = fleet.of(0, all).get(0);
      fleet.observe(at(ahead, 5900).at("t/0@", 0));
      fleet.observe(at(behind, 5000).at("t/0@", 1));
      fleet.subtask(0).watermark(6000);
      fleet.subtask(1).watermark(5000);
      fleet.restart(); // each from the lower one
      SequenceHarness after = fleet.subtask(0);
      after.observe(at(ahead, 5500), 2); // 5900 has stepped
      after.watermark(7000);
      assertEquals(List.of(), after.predictionLines());
      assertEquals(1, after.late().size());
    }
  }
}
