package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.PipelineJob;
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
    return Summary.of(job, Ending.finished(Counts.of(Map.of("sequences", sequences))))
        .lines()
        .filter(line -> line.startsWith("behind"))
        .toList();
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
