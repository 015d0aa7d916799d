package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel has the same bits in every JVM: forked ones print a hash of everything. */
final class BitsTest {

  /** A replay after a crash runs interpreted where the first run was compiled. */
  @Tag("thorough")
  @Test
  void interpretedCompiledAndWarmRunsHaveTheSameBits() throws IOException, InterruptedException {
    String interpreted = fork(1, "-Xint");
    assertEquals(interpreted, fork(1, "-Xcomp"));
    assertEquals(interpreted, fork(60));
  }

  /** Another machine has other vectors. */
  @Test
  void vectorsOfEveryWidthHaveTheSameBits() throws IOException, InterruptedException {
    String widest = deep();
    assertEquals(widest, deep("-XX:MaxVectorSize=16"));
    assertEquals(widest, deep("-XX:MaxVectorSize=32"));
  }

  /** Also what goes in parts, which depend on the width. */
  private static String deep(String... options) throws IOException, InterruptedException {
    return bits(ForkedJvm.print(List.of(options), BitsOfAStep.class, TestKernel.NAME, "1", "deep"));
  }

  private static String fork(int rounds, String... options)
      throws IOException, InterruptedException {
    return bits(
        ForkedJvm.print(
            List.of(options), BitsOfAStep.class, TestKernel.NAME, Integer.toString(rounds)));
  }

  private static String bits(String printed) {
    int at = printed.indexOf("bits "); // the JVM warns of the incubating module before it
    assertTrue(at >= 0, printed);
    return printed.substring(at);
  }
}
