package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.RejectedReasons;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a run says at its end, of counts of the test's own. */
final class RunResultSummaryTest {
  private final Counters readings = new Counters();
  private final Counters sequences = new Counters();
  private final RejectedReasons reasons = new RejectedReasons();

  private Map<String, Counts> counts() {
    return Map.of(
        "weather",
        Counts.of(
            Accounts.ALONE,
            Map.of(
                "readings", readings,
                "sequences", sequences,
                "sequences.rejected", reasons.getLocalValue())));
  }

  private static List<String> lines(RunResult result) throws Exception {
    PipelineJob job = PipelineJob.load(Path.of("..", "examples", "weather.yaml"));
    return Summary.of(PipelineJobs.of(job), result)
        .lines()
        .filter(line -> !line.matches("\\w+ +in .*"))
        .toList();
  }

  @Test
  void aStoppedRunSaysWhatWasUsedAndWhatComesNext() throws Exception {
    readings.add(Counter.INPUTS, 1010);
    sequences.add(Counter.STEPS, 1000);
    sequences.add(Counter.HELD_BACK, 7);
    sequences.add(Counter.OPENED, 2);
    assertEquals(
        List.of(
            "weather: stopped",
            "inputs       1,010 = 1,000 steps + 0 primings + 0 markers + 0 late + 0 rejected + 7 held"
                + " back + 3 on their way",
            "sequences    2 opened; closed: none",
            "predictions  0",
            "the same command goes on from here"),
        lines(RunResult.stopped(counts(), 130, "the same command goes on from here")));
  }

  @Test
  void theCommonestReasonsComeFirst() throws Exception {
    readings.add(Counter.INPUTS, 1000);
    sequences.add(Counter.STEPS, 979);
    sequences.add(Counter.REJECTED, 21);
    for (int kind = 1; kind <= 6; kind++) {
      for (int i = 0; i < kind; i++) {
        reasons.add("f.csv:" + (10 * kind + i), "field" + kind + ": expected a number, found " + i);
      }
    }
    assertEquals(
        List.of(
            "rejected     6 x field6: expected a number, found 0 (first at f.csv:60)",
            "rejected     5 x field5: expected a number, found 0 (first at f.csv:50)",
            "rejected     4 x field4: expected a number, found 0 (first at f.csv:40)",
            "rejected     3 x field3: expected a number, found 0 (first at f.csv:30)",
            "rejected     2 x field2: expected a number, found 0 (first at f.csv:20)",
            "rejected     1 x for other reasons"),
        lines(RunResult.finished(counts())).stream().filter(line -> line.contains(" x ")).toList());
    assertEquals(0, RunResult.finished(counts()).exitCode());
  }

  @Test
  void skippedRecordsArePartOfTheSum() throws Exception {
    readings.add(Counter.INPUTS, 10);
    readings.add(Counter.SKIPPED, 4);
    sequences.add(Counter.STEPS, 6);
    assertEquals(
        "inputs       10 = 6 steps + 0 primings + 0 markers + 0 late + 0 rejected + 4 skipped",
        lines(RunResult.finished(counts())).get(1));
  }

  /** A skipped record was not meant: it says nothing of those that were. */
  @Test
  void allThatWereMeantMayBeRejectedBesideSkippedOnes() throws Exception {
    readings.add(Counter.INPUTS, 3);
    readings.add(Counter.SKIPPED, 3);
    assertEquals(0, RunResult.finished(counts()).exitCode());
    readings.add(Counter.INPUTS, 2);
    readings.add(Counter.REJECTED, 2);
    assertEquals(1, RunResult.finished(counts()).exitCode());
  }

  @Test
  void nothingThatCouldBeUsedIsAFailure() throws Exception {
    assertEquals(0, RunResult.finished(counts()).exitCode(), "an empty input is none");
    readings.add(Counter.INPUTS, 3);
    readings.add(Counter.REJECTED, 2);
    sequences.add(Counter.REJECTED, 1);
    assertEquals(1, RunResult.finished(counts()).exitCode());
    assertEquals(
        "weather: finished, every record was rejected", lines(RunResult.finished(counts())).get(0));
    sequences.add(Counter.REJECTED, -1);
    sequences.add(Counter.MARKERS, 1);
    assertEquals(0, RunResult.finished(counts()).exitCode());
  }
}
