package io.unroll.bench.fork;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** One JMH benchmark with one set of parameters in one fork: JMH itself would not alternate. */
public final class Jmh {
  /** Nanoseconds of one call. */
  public static final String NANOS = "ns";

  /** Bytes that one call allocates. */
  public static final String BYTES = "bytes";

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private Jmh() {}

  /**
   * Measures in a fork.
   *
   * @param heapMegabytes -Xms and -Xmx
   * @return {@link #NANOS} and {@link #BYTES} per call
   */
  public static Map<String, Double> measure(
      Class<?> benchmark,
      Map<String, String> parameters,
      double warmSeconds,
      double seconds,
      int heapMegabytes,
      Path folder)
      throws MeasurementException {
    return measure(
        benchmark,
        parameters,
        warmSeconds,
        seconds,
        heapMegabytes,
        folder,
        1,
        ForkedJvm.deadline(warmSeconds + seconds));
  }

  /** As the other; with 0 forks in this JVM, which measures badly and is for tests. */
  static Map<String, Double> measure(
      Class<?> benchmark,
      Map<String, String> parameters,
      double warmSeconds,
      double seconds,
      int heapMegabytes,
      Path folder,
      int forks,
      Duration deadline)
      throws MeasurementException {
    String what = benchmark.getSimpleName() + " " + parameters;
    Path log = folder.resolve(what.replaceAll("[^A-Za-z0-9.-]+", "_") + ".log");
    int iterations = seconds >= 5 ? 5 : seconds >= 1.5 ? 3 : seconds >= 1 ? 2 : 1;
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(benchmark.getName()) + "\\.")
            .forks(forks)
            .warmupIterations(iterations)
            .warmupTime(TimeValue.milliseconds(Math.round(warmSeconds * 1000 / iterations)))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.milliseconds(Math.round(seconds * 1000 / iterations)))
            .addProfiler(GCProfiler.class)
            .jvmArgs(jvmArguments(heapMegabytes))
            .shouldFailOnError(true)
            .output(log.toString());
    parameters.forEach(options::param);
    Set<ProcessHandle> others = children();
    Deadline end = new Deadline(deadline, () -> killAllBut(others));
    try (end) {
      Files.createDirectories(folder);
      for (RunResult result : new Runner(options.build()).run()) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(NANOS, result.getPrimaryResult().getScore());
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        if (allocated != null) {
          figures.put(BYTES, allocated.getScore());
        }
        return figures;
      }
      throw new MeasurementException(what + ": no result, see " + log);
    } catch (RunnerException e) {
      if (outOfMemory(log)) {
        throw new OutOfMemoryException(
            what + ": out of memory (" + heapMegabytes + " MB), see " + log, e);
      }
      if (end.passed()) {
        throw end.missed(what, log);
      }
      throw new MeasurementException(what + ": see " + log, e);
    } catch (IOException e) {
      throw new MeasurementException(what + ": " + e.getMessage(), e);
    }
  }

  private static String[] jvmArguments(int heapMegabytes) {
    List<String> arguments = new ArrayList<>(ForkedJvm.vectors(ModuleLayer.boot()));
    arguments.add("-Xms" + heapMegabytes + "m");
    arguments.add("-Xmx" + heapMegabytes + "m");
    return arguments.toArray(new String[0]);
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }

  /** JMH, which waits for its fork without end, does not say which process that is. */
  private static void killAllBut(Set<ProcessHandle> others) {
    for (ProcessHandle child : children()) {
      if (!others.contains(child)) {
        child.destroyForcibly();
      }
    }
  }

  /** JMH writes a fork's exceptions to its output only. */
  private static boolean outOfMemory(Path log) throws MeasurementException {
    try {
      return Files.readString(log).contains("java.lang.OutOfMemoryError");
    } catch (IOException e) {
      throw new MeasurementException("reading " + log + ": " + e.getMessage(), e);
    }
  }
}
