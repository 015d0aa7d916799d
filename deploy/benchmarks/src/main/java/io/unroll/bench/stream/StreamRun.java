package io.unroll.bench.stream;

import io.unroll.bench.fork.ForkFolder;
import io.unroll.bench.fork.ForkedMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The forked JVM's main class: runs one {@link JobSpec}, says its figures, and ends. */
public final class StreamRun {
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final Duration SHORT_GLANCE = Duration.ofMillis(1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int CLOSINGS = 5;
  private static final Duration LATENCY_CHECKPOINTS = Duration.ofSeconds(1);
  private static final Duration WARMING_CHECKPOINTS = Duration.ofMillis(200);
  private static final int WARMING_LATENCY = 2; // times as long as the rate is warmed

  private final JobSpec spec;
  private final LocalFlink flink;
  private final Waiting waiting;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  private StreamRun(JobSpec spec, LocalFlink flink) {
    this.spec = spec;
    this.flink = flink;
    waiting = new Waiting(PATIENCE, flink::sleep);
  }

  /**
   * Entry point.
   *
   * @param args the job as JSON, and a folder for checkpoints
   */
  public static void main(String[] args) {
    ForkedMain.say(
        () -> {
          ForkFolder.clearDead(Path.of(args[1]));
          Path checkpoints = ForkFolder.ofThisJvm(Path.of(args[1]));
          try {
            return run(JobSpec.parse(args[0]), checkpoints);
          } finally {
            delete(checkpoints);
          }
        });
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .map(Path::toFile)
          .filter(file -> !file.delete())
          .forEach(file -> System.err.println("left behind: " + file));
    } catch (IOException | UncheckedIOException e) {
      System.err.println("left behind: " + folder + ": " + e); // a checkpoint was being written
    }
  }

  /** Figures by the names in {@link JobSpec}. */
  static Map<String, Double> run(JobSpec spec, Path checkpoints) throws Exception {
    Configuration configuration = LocalFlink.defaults();
    configuration.set(
        StateBackendOptions.STATE_BACKEND, spec.backend().name().toLowerCase(Locale.ROOT));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    if (spec.checkpointSeconds() > 0) {
      configuration.set(
          CheckpointingOptions.CHECKPOINTING_INTERVAL, duration(spec.checkpointSeconds()));
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(configuration);
    StreamJob.define(env, spec);
    StreamRun run = new StreamRun(spec, LocalFlink.start(env));
    if (spec.operator().closes()) {
      run.closings();
    } else {
      run.stream();
    }
    return run.figures;
  }

  private void stream() throws Exception {
    awaitOut(spec.series());
    flink.sleep(duration(spec.warmSeconds()));
    double perSecond = rate();
    figures.put(JobSpec.EVENTS, perSecond);
    if (spec.snapshot()) {
      weigh();
    }
    if (spec.latency()) {
      latency(perSecond / 2);
    }
  }

  private double rate() throws Exception {
    long before = Probe.out();
    long start = System.nanoTime();
    flink.sleep(duration(spec.seconds()));
    long out = Probe.out() - before;
    return out * 1e9 / (System.nanoTime() - start);
  }

  /** A whole checkpoint while the job runs as fast as it can. */
  private void weigh() throws Exception {
    long id = complete(flink.checkpoint());
    waiting.until(
        () -> newest().filter(stats -> stats.getCheckpointId() >= id).isPresent(),
        GLANCE,
        () -> "no statistics of checkpoint " + id);
    CompletedCheckpointStats stats = newest().orElseThrow();
    figures.put(JobSpec.CHECKPOINT_BYTES, (double) stats.getStateSize());
    figures.put(JobSpec.CHECKPOINT_SECONDS, stats.getEndToEndDuration() / 1000.0);
  }

  private Optional<CompletedCheckpointStats> newest() throws Exception {
    return Optional.ofNullable(flink.lastCheckpoint());
  }

  /**
   * Open loop, a checkpoint every second: often enough that its pause is within p99. Warmed as the
   * rate is: each of the first twenty checkpoints makes the JIT compile some of the operator anew,
   * up to a fifth of a second each. Then some at the distance that is measured, by which the
   * operator judges when the next one is due; from there on what the warm-up left behind is no
   * longer owed.
   */
  private void latency(double perSecond) throws Exception {
    Probe.pace(new Probe.Pace.Open(perSecond));
    Probe.measureLatency();
    checkpoints(WARMING_CHECKPOINTS, duration(WARMING_LATENCY * spec.warmSeconds()));
    Probe.pace(new Probe.Pace.Open(perSecond));
    checkpoints(LATENCY_CHECKPOINTS, LATENCY_CHECKPOINTS.multipliedBy(3)); // the usual distance
    Probe.barriers();
    Probe.latencies();
    checkpoints(LATENCY_CHECKPOINTS, duration(spec.seconds()));
    Histogram latencies = Probe.latencies();
    figures.put(JobSpec.P50, latencies.getValueAtPercentile(50) / 1e6);
    figures.put(JobSpec.P99, latencies.getValueAtPercentile(99) / 1e6);
    figures.put(JobSpec.P999, latencies.getValueAtPercentile(99.9) / 1e6);
    List<Probe.Barrier> barriers = Probe.barriers();
    if (!barriers.isEmpty()) {
      long[] nanos = barriers.stream().mapToLong(Probe.Barrier::nanos).sorted().toArray();
      figures.put(JobSpec.PAUSE, nanos[(int) Math.ceil(0.99 * nanos.length) - 1] / 1e6);
    }
  }

  /** Checkpoints so far apart for so long, the first after such a time. */
  private void checkpoints(Duration apart, Duration duration) throws Exception {
    long every = apart.toNanos();
    long next = System.nanoTime() + every;
    long end = next + duration.toNanos();
    CompletableFuture<Long> checkpoint = CompletableFuture.completedFuture(0L);
    while (System.nanoTime() < end) {
      flink.sleep(GLANCE);
      if (System.nanoTime() >= next && checkpoint.isDone()) {
        checkpoint.get();
        checkpoint = flink.checkpoint();
        next += every;
      }
    }
  }

  /** The first rounds warm up; the median of the others counts. */
  private void closings() throws Exception {
    double[] closed = new double[CLOSINGS - 2];
    double[] waited = new double[CLOSINGS - 2];
    long leftBefore = 0;
    for (int round = 0; round < CLOSINGS; round++) {
      long last = leftBefore;
      int rounds = round;
      waiting.until(
          () -> Probe.watermarkAt() != last,
          SHORT_GLANCE,
          () -> rounds + " closing watermarks, expected " + (rounds + 1));
      leftBefore = Probe.watermarkAt();
      Probe.barriers();
      long triggered = System.nanoTime();
      CompletableFuture<Long> checkpoint = flink.checkpoint();
      awaitOut(2L * (round + 1) * spec.series());
      long end = System.nanoTime();
      List<Probe.Barrier> barriers = new ArrayList<>();
      waiting.until(
          () -> barriers.addAll(Probe.barriers()),
          SHORT_GLANCE,
          () -> "no barrier behind closing watermark " + (rounds + 1));
      complete(checkpoint);
      if (round >= 2) {
        closed[round - 2] = (end - leftBefore) / 1e6;
        waited[round - 2] = (barriers.get(0).at() - triggered) / 1e6;
      }
    }
    Arrays.sort(closed);
    Arrays.sort(waited);
    figures.put(JobSpec.CLOSED, closed[closed.length / 2]);
    figures.put(JobSpec.BARRIER, waited[waited.length / 2]);
  }

  private void awaitOut(long records) throws Exception {
    waiting.until(
        () -> Probe.out() >= records,
        SHORT_GLANCE,
        () -> Probe.out() + " records, expected " + records);
  }

  /** The checkpoint's number. */
  private long complete(CompletableFuture<Long> checkpoint) throws Exception {
    waiting.until(
        checkpoint::isDone, SHORT_GLANCE, () -> "a checkpoint still runs, expected its end");
    return checkpoint.get();
  }

  private static Duration duration(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
