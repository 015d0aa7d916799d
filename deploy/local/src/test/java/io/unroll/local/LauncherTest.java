package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deploy/unroll} in a small tree of its own, with a Java and a Maven that only report. */
@DisabledOnOs(OS.WINDOWS) // a bash script
final class LauncherTest {
  @TempDir private Path temporary;
  private Path tree;
  private Path launcher;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void tree() throws IOException {
    temporary = temporary.toRealPath();
    tree = temporary.resolve("a tree");
    launcher = tree.resolve("deploy/unroll");
    for (String source :
        List.of(
            "pom.xml",
            "model/pom.xml",
            "job/src/main/java/A.java",
            "job/src/main/java/B.java",
            "connectors/pom.xml",
            "job/src/test/java/T.java",
            "deploy/local/pom.xml")) {
      Files.createDirectories(tree.resolve(source).getParent());
      Files.writeString(tree.resolve(source), "");
    }
    Files.copy(Path.of("..", "unroll"), launcher);
    old(20);
    maven("");
    java("17");
  }

  @Test
  void buildsOnFirstUseOnly() throws Exception {
    Ran first = run(launcher, "run", "my pipeline.yaml");
    assertEquals(0, first.code, first.err);
    assertEquals(1, builds());
    assertTrue(first.out.contains("<io.unroll.local.Main>\n<run>\n<my pipeline.yaml>\n"));
    assertTrue(first.out.contains("<" + tree.resolve("deploy/local/target/lib") + "/*>"));
    assertTrue(first.out.contains("home " + tree.resolve("deploy") + "\n"), first.out);
    assertEquals("unroll: building, which takes a few minutes the first time\n", first.err);

    Ran second = run(launcher, "demo");
    assertEquals(0, second.code);
    assertEquals(1, builds());
    assertEquals("", second.err);
  }

  @Test
  void buildsAgainAfterASourceWasChangedAddedOrDeleted() throws Exception {
    run(launcher);
    old(10);
    run(launcher);
    assertEquals(1, builds());

    Files.writeString(tree.resolve("job/src/main/java/A.java"), "class A {}");
    run(launcher);
    assertEquals(2, builds());

    old(10);
    Files.delete(tree.resolve("job/src/main/java/B.java"));
    run(launcher);
    assertEquals(3, builds());

    old(10);
    Files.writeString(tree.resolve("model/pom.xml"), "<project/>");
    run(launcher);
    assertEquals(4, builds());

    old(10);
    Files.writeString(tree.resolve("job/src/test/java/T.java"), "class T {}");
    Files.createDirectories(tree.resolve("job/target/src/main/java"));
    Files.writeString(tree.resolve("job/target/src/main/java/Generated.java"), "");
    run(launcher);
    assertEquals(4, builds());
  }

  @Test
  void aFailedBuildIsToldAndTriedAgain() throws Exception {
    maven("echo 'A.java:1: error' ; exit 7");
    for (int attempt = 1; attempt <= 2; attempt++) {
      Ran failed = run(launcher, "demo");
      assertEquals(1, failed.code);
      assertEquals("", failed.out);
      assertTrue(
          failed.err.endsWith("A.java:1: error\nunroll: the build failed, see above\n"),
          failed.err);
      assertEquals(attempt, builds());
    }
    maven("");
    assertEquals(0, run(launcher, "demo").code);
    assertEquals(3, builds());
  }

  @Test
  void aSourceThatChangesDuringTheBuildIsBuiltTheNextTime() throws Exception {
    // Later than the build's start by more than the file system's clock is coarse.
    maven("sleep 0.1; echo changed > '" + tree.resolve("job/src/main/java/A.java") + "'");
    run(launcher);
    assertEquals(1, builds());
    run(launcher);
    assertEquals(2, builds());
  }

  @Test
  void worksFromAnywhereAndThroughSymbolicLinks() throws Exception {
    Path bin = Files.createDirectories(temporary.resolve("bin"));
    Path relative = Path.of("..", "a tree", "deploy", "unroll");
    Files.createSymbolicLink(bin.resolve("one"), relative);
    Files.createSymbolicLink(bin.resolve("two"), bin.resolve("one"));
    for (Path start : List.of(bin.resolve("one"), bin.resolve("two"), Path.of("bin", "two"))) {
      Ran ran = run(start, "-h");
      assertEquals(0, ran.code, ran.err);
      assertTrue(ran.out.contains("home " + tree.resolve("deploy") + "\n"), ran.out);
    }
    assertEquals(1, builds());
  }

  @ParameterizedTest
  @CsvSource({"1.8", "11", "16"})
  void anOldJavaIsRefused(String version) throws Exception {
    java(version);
    Ran ran = run(launcher, "demo");
    assertEquals(1, ran.code);
    assertEquals(
        "unroll: found Java %s (%s/bin/java), expected 17 or later\n"
            .formatted(version, temporary.resolve("jdk")),
        ran.err);
    assertEquals(0, builds());
  }

  @Test
  void withoutJavaOrMavenItSaysWhatToInstall() throws Exception {
    environment.put("JAVA_HOME", temporary.resolve("nowhere").toString());
    Ran java = run(launcher, "demo");
    assertEquals(1, java.code);
    assertTrue(java.err.startsWith("unroll: no Java found ("), java.err);
    assertTrue(java.err.contains("install Java 17 or later, or set JAVA_HOME"), java.err);

    java("17");
    environment.put("MVN", temporary.resolve("nowhere/mvn").toString());
    Ran maven = run(launcher, "demo");
    assertEquals(1, maven.code);
    assertTrue(maven.err.startsWith("unroll: no Maven found ("), maven.err);
  }

  @ParameterizedTest
  @CsvSource({"17, 0", "21, 0", "24, 2", "25, 2"})
  void laterJavasAreToldNotToWarn(String version, int options) throws Exception {
    java(version);
    environment.put("UNROLL_JAVA_OPTS", "-Xmx1g -Dx=y");
    Ran ran = run(launcher, "demo");
    assertEquals(0, ran.code, ran.err);
    assertEquals(
        options,
        ran.out
            .lines()
            .filter(l -> l.matches("<--(enable-native|sun-misc-unsafe-memory)-access=.*>"))
            .count());
    assertTrue(ran.out.contains("<-Xmx1g>\n<-Dx=y>\n<-cp>\n"), ran.out);
    assertTrue(ran.out.contains("<--add-opens=java.base/java.util=ALL-UNNAMED>"), ran.out);
  }

  @Test
  void theVectorKernelsModuleIsAddedWhereJavaHasIt() throws Exception {
    String module = "<--add-modules=jdk.incubator.vector>";
    assertTrue(run(launcher, "demo").out.contains(module));
    script(
        "jdk/bin/java",
        """
        case $* in
          *--add-modules*) echo 'Error occurred during initialization of boot layer' >&2; exit 1 ;;
          *-version*) echo '    java.specification.version = 17' >&2 ;;
          *) printf '<%s>\\n' "$@" ;;
        esac
        """);
    Ran without = run(launcher, "demo");
    assertEquals(0, without.code, without.err);
    assertFalse(without.out.contains(module), without.out);
    assertTrue(without.out.contains("<io.unroll.local.Main>\n<demo>\n"), without.out);
    assertEquals("", without.err);
  }

  @Test
  void handsEveryWordOfVerifyOn() throws Exception {
    List<String> words =
        List.of(
            "verify",
            "my model.onnx",
            "--input",
            "x 1.csv",
            "--expected",
            "y.csv",
            "--state",
            "a=b");
    Ran ran = run(launcher, words.toArray(new String[0]));
    assertEquals(0, ran.code, ran.err);
    assertTrue(
        ran.out.contains("<io.unroll.local.Main>\n<" + String.join(">\n<", words) + ">\n"),
        ran.out);
  }

  @Test
  void theExitCodeIsThatOfTheCommand() throws Exception {
    script(
        "jdk/bin/java",
        "case $* in *-version*) echo 'java.specification.version = 17';;" + " *) exit 2;; esac");
    assertEquals(2, run(launcher, "no-such-command").code);
  }

  @Test
  void aJavaWithoutMemoryIsToldWithExitCode1() throws Exception {
    assertTrue(run(launcher, "demo").out.contains("<-XX:+ExitOnOutOfMemoryError>\n"));
    childrenAreTiedToTheirParents(true);
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*) echo '    java.specification.version = 17' >&2 ;;
          *) read -r line; echo "read $line"; exit 3 ;;
        esac
        """);
    Files.writeString(temporary.resolve("in.txt"), "a line\n");
    Ran ran = run(launcher, "run", "p.yaml");
    assertEquals(1, ran.code, ran.err);
    assertEquals("read a line\n", ran.out);
    assertTrue(ran.err.startsWith("unroll: out of memory; UNROLL_JAVA_OPTS=-Xmx"), ran.err);
    assertEquals(1, ran.err.lines().count(), ran.err);
  }

  /** Bash has a line of its own for it, with the whole command. */
  @Test
  void aJavaThatWasKilledIsToldInALine() throws Exception {
    childrenAreTiedToTheirParents(true);
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*) echo '    java.specification.version = 17' >&2 ;;
          *) kill -KILL $$ ;;
        esac
        """);
    run(launcher, "--version");
    Ran ran = run(launcher, "run", "p.yaml");
    assertEquals(137, ran.code);
    assertEquals("unroll: Java was killed, by somebody or by a system without memory\n", ran.err);
  }

  /** Where a child could outlive this script, Java takes its place. */
  @Test
  void javaIsTheLauncherItselfWhereItCouldOutliveIt() throws Exception {
    childrenAreTiedToTheirParents(false);
    script(
        "jdk/bin/java",
        "case $* in *-version*) echo 'java.specification.version = 17';; *) echo $$; exit 3;; esac");
    run(launcher, "demo");
    Process process =
        builder(launcher, "demo").redirectOutput(temporary.resolve("out.txt").toFile()).start();
    assertEquals(3, process.waitFor());
    assertEquals(process.pid() + "\n", Files.readString(temporary.resolve("out.txt")));
  }

  @Test
  void aSignalToTheLauncherEndsJava() throws Exception {
    childrenAreTiedToTheirParents(true);
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*) echo '    java.specification.version = 17' >&2 ;;
          *) trap 'echo ended; exit 143' TERM; echo started
             while :; do sleep 0.05; done ;;
        esac
        """);
    Path out = temporary.resolve("out.txt");
    Process process = builder(launcher, "run", "p.yaml").redirectOutput(out.toFile()).start();
    try {
      while (!Files.readString(out).contains("started")) {
        assertTrue(process.isAlive());
        Thread.sleep(10);
      }
      process.destroy();
      assertEquals(143, process.waitFor());
      assertEquals("started\nended\n", Files.readString(out));
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * 130 and no further commands of a script, as the shell expects it; other signals keep theirs.
   */
  @Test
  @EnabledOnOs(OS.LINUX) // env of the GNU core utilities: who started this test may ignore Ctrl-C
  void ctrlCEndsTheLauncherAsTheShellExpects() throws Exception {
    childrenAreTiedToTheirParents(true);
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*) echo '    java.specification.version = 17' >&2 ;;
          *) trap 'echo ended; exit 143' TERM; echo started
             while :; do sleep 0.05; done ;;
        esac
        """);
    Path out = temporary.resolve("out.txt");
    ProcessBuilder builder = builder(launcher, "run", "p.yaml").redirectOutput(out.toFile());
    builder.command().addAll(0, List.of("env", "--default-signal=INT"));
    Process process = builder.start();
    try {
      while (!Files.readString(out).contains("started")) {
        assertTrue(process.isAlive());
        Thread.sleep(10);
      }
      signal("INT", "" + process.pid());
      assertEquals(130, process.waitFor());
      assertEquals("started\nended\n", Files.readString(out));
    } finally {
      process.destroyForcibly();
    }
  }

  /** As a closed terminal does it: one request, which Java gets from the launcher. */
  @Test
  @EnabledOnOs(OS.LINUX) // setsid makes a process group
  void aHangupOfTheWholeProcessGroupReachesJavaOnce() throws Exception {
    childrenAreTiedToTheirParents(true);
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*) echo '    java.specification.version = 17' >&2 ;;
          *) trap 'echo hung up' HUP; trap 'echo ended; exit 143' TERM; echo started
             while :; do sleep 0.05; done ;;
        esac
        """);
    Path out = temporary.resolve("out.txt");
    ProcessBuilder builder = builder(launcher, "run", "p.yaml").redirectOutput(out.toFile());
    builder.command().addAll(0, List.of("env", "--default-signal=HUP", "setsid"));
    Process process = builder.start();
    try {
      while (!Files.readString(out).contains("started")) {
        assertTrue(process.isAlive());
        Thread.sleep(10);
      }
      signal("HUP", "-" + process.pid());
      assertEquals(143, process.waitFor());
      assertEquals("started\nended\n", Files.readString(out));
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * @param whom a process id, or a process group's with a minus in front
   */
  private static void signal(String name, String whom) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "--", whom).start().waitFor(), name);
  }

  /** Only that line, wherever it stands, and nothing waits for the end of a line after it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theWarningOfTheVectorModuleIsNotSeen(boolean tied) throws Exception {
    childrenAreTiedToTheirParents(tied);
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*)
            echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
            echo '    java.specification.version = 17' >&2 ;;
          *)
            echo 'Picked up JAVA_TOOL_OPTIONS:   -Dx' >&2
            echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
            printf 'progress without an end' >&2
            while [ ! -e seen ]; do sleep 0.01; done
            echo ', then a line' >&2
            echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
            printf 'the last' >&2
            echo result; exit 7 ;;
        esac
        """);
    run(launcher, "--version");
    // A file of its own: where nobody waits for the filter, that of the run before may still write.
    Path err = temporary.resolve("filtered.txt");
    Process process =
        builder(launcher, "run", "p.yaml")
            .redirectError(err.toFile())
            .redirectOutput(temporary.resolve("out.txt").toFile())
            .start();
    try {
      while (!Files.exists(err) || !Files.readString(err).endsWith("without an end")) {
        assertTrue(process.isAlive());
        Thread.sleep(10);
      }
      Files.writeString(temporary.resolve("seen"), "");
      assertEquals(7, process.waitFor());
      while (!tied && !Files.readString(err).endsWith("the last")) {
        Thread.sleep(10); // Java has taken the launcher's place: nobody waits for the filter
      }
      assertEquals(
          """
          Picked up JAVA_TOOL_OPTIONS:   -Dx
          progress without an end, then a line
          WARNING: Using incubator modules: jdk.incubator.vector
          the last""",
          Files.readString(err));
      assertEquals("result\n", Files.readString(temporary.resolve("out.txt")));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // script makes a terminal; other systems have another one of that name
  void javaIsToldWhetherItsStandardErrorIsATerminal() throws Exception {
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*) echo '    java.specification.version = 17' >&2 ;;
          *) echo "progress=$UNROLL_PROGRESS" ;;
        esac
        """);
    environment.put("TERM", "xterm");
    environment.put("UNROLL_PROGRESS", "live"); // somebody else's
    Ran piped = run(launcher, "demo");
    assertTrue(piped.out.endsWith("progress=lines\n"), piped.out);
    String inTerminal = "'" + launcher + "' demo";
    Ran shown = run(Path.of("script"), "-qec", inTerminal, "/dev/null");
    assertTrue(shown.out.endsWith("progress=live\r\n"), shown.out + shown.err);
    environment.put("TERM", "dumb");
    Ran dumb = run(Path.of("script"), "-qec", inTerminal, "/dev/null");
    assertTrue(dumb.out.endsWith("progress=lines\r\n"), dumb.out + dumb.err);
  }

  private record Ran(int code, String out, String err) {}

  /** Not every system ties a child's life to its parent's. */
  private void childrenAreTiedToTheirParents(boolean tied) throws IOException {
    script(
        "bin/setpriv",
        tied ? "[ \"$1 $2\" = '--pdeathsig KILL' ] || exit 9; shift 2; exec \"$@\"" : "exit 1");
    environment.put("PATH", temporary.resolve("bin") + ":" + System.getenv("PATH"));
  }

  private Ran run(Path script, String... arguments) throws Exception {
    Path in = temporary.resolve("in.txt");
    Path out = temporary.resolve("out.txt");
    Path err = temporary.resolve("err.txt");
    ProcessBuilder builder =
        builder(script, arguments).redirectOutput(out.toFile()).redirectError(err.toFile());
    if (Files.exists(in)) {
      builder.redirectInput(in.toFile());
    }
    int code = builder.start().waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  private ProcessBuilder builder(Path script, String... arguments) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    builder.environment().remove("UNROLL_JAVA_OPTS");
    builder.environment().putAll(environment);
    return builder;
  }

  /** A Java of that version, which prints what it was started with. */
  private void java(String version) throws IOException {
    script(
        "jdk/bin/java",
        """
        case $* in
          *-version*) echo '    java.specification.version = %s' >&2 ;;
          *) printf '<%%s>\\n' "$@"; echo "home $UNROLL_HOME" ;;
        esac
        """
            .formatted(version));
    environment.put("JAVA_HOME", temporary.resolve("jdk").toString());
  }

  /** A Maven that counts its calls. */
  private void maven(String then) throws IOException {
    script("mvn", "echo \"$@\" >> '" + temporary.resolve("builds.txt") + "'\n" + then);
    environment.put("MVN", temporary.resolve("mvn").toString());
  }

  private void script(String name, String body) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int builds() throws IOException {
    Path file = temporary.resolve("builds.txt");
    if (!Files.exists(file)) {
      return 0;
    }
    List<String> calls = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (String call : calls) {
      assertTrue(call.contains("-f " + tree.resolve("pom.xml") + " "), call);
      assertFalse(call.contains("install"), call);
    }
    return calls.size();
  }

  /** Everything in the tree was last changed that long ago. */
  private void old(int seconds) throws IOException {
    FileTime then = FileTime.from(Instant.now().minusSeconds(seconds));
    List<Path> files;
    try (Stream<Path> walk = Files.walk(tree)) {
      files = walk.toList();
    }
    for (Path file : files) {
      Files.setLastModifiedTime(file, then);
    }
  }
}
