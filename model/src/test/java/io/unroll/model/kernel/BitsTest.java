package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same kernel has the same bits in every JVM: forked ones print a hash of everything. */
final class BitsTest {

  static List<String> kernels() {
    return Kernels.names();
  }

  /** A replay after a crash runs interpreted where the first run was compiled. */
  @ParameterizedTest
  @MethodSource("kernels")
  void interpretedCompiledAndWarmRunsHaveTheSameBits(String kernel)
      throws IOException, InterruptedException {
    String interpreted = fork(kernel, 1, "-Xint");
    assertEquals(interpreted, fork(kernel, 1, "-Xcomp"));
    assertEquals(interpreted, fork(kernel, 60));
  }

  /** Another machine has other vectors. */
  @ParameterizedTest
  @MethodSource("kernels")
  void vectorsOfEveryWidthHaveTheSameBits(String kernel) throws IOException, InterruptedException {
    String widest = deep(kernel);
    assertEquals(widest, deep(kernel, "-XX:MaxVectorSize=16"));
    assertEquals(widest, deep(kernel, "-XX:MaxVectorSize=32"));
  }

  /** Also what goes in parts, which depend on the width. */
  private static String deep(String kernel, String... options)
      throws IOException, InterruptedException {
    return bits(ForkedJvm.print(List.of(options), BitsOfAStep.class, kernel, "1", "deep"));
  }

  private static String fork(String kernel, int rounds, String... options)
      throws IOException, InterruptedException {
    return bits(
        ForkedJvm.print(List.of(options), BitsOfAStep.class, kernel, Integer.toString(rounds)));
  }

  private static String bits(String printed) {
    int at = printed.indexOf("bits "); // the JVM warns of the incubating module before it
    assertTrue(at >= 0, printed);
    return printed.substring(at);
  }
}
