package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

final class RejectedLogTest {

  /**
   * As Flink does where a task is cancelled before it runs, because another one refused its state.
   * What throws then ends the TaskManager.
   */
  @Test
  void mayBeClosedBeforeItWasOpened() throws Exception {
    RejectedLog sent = InstantiationUtil.clone(new RejectedLog());
    assertDoesNotThrow(sent::close);
  }
}
