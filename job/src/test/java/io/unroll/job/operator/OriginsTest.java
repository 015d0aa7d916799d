package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

final class OriginsTest {
  private static String copy(String text) {
    return new String(text.toCharArray());
  }

  @Test
  void equalTextsBecomeOne() {
    Origins origins = new Origins();
    String first = origins.shared(copy("weather/0@"));
    assertSame(first, origins.shared(copy("weather/0@")));
    assertEquals("weather/1@", origins.shared(copy("weather/1@")));
    assertSame(first, origins.shared(copy("weather/0@")));
  }

  @Test
  void moreSourcesThanItKnowsStayTold() {
    Origins origins = new Origins();
    for (int round = 0; round < 2; round++) {
      for (int partition = 0; partition < 500; partition++) {
        String origin = "weather/" + partition + "@";
        assertEquals(origin, origins.shared(copy(origin)));
      }
    }
  }
}
