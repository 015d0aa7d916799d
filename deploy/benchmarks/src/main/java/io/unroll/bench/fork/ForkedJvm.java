package io.unroll.bench.fork;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A main class in a JVM of its own. It says {@code result {"figure": number, ...}} on its standard
 * output; everything else goes to a log file.
 */
public final class ForkedJvm implements AutoCloseable {
  /** How a line with the result begins. */
  public static final String RESULT = "result ";

  private static final String VECTORS = "jdk.incubator.vector";

  /** What Flink opens on Java 17 and later. */
  private static final List<String> OPTIONS =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/java.net=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.time=ALL-UNNAMED");

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long GRACE_SECONDS = 20;

  private static final List<String> OPTIONS_FROM_24 =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private final String what;
  private final Path log;
  private final Duration deadline;
  private final Process process;
  private final BufferedReader said;

  private ForkedJvm(String what, Path log, Duration deadline, Process process) {
    this.what = what;
    this.log = log;
    this.deadline = deadline;
    this.process = process;
    said = process.inputReader(StandardCharsets.UTF_8);
  }

  /** The options for the vectors; none where a JVM's modules lack theirs, as a fork's would. */
  static List<String> vectors(ModuleLayer modules) {
    return modules.findModule(VECTORS).isPresent()
        ? List.of("--add-modules=" + VECTORS)
        : List.of();
  }

  /** Whether this JVM, and so each that it starts, has vectors. */
  public static boolean hasVectors() {
    return !vectors(ModuleLayer.boot()).isEmpty();
  }

  /**
   * How long a fork may take until its result: ten minutes more than it measures.
   *
   * @param seconds of its warm-up and windows
   */
  public static Duration deadline(double seconds) {
    return PATIENCE.plusMillis(Math.round(seconds * 1000));
  }

  /**
   * Starts it.
   *
   * @param what for messages and the log's name
   * @param folder for the log
   * @param heapMegabytes -Xms and -Xmx, touched beforehand: a heap that grows, or meets its pages
   *     for the first time, while it is measured is another one
   * @param deadline for its result, see {@link #deadline}
   */
  public static ForkedJvm start(
      String what,
      Path folder,
      int heapMegabytes,
      Duration deadline,
      Class<?> main,
      String... arguments)
      throws MeasurementException {
    Path log = folder.resolve(what.replaceAll("[^A-Za-z0-9.-]+", "_") + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(vectors(ModuleLayer.boot()));
    command.addAll(OPTIONS);
    if (Runtime.version().feature() >= 24) {
      command.addAll(OPTIONS_FROM_24);
    }
    command.add("-Xms" + heapMegabytes + "m");
    command.add("-XX:+AlwaysPreTouch");
    command.add("-Xmx" + heapMegabytes + "m");
    command.add(main.getName());
    command.addAll(List.of(arguments));
    try {
      Files.createDirectories(folder);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
      // Not on the command line: ONNX Runtime dies of a long one.
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      return new ForkedJvm(what, log, deadline, builder.start());
    } catch (IOException e) {
      throw new MeasurementException(what + ": " + e.getMessage(), e);
    }
  }

  /** Starts it, waits for its figures and for its end. */
  public static Map<String, Double> measure(
      String what,
      Path folder,
      int heapMegabytes,
      Duration deadline,
      Class<?> main,
      String... arguments)
      throws MeasurementException, InterruptedException {
    try (ForkedJvm jvm = start(what, folder, heapMegabytes, deadline, main, arguments)) {
      return new ObjectMapper()
          .readValue(jvm.result(), new TypeReference<Map<String, Double>>() {});
    } catch (IOException e) {
      throw new MeasurementException(what + ": " + e.getMessage(), e);
    }
  }

  /**
   * What stands behind {@link #RESULT}; the other lines go to the log.
   *
   * @throws MeasurementException also when the deadline passes, counted from this call
   */
  public String result() throws MeasurementException, InterruptedException {
    // By its handle: the process itself would close the stream that is being read.
    try (Deadline end = new Deadline(deadline, () -> process.toHandle().destroyForcibly())) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith(RESULT)) {
          return line.substring(RESULT.length());
        }
        Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      int code = process.waitFor();
      if (end.passed()) {
        throw end.missed(what, log);
      }
      throw new MeasurementException(
          what + ": ended with code " + code + " and no result, see " + log);
    } catch (IOException e) {
      throw new MeasurementException(what + ": " + e.getMessage(), e);
    }
  }

  /** Ends its standard input, upon which it should end; ends it if it does not. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy(); // it cannot be told
    }
    boolean alive =
        process
            .onExit()
            .completeOnTimeout(process, GRACE_SECONDS, TimeUnit.SECONDS)
            .join()
            .isAlive();
    if (alive) {
      process.destroyForcibly();
    }
  }
}
