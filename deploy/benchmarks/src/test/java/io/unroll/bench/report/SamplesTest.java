package io.unroll.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  @Test
  void theMedianIsTheMiddleWhateverTheOrder() {
    assertEquals(3, new Samples(List.of(9.0, 1.0, 3.0)).median());
    assertEquals(2, new Samples(List.of(3.0, 9.0, 1.0, 1.0)).median());
    assertEquals(7, new Samples(List.of(7.0)).median());
  }

  @Test
  void theTextHasTheSpreadWhereThereIsOne() {
    assertEquals("3.00 (1.00-9.00)", new Samples(List.of(9.0, 1.0, 3.0)).text());
    assertEquals("1,234", new Samples(List.of(1234.4)).text());
    assertEquals("12.3", new Samples(List.of(12.34)).text());
    assertEquals("0.123", new Samples(List.of(0.1234)).text());
  }

  @Test
  void nothingIsNoSample() {
    assertEquals(
        "samples: found none, expected one or more",
        assertThrows(IllegalArgumentException.class, () -> new Samples(List.of())).getMessage());
  }
}
