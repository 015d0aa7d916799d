package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  private static List<String> behind(long stepped, long opened, long other) throws Exception {
    Counters sequences = new Counters();
    sequences.add(Counter.BEHIND_STEPPED, stepped);
    sequences.add(Counter.BEHIND_OPENED, opened);
    sequences.add(Counter.BEHIND_OTHER, other);
    PipelineJob job = PipelineJob.load(Path.of("../examples/weather.yaml"));
    return Summary.of(
            PipelineJobs.of(job),
            RunResult.finished(
                Map.of("weather", Counts.of(Accounts.ALONE, Map.of("sequences", sequences)))))
        .lines()
        .filter(line -> line.startsWith("behind"))
        .toList();
  }

  @Test
  void oneStepIsNoSteps() throws Exception {
    Counters sequences = new Counters();
    sequences.add(Counter.STEPS, 1);
    sequences.add(Counter.PRIMINGS, 1);
    sequences.add(Counter.MARKERS, 1);
    sequences.add(Counter.FILLED, 1);
    Counters readings = new Counters();
    readings.add(Counter.INPUTS, 4);
    PipelineJob job = PipelineJob.load(Path.of("../examples/gaps.yaml"));
    assertEquals(
        List.of(
            "inputs       4 = 1 step + 1 priming + 1 marker + 0 late + 0 rejected + 1 on their way",
            "filled       1 step where observations were missing"),
        Summary.of(
                PipelineJobs.of(job),
                RunResult.finished(
                    Map.of(
                        job.pipeline().name(),
                        Counts.of(
                            Accounts.ALONE, Map.of("sequences", sequences, "readings", readings)))))
            .lines()
            .filter(line -> line.startsWith("inputs") || line.startsWith("filled"))
            .toList());
  }

  @Test
  void recordsBehindTheWatermarkAreToldWhereThereAreSome() throws Exception {
    assertEquals(List.of(), behind(0, 0, 0));
    assertEquals(
        List.of(
            "behind       1,006 came behind the watermark and were not late: 1,000 stepped in their"
                + " sequence, 4 opened one, 2 did neither"),
        behind(1000, 4, 2));
    assertEquals(1, behind(0, 0, 1).size());
  }
}
