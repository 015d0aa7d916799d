package io.unroll.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with a real Java, in a terminal and in a pipe. */
@EnabledOnOs(OS.LINUX) // script makes a terminal; other systems have another one of that name
final class TerminalITCase {
  private static final String ERASE = "\r\033[K";

  @TempDir private Path folder;

  /** A tree in which nothing is newer than what was built. */
  @Tag("thorough")
  @Test
  void aTerminalHasOneLineThatChangesAndAPipeHasLines() throws Exception {
    Path launcher = launcher();
    Path pipeline = LongPipeline.write(folder);
    String command = "'" + launcher + "' run '" + pipeline + "'";

    String shown = said(List.of("script", "-qec", command, "/dev/null"));
    assertTrue(
        shown.matches("(?s).*" + Pattern.quote(ERASE + "\033[?7llong: ") + "[0-9,]+ in, .*"),
        shown);
    assertFalse(shown.contains("WARNING"), shown);
    String left = shown.substring(shown.lastIndexOf(ERASE) + ERASE.length());
    assertTrue(
        left.matches(
            "long: finished, [0-9.]+ s, 200,000 inputs, 200,000 steps, 200,000 predictions\r\n"
                + "(?s:long: finished\r\ninputs .*)"),
        left);

    String piped = said(List.of(launcher.toString(), "run", "--overwrite", pipeline.toString()));
    assertFalse(piped.contains("\033"), piped);
    assertFalse(piped.contains("WARNING"), piped);
    assertTrue(piped.contains("\nlong: running, "), piped);
    assertTrue(piped.contains("\nlong: finished\n"), piped);
  }

  /**
   * Problems go to standard error and the verdict to standard output, which a terminal shows as
   * one.
   */
  @Test
  void checkEndsWithItsVerdict() throws Exception {
    Path pipeline = folder.resolve("wrong.yaml");
    Files.writeString(pipeline, "version: 1\nnme: wrong\n");
    String command = "'" + launcher() + "' check '" + pipeline + "'";
    List<String> lines = said(1, List.of("script", "-qec", command, "/dev/null")).lines().toList();
    assertTrue(lines.get(0).startsWith(pipeline + ":"), lines.toString());
    assertEquals(lines.size() - 1 + " problems", lines.get(lines.size() - 1), lines.toString());
  }

  private Path launcher() throws IOException {
    Path lib = Path.of("target", "lib").toAbsolutePath();
    assertTrue(Files.isDirectory(lib), "no " + lib + ": run with mvn verify");
    Path tree = folder.resolve("tree");
    Path target = Files.createDirectories(tree.resolve("deploy/local/target"));
    for (String source : List.of("model", "connectors", "job")) {
      Files.createDirectories(tree.resolve(source));
    }
    Files.createFile(tree.resolve("pom.xml"));
    Files.createSymbolicLink(target.resolve("lib"), lib);
    Files.createFile(target.resolve("built"));
    return Files.copy(Path.of("..", "unroll"), tree.resolve("deploy/unroll"));
  }

  private String said(List<String> command) throws Exception {
    return said(0, command);
  }

  private String said(int expected, List<String> command) throws Exception {
    Path out = folder.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().remove("UNROLL_JAVA_OPTS");
    builder.environment().put("TERM", "xterm");
    int code = builder.start().waitFor();
    String said = Files.readString(out, UTF_8);
    assertEquals(expected, code, said);
    return said;
  }
}
