package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Transform;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.DecoderRules.First;
import io.unroll.model.unroll.DecoderRules.Next;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * "A sequence's life" in scenarios, by the number of its rules: each gives what it says on every
 * kind of state backend, and docs/sequences.md shows the drawing of what it gives.
 */
final class TimelinesTest {
  private static final String BEGIN = "<!-- timelines: drawn by TimelinesTest -->\n";
  private static final String END = "<!-- /timelines -->";
  private static final int WIDTH = 100;

  /**
   * @param text of the rule, in a line
   */
  private record Rule(String name, String text, List<Timeline> timelines) {}

  private static final SequenceConfig ENDLESS =
      TestModels.config(Timeline.counting(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.STEP);
  private static final SequenceConfig IDLE =
      ENDLESS.with(Boundaries.NONE.withIdleTimeout(minutes(30)));
  private static final SequenceConfig LOG_RETURN =
      TestModels.config(
          Timeline.counting(),
          List.of(new Feature("x", Transform.logReturn(1))),
          minutes(30),
          Boundaries.NO_LIMIT,
          Emit.STEP);

  /** Two values, of which a record may have one. */
  private static final SequenceConfig SPARSE =
      TestModels.config(
          Timeline.countingBoth(),
          List.of(
              Feature.raw("x").missing(Missing.PREVIOUS),
              Feature.raw("z").missing(Missing.PREVIOUS)),
          minutes(30),
          Boundaries.NO_LIMIT,
          Emit.STEP);

  /** What an input can come to. */
  private static final List<Counter> FATES =
      List.of(
          Counter.STEPS,
          Counter.PRIMINGS,
          Counter.MARKERS,
          Counter.LATE,
          Counter.REJECTED,
          Counter.HELD_BACK);

  private static final Decoding DECODER =
      Decoding.of(Timeline.countingOn(), new DecoderRules(new First.Zeros(), Next.ZEROS, 3));

  private static long minutes(long minutes) {
    return Duration.ofMinutes(minutes).toMillis();
  }

  private static Observation at(String time) {
    return at(time, 1);
  }

  private static Observation at(String time, double x) {
    return Observation.of(Timeline.SERIES, Timeline.millis(time), x);
  }

  private static Observation both(String time, double x, double z) {
    return Observation.of(Timeline.SERIES, Timeline.millis(time), x, z);
  }

  private static Observation of(String series, String time) {
    return Observation.of(series, Timeline.millis(time), 1);
  }

  private static Observation end(String time) {
    return Observation.endOf(Timeline.SERIES, Timeline.millis(time));
  }

  /** An end marker whose features cannot be read. */
  private static Observation unreadableEnd(String time) {
    Observation end = end(time);
    end.unusable = "feature 'x': found text";
    return end;
  }

  private static Observation start(String time) {
    Observation start = end(time).andStart();
    start.end = false;
    return start;
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "1. Opening",
              "The first observation of a series opens a sequence, and so does every"
                  + " one that finds no sequence open. The model's state starts anew. The"
                  + " sequence's id is that observation's timestamp, or the value of the"
                  + " field that `by` names.",
              List.of(
                  new Timeline("The second sequence counts from the start.", ENDLESS)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:05"), "step 10:00/1 @10:05 = 2")
                      .then(end("10:10"), "closed 10:00 end @10:10 after 2")
                      .then(at("10:15"), "step 10:15/0 @10:15 = 1", "opened 10:15"))),
          new Rule(
              "2. Stepping",
              "An observation is one step of its own series and changes no other series.",
              List.of(
                  new Timeline("Two series.", ENDLESS)
                      .then(of("A", "10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(of("B", "10:01"), "B step 10:01/0 @10:01 = 1", "B opened 10:01")
                      .then(of("A", "10:02"), "step 10:00/1 @10:02 = 2")
                      .then(
                          of("A", "10:04").andEnd(),
                          "step 10:00/2 @10:04 = 3",
                          "closed 10:00 end @10:04 after 3")
                      .then(of("B", "10:05"), "B step 10:01/1 @10:05 = 2"),
                  new Timeline(
                          "`diff` and `log-return` compare with the value before: the"
                              + " first observation of a sequence opens it and is no step. A"
                              + " value that they cannot use is rejected, and the next one"
                              + " is compared with the one before it.",
                          LOG_RETURN)
                      .then(at("10:00", 0), "rejected 10:00")
                      .then(at("10:05", 100), "opened 10:05")
                      .then(at("10:10", 200), "step 10:05/0 @10:10 = 0.69")
                      .then(at("10:15", -1), "rejected 10:15")
                      .then(at("10:20", 400), "step 10:05/1 @10:20 = 1.39"))),
          new Rule(
              "3. Closing",
              "A sequence closes at the first of these.",
              List.of(
                  new Timeline(
                          "An end marker. With features it is a step, without features it is not.",
                          ENDLESS)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:05").andEnd(),
                          "step 10:00/1 @10:05 = 2",
                          "closed 10:00 end @10:05 after 2")
                      .then(at("10:10"), "step 10:10/0 @10:10 = 1", "opened 10:10")
                      .then(end("10:15"), "closed 10:10 end @10:15 after 1"),
                  new Timeline("`idle-timeout`: no observation for this long.", IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:20"), "step 10:00/1 @10:20 = 2")
                      .watermark("10:49")
                      .watermark("10:50", "closed 10:00 idle @10:50 after 2"),
                  new Timeline(
                          "`max-steps`: this many steps.",
                          ENDLESS.with(Boundaries.NONE.withMaxSteps(3)))
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:05"), "step 10:00/1 @10:05 = 2")
                      .then(
                          at("10:10"),
                          "step 10:00/2 @10:10 = 3",
                          "closed 10:00 max-steps @10:10 after 3")
                      .then(at("10:15"), "step 10:15/0 @10:15 = 1", "opened 10:15"),
                  new Timeline(
                          "`max-duration`: this long after it opened.",
                          ENDLESS.with(Boundaries.NONE.withMaxDuration(minutes(60))))
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:55"), "step 10:00/1 @10:55 = 2")
                      .then(
                          at("11:00"),
                          "step 11:00/0 @11:00 = 1",
                          "closed 10:00 max-duration @11:00 after 2",
                          "opened 11:00"),
                  new Timeline(
                          "`close-at`: a time of day.",
                          ENDLESS.with(
                              Boundaries.NONE.withCloseAt(
                                  new CloseAt(LocalTime.of(16, 0), ZoneId.of("UTC")))))
                      .then(at("15:50"), "step 15:50/0 @15:50 = 1", "opened 15:50")
                      .then(at("15:59"), "step 15:50/1 @15:59 = 2")
                      .then(
                          at("16:00"),
                          "step 16:00/0 @16:00 = 1",
                          "closed 15:50 close-at @16:00 after 2",
                          "opened 16:00"),
                  new Timeline(
                          "`close-at` with `inclusive: true`: the instant of the close belongs to the"
                              + " sequence that closes.",
                          ENDLESS.with(
                              Boundaries.NONE.withCloseAt(
                                  new CloseAt(LocalTime.of(16, 0), ZoneId.of("UTC")).including())))
                      .then(at("15:50"), "step 15:50/0 @15:50 = 1", "opened 15:50")
                      .then(at("16:00"), "step 15:50/1 @16:00 = 2")
                      .then(
                          at("16:05"),
                          "step 16:05/0 @16:05 = 1",
                          "closed 15:50 close-at @16:00:00.001 after 2",
                          "opened 16:05"),
                  new Timeline(
                          "`close-at` with a `margin`: the close is this much later.",
                          ENDLESS.with(
                              Boundaries.NONE.withCloseAt(
                                  new CloseAt(LocalTime.of(16, 0), ZoneId.of("UTC"))
                                      .withMargin(Duration.ofMinutes(5)))))
                      .then(at("15:50"), "step 15:50/0 @15:50 = 1", "opened 15:50")
                      .then(at("16:04"), "step 15:50/1 @16:04 = 2")
                      .then(
                          at("16:05"),
                          "step 16:05/0 @16:05 = 1",
                          "closed 15:50 close-at @16:05 after 2",
                          "opened 16:05"),
                  new Timeline("`by`: another value of the field that it names.", ENDLESS)
                      .then(at("10:00").by("red"), "step red/0 @10:00 = 1", "opened red")
                      .then(at("10:05").by("red"), "step red/1 @10:05 = 2")
                      .then(
                          at("10:10").by("blue"),
                          "step blue/0 @10:10 = 1",
                          "closed red changed @10:10 after 2",
                          "opened blue"),
                  new Timeline(
                          "A start marker. With features it opens the next sequence,"
                              + " without features it does not.",
                          ENDLESS)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:05").andStart(),
                          "step 10:05/0 @10:05 = 1",
                          "closed 10:00 restarted @10:05 after 1",
                          "opened 10:05")
                      .then(start("10:10"), "closed 10:05 restarted @10:10 after 1")
                      .then(at("10:15"), "step 10:15/0 @10:15 = 1", "opened 10:15"))),
          new Rule(
              "4. Time limits go by timestamps",
              "A sequence is due at the earliest of three times: its last timestamp +"
                  + " idle-timeout, its first timestamp + max-duration, and close-at. An"
                  + " observation at that time or later belongs to the next sequence,"
                  + " whether or not the watermark has reached it.",
              List.of(
                  new Timeline("The watermark comes first.", IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .watermark("10:30", "closed 10:00 idle @10:30 after 1")
                      .then(at("10:30"), "step 10:30/0 @10:30 = 1", "opened 10:30"),
                  new Timeline("The observation comes first: the result is the same.", IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:30"),
                          "step 10:30/0 @10:30 = 1",
                          "closed 10:00 idle @10:30 after 1",
                          "opened 10:30")
                      .watermark("10:30"),
                  new Timeline(
                          "An older observation is a step of the open sequence. It"
                              + " does not set the last timestamp back.",
                          IDLE)
                      .then(at("10:20"), "step 10:20/0 @10:20 = 1", "opened 10:20")
                      .then(at("10:00"), "step 10:20/1 @10:00 = 2")
                      .watermark("10:49")
                      .watermark("10:50", "closed 10:20 idle @10:50 after 2"),
                  new Timeline(
                          "If two limits are due at the same time, the reason is idle.",
                          IDLE.with(IDLE.boundaries().withMaxDuration(minutes(60))))
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:25"), "step 10:00/1 @10:25 = 2")
                      .then(at("10:30"), "step 10:00/2 @10:30 = 3")
                      .watermark("11:00", "closed 10:00 idle @11:00 after 3"),
                  new Timeline(
                          "An observation is late if it finds no open sequence and the"
                              + " watermark has reached its timestamp + idle-timeout. While"
                              + " its sequence is open, no observation is late.",
                          IDLE)
                      .watermark("10:30")
                      .then(at("10:00"), "late 10:00")
                      .then(at("10:01"), "step 10:01/0 @10:01 = 1", "opened 10:01")
                      .then(at("10:00"), "step 10:01/1 @10:00 = 2"))),
          new Rule(
              "5. Clocks",
              "Either timestamps and the watermark are the clock, or the wall clock"
                  + " is, when observations arrive.",
              List.of(
                  new Timeline("`clock: event`: the wall clock has no influence.", IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .wallClock("23:00")
                      .watermark("10:30", "closed 10:00 idle @10:30 after 1"),
                  new Timeline("`clock: processing`: timestamps have no influence.", byArrival())
                      .wallClock("12:00")
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .watermark("10:59")
                      .wallClock("12:20")
                      .then(at("11:00"), "step 10:00/1 @11:00 = 2")
                      .wallClock("12:50", "closed 10:00 idle @12:50 after 2"),
                  new Timeline("The time during which the job is down counts.", byArrival())
                      .wallClock("12:00")
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .restart("13:00", "closed 10:00 idle @12:30 after 1"))),
          new Rule(
              "6. End of input",
              "The end of the input closes every open sequence, as if time had gone"
                  + " on. A stop closes nothing.",
              List.of(
                  new Timeline("With a time limit, that limit is the reason.", IDLE)
                      .then(of("A", "10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(of("B", "10:10"), "B step 10:10/0 @10:10 = 1", "B opened 10:10")
                      .then(of("A", "10:20"), "step 10:00/1 @10:20 = 2")
                      .endOfInput(
                          "B closed 10:10 idle @10:40 after 1", "closed 10:00 idle @10:50 after 2"),
                  new Timeline("Without a time limit, the reason is the end of the input.", ENDLESS)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:20"), "step 10:00/1 @10:20 = 2")
                      .endOfInput("closed 10:00 end-of-input @10:20 after 2"),
                  new Timeline("So it is with limits of the wall clock.", byArrival())
                      .wallClock("12:00")
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .endOfInput("closed 10:00 end-of-input @10:00 after 1"),
                  new Timeline("A stop.", IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .restart(null)
                      .then(at("10:05"), "step 10:00/1 @10:05 = 2"))),
          new Rule(
              "7. At the close",
              "First comes the final prediction or the decoder's predictions, then the"
                  + " record that the sequence closed. After that nothing of it is kept.",
              List.of(
                  new Timeline(
                          "The output of the last step waits for the close.",
                          IDLE.with(Emission.AT_END))
                      .then(at("10:00"), "opened 10:00")
                      .then(at("10:20"))
                      .watermark(
                          "10:50", "final 10:00/1 @10:20 = 2", "closed 10:00 idle @10:50 after 2"),
                  new Timeline(
                          "A decoder goes on from the hidden state.",
                          IDLE.with(Emission.AT_END).with(DECODER))
                      .then(at("10:00"), "opened 10:00")
                      .then(at("10:05"))
                      .then(
                          end("10:10"),
                          "decoded 10:00/1 +1 @10:05 = 3",
                          "decoded 10:00/1 +2 @10:05 = 4",
                          "decoded 10:00/1 +3 @10:05 = 5",
                          "closed 10:00 end @10:10 after 2"),
                  new Timeline(
                          "A sequence of fewer steps than min-steps has no prediction.",
                          IDLE.with(IDLE.boundaries().withMinSteps(2)).with(Emission.AT_END))
                      .then(at("10:00"), "opened 10:00")
                      .then(
                          at("10:05").andEnd(),
                          "final 10:00/1 @10:05 = 2",
                          "closed 10:00 end @10:05 after 2")
                      .then(
                          at("10:10").andEnd(),
                          "opened 10:10",
                          "closed 10:10 end @10:10 after 1"))),
          new Rule(
              "8. Corners",
              "An end marker that meets something else.",
              List.of(
                  new Timeline(
                          "The sequence is due already: it closes by its limit. The"
                              + " marker then ends the next sequence if it has features,"
                              + " else none.",
                          IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:30").andEnd(),
                          "step 10:30/0 @10:30 = 1",
                          "closed 10:00 idle @10:30 after 1",
                          "opened 10:30",
                          "closed 10:30 end @10:30 after 1")
                      .then(at("11:00"), "step 11:00/0 @11:00 = 1", "opened 11:00")
                      .then(end("11:30"), "closed 11:00 idle @11:30 after 1"),
                  new Timeline(
                          "Its features are rejected: it ends the sequence all the same.", IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:05", Double.NaN).andEnd(),
                          "closed 10:00 end @10:05 after 1",
                          "rejected 10:05")
                      .then(at("10:10"), "step 10:10/0 @10:10 = 1", "opened 10:10")
                      .then(
                          unreadableEnd("10:40"),
                          "closed 10:10 idle @10:40 after 1",
                          "rejected 10:40"),
                  new Timeline(
                          "It is the last of max-steps: the reason is end.",
                          ENDLESS.with(Boundaries.NONE.withMaxSteps(2)))
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:05").andEnd(),
                          "step 10:00/1 @10:05 = 2",
                          "closed 10:00 end @10:05 after 2"),
                  new Timeline("No sequence is open: it does nothing.", ENDLESS)
                      .then(end("10:00"))
                      .then(at("10:05"), "step 10:05/0 @10:05 = 1", "opened 10:05"),
                  new Timeline(
                          "There was no step yet: there is no prediction.",
                          LOG_RETURN.with(Emission.AT_END))
                      .then(
                          at("10:00", 100).andEnd(),
                          "opened 10:00",
                          "closed 10:00 end @10:00 after 0")
                      .then(at("10:05", 100), "opened 10:05")
                      .watermark("10:35", "closed 10:05 idle @10:35 after 0"))),
          new Rule(
              "9. Rejected",
              "A rejected observation changes nothing. One exception is below, under missing values.",
              List.of(
                  new Timeline("It opens no sequence, and does not put off the close.", IDLE)
                      .then(at("10:00", Double.NaN), "rejected 10:00")
                      .then(at("10:05"), "step 10:05/0 @10:05 = 1", "opened 10:05")
                      .then(at("10:30", Double.NaN), "rejected 10:30")
                      .watermark("10:35", "closed 10:05 idle @10:35 after 1"),
                  new Timeline("It closes no sequence, and is no step.", IDLE)
                      .then(at("10:00"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:05", Double.NaN).andStart(), "rejected 10:05")
                      .then(at("10:10", Double.NaN).by("red"), "rejected 10:10")
                      .then(at("10:30", Double.NaN), "rejected 10:30")
                      .then(at("10:20"), "step 10:00/1 @10:20 = 2"))),
          new Rule(
              "10. Accounting",
              "Every observation is counted exactly once, in operator state.",
              List.of(
                  new Timeline("In the order of arrival.", LOG_RETURN)
                      .then(at("10:00", 1), "opened 10:00")
                      .then(at("10:05", 2), "step 10:00/0 @10:05 = 0.69")
                      .then(at("10:10", 0), "rejected 10:10")
                      .then(end("10:15"), "closed 10:00 end @10:15 after 1")
                      .then(end("10:20"))
                      .watermark("12:00")
                      .then(at("10:25", 1), "late 10:25")
                      .counted("6 inputs = 1 step + 1 priming + 2 markers + 1 late + 1 rejected"),
                  new Timeline("In the order of timestamps.", ENDLESS.with(Order.EVENT_TIME))
                      .then(at("10:05"))
                      .then(at("10:00"))
                      .then(at("10:10"))
                      .watermark(
                          "10:05",
                          "step 10:00/0 @10:00 = 1",
                          "step 10:00/1 @10:05 = 2",
                          "opened 10:00")
                      .then(at("10:04"), "late 10:04")
                      .counted("4 inputs = 2 steps + 1 late + 1 held-back"))),
          new Rule(
              "When predictions go out",
              "After every step, after every n steps, or at the close. If there is a"
                  + " decoder, its predictions come instead.",
              List.of(
                  new Timeline("Every second step.", ENDLESS.with(new Emission(Emit.STEP, 2)))
                      .then(at("10:00"), "opened 10:00")
                      .then(at("10:05"), "step 10:00/1 @10:05 = 2")
                      .then(at("10:10"))
                      .then(at("10:15"), "step 10:00/3 @10:15 = 4"),
                  new Timeline(
                          "A decoder forecasts from a copy; the sequence goes on unchanged.",
                          ENDLESS.with(new Emission(Emit.STEP, 2)).with(DECODER))
                      .then(at("10:00"), "opened 10:00")
                      .then(
                          at("10:05"),
                          "forecast 10:00/1 +1 @10:05 = 3",
                          "forecast 10:00/1 +2 @10:05 = 4",
                          "forecast 10:00/1 +3 @10:05 = 5")
                      .then(at("10:10"))
                      .then(
                          at("10:15"),
                          "forecast 10:00/3 +1 @10:15 = 5",
                          "forecast 10:00/3 +2 @10:15 = 6",
                          "forecast 10:00/3 +3 @10:15 = 7"),
                  new Timeline("A decoder alone makes each observation a sequence.", alone())
                      .then(
                          at("10:00", 5),
                          "decoded 10:00/0 +1 @10:00 = 6",
                          "decoded 10:00/0 +2 @10:00 = 7",
                          "decoded 10:00/0 +3 @10:00 = 8",
                          "opened 10:00",
                          "closed 10:00 end @10:00 after 1")
                      .then(
                          at("10:05", 9),
                          "decoded 10:05/0 +1 @10:05 = 10",
                          "decoded 10:05/0 +2 @10:05 = 11",
                          "decoded 10:05/0 +3 @10:05 = 12",
                          "opened 10:05",
                          "closed 10:05 end @10:05 after 1"))),
          new Rule(
              "Order by timestamps",
              "With `order: event-time` an observation is held back until the"
                  + " watermark reaches its timestamp.",
              List.of(
                  new Timeline(
                          "Then observations step in the order of their timestamps.",
                          ENDLESS.with(Order.EVENT_TIME))
                      .then(at("10:10", 4))
                      .then(at("10:00", 1))
                      .then(at("10:05", 2))
                      .watermark(
                          "10:05",
                          "step 10:00/0 @10:00 = 1",
                          "step 10:00/1 @10:05 = 3",
                          "opened 10:00")
                      .watermark("10:10", "step 10:00/2 @10:10 = 7"),
                  new Timeline(
                          "Observations with the same timestamp step as they came; an"
                              + " end marker without features is last.",
                          ENDLESS.with(Order.EVENT_TIME))
                      .then(end("10:00"))
                      .then(at("10:00", 4))
                      .then(at("10:00", 2))
                      .watermark(
                          "10:00",
                          "step 10:00/0 @10:00 = 4",
                          "step 10:00/1 @10:00 = 6",
                          "opened 10:00",
                          "closed 10:00 end @10:00 after 2"),
                  new Timeline(
                          "An observation older than the last one that stepped is late.",
                          ENDLESS.with(Order.EVENT_TIME))
                      .then(at("10:10"))
                      .watermark("10:20", "step 10:10/0 @10:10 = 1", "opened 10:10")
                      .then(at("10:09"), "late 10:09")
                      .then(at("10:10"), "step 10:10/1 @10:10 = 2"),
                  new Timeline(
                          "Time limits work as before. A held-back observation is never late.",
                          IDLE.with(Order.EVENT_TIME))
                      .then(at("10:40"))
                      .then(at("10:00"))
                      .watermark(
                          "12:00",
                          "step 10:00/0 @10:00 = 1",
                          "step 10:40/0 @10:40 = 1",
                          "opened 10:00",
                          "closed 10:00 idle @10:30 after 1",
                          "opened 10:40",
                          "closed 10:40 idle @11:10 after 1"),
                  new Timeline(
                          "At the end of the input all that is held back steps.",
                          ENDLESS.with(Order.EVENT_TIME))
                      .then(at("10:05", 2))
                      .then(at("10:00", 1))
                      .endOfInput(
                          "step 10:00/0 @10:00 = 1",
                          "step 10:00/1 @10:05 = 3",
                          "opened 10:00",
                          "closed 10:00 end-of-input @10:05 after 2"))),
          new Rule(
              "Gaps",
              "If two observations are more than 1.5 times the expected distance"
                  + " apart, steps are filled in between them.",
              List.of(
                  new Timeline(
                          "Expected every 5 minutes. When the next observation comes,"
                              + " the missing steps run first, with the inputs that the"
                              + " model saw before the gap.",
                          ENDLESS.with(Gap.previous(minutes(5), 3)))
                      .then(at("10:00", 1), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:15", 4),
                          "step 10:00/1 @10:05 = 2",
                          "step 10:00/2 @10:10 = 3",
                          "step 10:00/3 @10:15 = 7"),
                  new Timeline(
                          "If more than at-most steps are missing (here 1), the sequence closes.",
                          ENDLESS.with(Gap.previous(minutes(5), 1)))
                      .then(at("10:00", 1), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(
                          at("10:15", 4),
                          "step 10:15/0 @10:15 = 4",
                          "closed 10:00 gap @10:15 after 1",
                          "opened 10:15"))),
          new Rule(
              "Missing values",
              "With `missing: previous` the last value of the sequence stands in for one that is"
                  + " missing. The first observation of a sequence has none before it.",
              List.of(
                  new Timeline(
                          "An observation that has only some of its values opens no sequence.",
                          SPARSE)
                      .then(both("10:00", 1, Double.NaN), "rejected 10:00")
                      .then(both("10:05", Double.NaN, 4), "rejected 10:05")
                      .then(both("10:10", 2, 4), "step 10:10/0 @10:10 = 6", "opened 10:10")
                      .then(both("10:15", 3, Double.NaN), "step 10:10/1 @10:15 = 13"),
                  new Timeline(
                          "With `keep-series-for` its values are remembered for the next one. A"
                              + " sequence that opens takes them.",
                          SPARSE.with(new SeriesMemory(minutes(60), 0)))
                      .then(both("10:00", 1, Double.NaN), "rejected 10:00")
                      .then(both("10:05", Double.NaN, 4), "step 10:05/0 @10:05 = 5", "opened 10:05")
                      .then(both("10:10", 3, Double.NaN), "step 10:05/1 @10:10 = 12")
                      .then(
                          both("10:40", 2, Double.NaN),
                          "closed 10:05 idle @10:40 after 2",
                          "rejected 10:40")
                      .then(
                          both("10:45", Double.NaN, 5), "step 10:45/0 @10:45 = 7", "opened 10:45"),
                  new Timeline(
                          "They are forgotten when keep-series-for has passed since.",
                          SPARSE.with(new SeriesMemory(minutes(60), 0)))
                      .then(both("10:00", 1, Double.NaN), "rejected 10:00")
                      .then(both("11:00", Double.NaN, 4), "rejected 11:00")
                      .then(
                          both("11:05", 2, Double.NaN),
                          "step 11:05/0 @11:05 = 6",
                          "opened 11:05"))),
          new Rule(
              "Duplicates",
              "With `deduplicate-by`, an observation is rejected if one of the last"
                  + " observations of its series had the same value.",
              List.of(
                  new Timeline(
                          "The window is 2. The third observation repeats the first"
                              + " one's value and is rejected. The last one repeats it too,"
                              + " but is not among the last two any more.",
                          ENDLESS.with(new SeriesMemory(minutes(60), 2)))
                      .then(at("10:00", 1).identity("a"), "step 10:00/0 @10:00 = 1", "opened 10:00")
                      .then(at("10:05", 2).identity("b"), "step 10:00/1 @10:05 = 3")
                      .then(at("10:10", 4).identity("a"), "rejected 10:10")
                      .then(at("10:15", 2).identity("c"), "step 10:00/2 @10:15 = 5")
                      .then(at("10:20", 1).identity("a"), "step 10:00/3 @10:20 = 6"))));

  private static SequenceConfig byArrival() {
    return IDLE.with(IDLE.boundaries().withClock(SequenceClock.PROCESSING));
  }

  private static SequenceConfig alone() {
    return ENDLESS
        .with(Emission.AT_END)
        .with(
            Decoding.alone(
                Timeline.countingOn(), new DecoderRules(new First.Input(), Next.ZEROS, 3)));
  }

  private static Stream<Timeline> timelines() {
    return RULES.stream().flatMap(rule -> rule.timelines().stream());
  }

  private static Stream<Arguments> everywhere() {
    return timelines()
        .flatMap(
            timeline ->
                Stream.of(Backend.HEAP, Backend.ROCKSDB, Backend.HEAP_BATCHES)
                    .map(backend -> Arguments.of(timeline, backend)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("everywhere")
  void givesWhatItsRuleSays(Timeline timeline, Backend backend) throws Exception {
    Timeline.Outcome outcome = timeline.run(backend);
    List<List<String>> expected =
        timeline.columns().stream().map(Timeline.Column::expected).toList();
    if (backend == Backend.HEAP_BATCHES) {
      assertEquals(
          Timeline.byOutput(expected.stream().flatMap(List::stream).toList()), outcome.allLines());
    } else {
      assertEquals(expected, outcome.lines());
    }
    String account = account(outcome);
    assertEquals(timeline.account(), timeline.account().isEmpty() ? "" : account);
    long held = outcome.given().stream().mapToLong(one -> one.count(Counter.HELD_BACK)).sum();
    if (held == 0) { // a value and a timer for each open sequence, nothing else
      assertEquals(outcome.open(), outcome.sequences(), "values in state");
      assertEquals(outcome.open(), outcome.timers(), "timers");
    }
  }

  /** Whether the watermark or the observation comes first, the output is the same. */
  @Test
  void theTwoOrdersOfRuleFourGiveTheSame() throws Exception {
    List<Timeline> both = RULES.get(3).timelines().subList(0, 2);
    assertEquals(
        both.get(0).run(Backend.HEAP).allLines(), both.get(1).run(Backend.HEAP).allLines());
  }

  private static String account(Timeline.Outcome outcome) {
    long inputs = total(outcome, Counter.INPUTS);
    long sum = 0;
    List<String> terms = new ArrayList<>();
    for (Counter counter : FATES) {
      long total = total(outcome, counter);
      sum += total;
      if (total != 0) {
        terms.add(total + " " + (total == 1 ? one(counter) : counter.label()));
      }
    }
    assertEquals(inputs, sum, "inputs");
    return inputs + " inputs = " + String.join(" + ", terms);
  }

  private static String one(Counter counter) {
    return counter.label().replaceFirst("s$", "");
  }

  private static long total(Timeline.Outcome outcome, Counter counter) {
    return outcome.given().stream().mapToLong(given -> given.count(counter)).sum();
  }

  @Test
  void thePageShowsTheDrawings() throws Exception {
    String page = Files.readString(Path.of("docs/sequences.md"));
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    assertTrue(begin >= 0 && end > begin, "docs/sequences.md has the drawings between their marks");
    String drawn = drawn();
    assertEquals(
        drawn,
        page.substring(begin + BEGIN.length(), end),
        () -> "docs/sequences.md's timelines, expected:\n" + drawn);
  }

  private static String drawn() throws Exception {
    StringBuilder all = new StringBuilder();
    for (Rule rule : RULES) {
      all.append("\n**").append(rule.name()).append(".** ").append(rule.text()).append("\n");
      for (Timeline timeline : rule.timelines()) {
        String settings = TimelineDrawing.settings(timeline.config());
        all.append("\n").append(timeline.text());
        all.append(settings.isEmpty() ? "" : " " + settings).append("\n\n```\n");
        for (String line : TimelineDrawing.draw(timeline, timeline.run(Backend.HEAP).given())) {
          assertTrue(line.length() <= WIDTH, line.length() + " columns: " + line);
          all.append(line).append("\n");
        }
        all.append(timeline.account().isEmpty() ? "" : "\n" + timeline.account() + "\n");
        all.append("```\n");
      }
    }
    return all.append("\n").toString();
  }
}
