package io.unroll.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/bench} in a tree of its own, with a Java and a Maven that only report. */
@DisabledOnOs(OS.WINDOWS) // a bash script
final class LauncherTest {
  private static final String MODULE = "<--add-modules=jdk.incubator.vector>";

  @TempDir private Path temporary;

  @BeforeEach
  void tree() throws IOException {
    for (String folder : new String[] {"model", "connectors", "job", "deploy/benchmarks"}) {
      Files.createDirectories(temporary.resolve(folder));
    }
    Files.writeString(temporary.resolve("pom.xml"), "");
    Files.copy(Path.of("..", "bench"), temporary.resolve("deploy/bench"));
    script("mvn", "");
  }

  @Test
  void theVectorsModuleIsAddedWhereJavaHasIt() throws Exception {
    java("17", "");
    String started = run(0);
    assertTrue(started.contains(MODULE), started);
    assertTrue(started.endsWith("<io.unroll.bench.Main>\n<kernel>\n"), started);

    java("17", "*--add-modules*) echo 'Module jdk.incubator.vector not found' >&2; exit 1 ;;");
    String without = run(0);
    assertFalse(without.contains(MODULE), without);
    assertTrue(without.endsWith("<io.unroll.bench.Main>\n<kernel>\n"), without);
  }

  @Test
  void anOldJavaIsRefused() throws Exception {
    java("11", "");
    assertEquals(
        "bench: found Java 11 (%s/bin/java), expected 17 or later\n"
            .formatted(temporary.resolve("jdk")),
        run(1));
  }

  /** What it said, errors too. */
  private String run(int code) throws Exception {
    Path said = temporary.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(temporary.resolve("deploy/bench").toString(), "kernel")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().remove("UNROLL_JAVA_OPTS");
    builder.environment().put("JAVA_HOME", temporary.resolve("jdk").toString());
    builder.environment().put("MVN", temporary.resolve("mvn").toString());
    int ended = builder.start().waitFor();
    String text = Files.readString(said);
    assertEquals(code, ended, text);
    return text;
  }

  /** A Java of that version, which prints what it was started with. */
  private void java(String version, String first) throws IOException {
    script(
        "jdk/bin/java",
        """
        case $* in
          %s
          *-version*) echo '    java.specification.version = %s' >&2 ;;
          *) printf '<%%s>\\n' "$@" ;;
        esac
        """
            .formatted(first, version));
  }

  private void script(String name, String body) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
