package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.RejectedReasons;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a person is told of a run, with a clock of the test's own. */
final class ProgressTest {
  private final StringWriter said = new StringWriter();
  private final Time time = new Time();
  private final Progress progress = new Progress("p", new PrintWriter(said), null, time);

  private static final class Time implements Progress.Clock {
    private long millis = 1_000_000;

    @Override
    public long nanos() {
      return millis * 1_000_000;
    }

    @Override
    public long millis() {
      return millis;
    }
  }

  /** A look every 0.2 s, as a run does. */
  private void looks(int tenths, RunStatus status) {
    for (int i = 0; i < tenths; i += 2) {
      time.millis += 200;
      progress.report(status);
    }
  }

  private static RunStatus at(long inputs, long steps) {
    return new RunStatus(counts(inputs, steps, 0), OptionalLong.empty(), null, false);
  }

  private static Counts counts(long inputs, long steps, long rejected) {
    Counters readings = new Counters();
    readings.add(Counter.INPUTS, inputs);
    readings.add(Counter.REJECTED, rejected);
    Counters sequences = new Counters();
    sequences.add(Counter.STEPS, steps);
    sequences.add(Counter.PREDICTIONS, steps);
    sequences.add(Counter.OPENED, 7);
    sequences.add(Counter.CLOSED_IDLE, 2);
    sequences.add(Counter.CLOSED_GAP, 1);
    Map<String, Object> accumulators = new HashMap<>();
    accumulators.put("readings", readings);
    accumulators.put("sequences", sequences);
    RejectedReasons reasons = new RejectedReasons();
    for (int i = 0; i < rejected; i++) {
      reasons.add("f.csv:" + (i + 2), "price: expected a number, found \"" + i + '"');
    }
    accumulators.put("readings.rejected", reasons.getLocalValue());
    return Counts.of(Accounts.ALONE, accumulators);
  }

  /** The source was ahead of the operator when the input paused, and nothing came in any more. */
  @Test
  void theLastLineIsTrueAfterTheInputHasPaused() {
    looks(2, at(3200, 1736));
    looks(10, at(3200, 3192));
    looks(1000, at(3200, 3192));
    List<String> lines = said.toString().lines().toList();
    assertEquals(2, lines.size(), said.toString());
    assertTrue(lines.get(0).contains(" 3,200 inputs, "), lines.get(0));
    assertTrue(lines.get(0).contains(" 1,736 steps, "), lines.get(0));
    assertTrue(lines.get(1).contains(" 3,192 steps, 3,192 predictions, "), lines.get(1));
    assertTrue(lines.get(1).endsWith(", 1.0 s"), lines.get(1));
  }

  @Test
  void aLogGetsALineEvery10SecondsWhileSomethingChanges() {
    for (int look = 0; look < 5 * 60; look++) {
      looks(2, at(look, look));
    }
    assertEquals(6, said.toString().lines().count(), said.toString());
  }

  /** Each record is followed by a rest. */
  @Test
  void aSlowStreamGetsNoMoreThanTwice() {
    for (int record = 0; record < 60; record++) {
      looks(20, at(record, record));
    }
    long lines = said.toString().lines().count();
    assertTrue(lines >= 12 && lines <= 25, said.toString());
  }

  @Test
  void nothingIsSaidTwice() {
    looks(10_000, at(5, 5));
    assertEquals(1, said.toString().lines().count(), said.toString());
  }

  @Test
  void aLineHasWhatAPersonAsksFor() {
    progress.report(at(1000, 1000));
    time.millis += 2000;
    said.getBuffer().setLength(0);
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    LiveLine live = new LiveLine(screen, UTF_8);
    Progress shown = new Progress("p", new PrintWriter(live.stream(), true, UTF_8), live, time);
    Counts counts = counts(1000, 980, 2);
    RunStatus.Checkpoint checkpoint = new RunStatus.Checkpoint(3, time.millis - 4321);
    shown.report(new RunStatus(counts, OptionalLong.of(12_345), null, false));
    time.millis += 2000;
    screen.reset();
    shown.report(new RunStatus(counts(1500, 1498, 2), OptionalLong.of(12_345), checkpoint, false));
    assertEquals(
        "p: 1,500 in, 250/s, lag 12,345, 4 open, checkpoint 6 s ago, 2 rejected, 2.0 s",
        seen(screen));
    screen.reset();
    shown.report(new RunStatus(counts(1500, 1498, 2), OptionalLong.of(12_345), checkpoint, false));
    assertFalse(screen.toString(UTF_8).contains("\n"), "one line, which changes");
  }

  @Test
  void aTerminalOf80ColumnsShowsTheCheckpointWhateverTheNumbersAre() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    LiveLine live = new LiveLine(screen, UTF_8);
    Progress shown =
        new Progress(
            "temperatures-of-all-cities", new PrintWriter(live.stream(), true, UTF_8), live, time);
    RunStatus.Checkpoint checkpoint = new RunStatus.Checkpoint(123, time.millis - 13_000);
    shown.report(
        new RunStatus(
            counts(87_654_321, 87_000_000, 0), OptionalLong.of(1_234_567), checkpoint, false));
    assertEquals(
        "temperatures-of-: 87,654,321 in, 0/s, lag 1,234,567, 4 open, checkpoint 13 s ago",
        seen(screen));
    screen.reset();
    shown.report(new RunStatus(counts(1, 1, 0), OptionalLong.empty(), null, false));
    assertEquals(
        "temperatures-of-all-cities: 1 in, 0/s, 4 open, no checkpoint yet, 0.0 s", seen(screen));
  }

  @Test
  void oneIsOne() {
    progress.report(at(1, 1));
    assertTrue(said.toString().startsWith("p: running, 1 input, "), said.toString());
    assertTrue(said.toString().contains(", 1 step, 1 prediction, "), said.toString());
    said.getBuffer().setLength(0);
    progress.last("finished", counts(1, 1, 0));
    assertTrue(said.toString().endsWith(" s, 1 input, 1 step, 1 prediction\n"), said.toString());
  }

  /** The source is ahead, and 0 steps would look like a halt. */
  @Test
  void aModelThatIsWarmedUpIsSaidOnceInALogAndThenComesTheFirstLine() {
    looks(100, new RunStatus(counts(2463, 0, 0), OptionalLong.empty(), null, true));
    assertEquals("p: warming up the model, 2,463 inputs read, 0.2 s\n", said.toString());
    looks(2, at(2463, 10));
    List<String> lines = said.toString().lines().toList();
    assertEquals(2, lines.size(), said.toString());
    assertTrue(lines.get(1).startsWith("p: running, 2,463 inputs, "), lines.get(1));
  }

  @Test
  void aModelThatIsWarmedUpIsShownInATerminal() {
    ByteArrayOutputStream screen = new ByteArrayOutputStream();
    LiveLine live = new LiveLine(screen, UTF_8);
    Progress shown = new Progress("p", new PrintWriter(live.stream(), true, UTF_8), live, time);
    time.millis += 1500;
    shown.report(new RunStatus(counts(2463, 0, 0), OptionalLong.empty(), null, true));
    assertEquals("p: warming up the model, 2,463 inputs read, 1.5 s", seen(screen));
  }

  @Test
  void eachKindOfRejectedRecordIsShownOnce() {
    progress.report(new RunStatus(counts(4, 0, 3), OptionalLong.empty(), null, false));
    progress.report(new RunStatus(counts(9, 0, 8), OptionalLong.empty(), null, false));
    assertEquals(
        List.of("p: rejected f.csv:2: price: expected a number, found \"0\""),
        said.toString().lines().filter(line -> line.contains(": rejected ")).toList());
  }

  @Test
  void theRateIsThatOfTheLastSecondsAndSurvivesARestart() {
    Rate rate = new Rate();
    long second = 1_000_000_000L;
    assertEquals(0, rate.after(0, 1_000_000));
    assertEquals(100, rate.after(second, 1_000_100));
    assertEquals(0, rate.after(20 * second, 1_000_100) / 10, "a burst is forgotten");
    assertEquals(0, rate.after(21 * second, 1_000_100));
    assertEquals(0, rate.after(22 * second, 500));
    assertEquals(10, rate.after(23 * second, 510));
  }

  private static String seen(ByteArrayOutputStream screen) {
    return screen.toString(UTF_8).replaceAll("\r?\033\\[\\??[0-9]*[A-Za-z]", "").strip();
  }
}
