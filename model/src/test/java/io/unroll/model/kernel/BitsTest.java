package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    String widest = fork(kernel, 1);
    assertEquals(widest, fork(kernel, 1, "-XX:MaxVectorSize=16"));
    assertEquals(widest, fork(kernel, 1, "-XX:MaxVectorSize=32"));
  }

  private static String fork(String kernel, int rounds, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-Xmx128m");
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            BitsOfAStep.class.getName(),
            kernel,
            Integer.toString(rounds)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the forked JVM ended");
    assertEquals(0, process.exitValue(), printed);
    int at = printed.indexOf("bits "); // the JVM warns of the incubating module before it
    assertTrue(at >= 0, printed);
    return printed.substring(at);
  }
}
