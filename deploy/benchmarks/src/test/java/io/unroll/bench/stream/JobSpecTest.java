package io.unroll.bench.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class JobSpecTest {
  @Test
  void aJobSurvivesItsWayIntoAnotherJvm() {
    JobSpec spec =
        JobSpec.ours("plain", 64, 10_000, 1, 2)
            .through(JobSpec.Operator.CEILING)
            .on(JobSpec.Backend.ROCKSDB)
            .warmed(3)
            .windowOf(4)
            .by("another")
            .checkpointEvery(5)
            .weighed(true, false);
    assertEquals(spec, JobSpec.parse(spec.json()));
    assertEquals(JobSpec.Operator.CEILING, spec.operator());
    assertEquals(JobSpec.Backend.ROCKSDB, spec.backend());
    assertEquals(3, spec.warmSeconds());
    assertEquals(4, spec.seconds());
    assertEquals("another", spec.kernel());
    assertEquals(5, spec.checkpointSeconds());
    assertTrue(spec.snapshot());
    assertThrows(IllegalArgumentException.class, () -> JobSpec.parse("x"));
  }

  @Test
  void everySeriesComesOnceBeforeAnyComesTwice() {
    Observations observations = new Observations(1000);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertTrue(seen.add(observations.next(i).series));
    }
    for (int i = 0; i < 1000; i++) {
      Observation observation = observations.next(i);
      assertTrue(seen.contains(observation.series));
      assertEquals("bench/0@" + (1000 + i), observation.input());
    }
  }
}
