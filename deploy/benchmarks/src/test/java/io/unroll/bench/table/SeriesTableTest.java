package io.unroll.bench.table;

import static io.unroll.bench.stream.JobSpec.Backend.HASHMAP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SeriesTableTest {
  @Test
  void theRowsOfSeries1mHaveTheSameHeap() {
    assertEquals(8192, SeriesTable.heapMegabytes(HASHMAP, 1_000));
    assertEquals(8192, SeriesTable.heapMegabytes(HASHMAP, 1_000_000));
  }
}
