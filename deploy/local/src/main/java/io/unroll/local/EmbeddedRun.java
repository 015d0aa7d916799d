package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.cli.OtherRuns;
import io.unroll.job.cli.PipelineRunner;
import io.unroll.job.cli.RunFailedException;
import io.unroll.job.cli.SlotMemory;
import io.unroll.job.signature.Signature;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Runs a pipeline on a Flink inside this process: checkpoints every 10 s beside the pipeline file,
 * at most 3 restarts, and an unfinished run goes on from its newest checkpoint. Ctrl-C stops it so
 * that nothing is lost.
 */
final class EmbeddedRun implements PipelineRunner {
  // A count travels with the next heartbeat and is shown at the next look: within a second.
  private static final Duration HEARTBEAT = Duration.ofMillis(200);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

  private final @Nullable LiveLine live;
  private volatile boolean started;

  /**
   * @param live null where standard error is no terminal
   */
  EmbeddedRun(@Nullable LiveLine live) {
    this.live = live;
  }

  /**
   * Hears requests to end from now on, until closed or until a run hears them itself: while a
   * pipeline is read and its broker asked nothing is there to be stopped, so the process ends.
   *
   * @param progress for a person who waits
   */
  StopSignals hearBeforeStart(PrintWriter progress) {
    return StopSignals.hear(
        code -> {
          if (!started) { // else it has ended, and has said how
            progress.println("unroll: stopped before it started; nothing was changed");
            progress.flush();
          }
          System.exit(code);
        });
  }

  @Override
  public int run(PipelineJob job, Options options, PrintWriter progress, PrintWriter results)
      throws RunFailedException, InterruptedException {
    Ending ending = run(job, options, progress);
    results.println(Summary.of(job, ending));
    results.flush();
    return ending.exitCode();
  }

  @Override
  public List<String> obstacles(PipelineJob job) {
    return EarlierRun.obstacles(job);
  }

  /** As {@code run}, with how it ended instead of a summary. */
  Ending run(PipelineJob job, Options options, PrintWriter progress)
      throws RunFailedException, InterruptedException {
    String name = job.pipeline().name();
    try (RunFolder folder = RunFolder.open(job.pipeline().directory(), name)) {
      Configuration configuration = job.configuration(defaults(folder));
      sizeNetwork(configuration);
      Path checkpoints = checkpoints(configuration, folder);
      EarlierRun earlier = EarlierRun.of(job, folder, options.fresh(), options.overwrite());
      Optional<Path> unfinished = earlier.checkpoint();
      EmbeddedFlink.Preparation prepare;
      if (unfinished.isPresent()) {
        if (earlier.readsAnew()) {
          progress.println(
              name + ": " + Signature.GENERATION + " is higher: reads the source anew");
        }
        progress.println(name + ": continues from " + unfinished.get());
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, unfinished.get().toUri().toString());
        prepare = () -> remember(job, folder); // what may change may have changed
      } else {
        prepare = () -> startOver(job, options, folder, checkpoints);
      }
      // As many slots as the job needs: a pipeline's own number would let it wait for ever.
      configuration.removeConfig(TaskManagerOptions.NUM_TASK_SLOTS);
      String room =
          SlotMemory.warning(
              job, Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory());
      if (room != null) {
        progress.println("warning: " + room);
      }
      progress.flush();
      Preflight.check(job, configuration, progress);
      if (unfinished.isEmpty()) {
        OtherRuns.refuse(job, folder.transactions(), configuration, progress);
      }
      progress.println(name + ": starting an embedded Flink");
      progress.flush();
      Ending ending =
          await(
              job,
              configuration,
              prepare,
              unfinished,
              client -> new Stopping(client, checkpoints, options),
              progress);
      if (ending.isFinished()) {
        RunFolder.clear(checkpoints);
        folder.forget();
      }
      Optional<String> transactions = OtherRuns.note(job); // nobody here writes any more
      if (transactions.isPresent()) {
        folder.rememberTransactions(transactions.get());
      }
      return ending;
    }
  }

  /**
   * Deletes what a run before left, which the last moment is early enough for: a run that cannot
   * start leaves everything as it was. Checkpoints go before parts: a kill in between must not
   * continue without what it committed.
   */
  private static void startOver(
      PipelineJob job, Options options, RunFolder folder, Path checkpoints)
      throws RunFailedException {
    RunFolder.clear(checkpoints);
    if (options.overwrite()) {
      OutputFolders.deleteParts(job.pipeline());
    }
    remember(job, folder);
  }

  private static void remember(PipelineJob job, RunFolder folder) throws RunFailedException {
    folder.remember(job.signature());
    folder.rememberFiles(job.pipeline());
  }

  private static Configuration defaults(RunFolder folder) {
    Configuration defaults = new Configuration();
    defaults.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
    defaults.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    defaults.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.checkpoints().toUri().toString());
    defaults.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    // Flink's own default never gives up.
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
    defaults.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, HEARTBEAT);
    defaults.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
    defaults.set(RestOptions.ADDRESS, "127.0.0.1");
    defaults.set(RestOptions.BIND_PORT, "0");
    defaults.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
    defaults.set(JobManagerOptions.ADDRESS, "127.0.0.1");
    defaults.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
    defaults.set(TaskManagerOptions.HOST, "127.0.0.1");
    return defaults;
  }

  /** Between n and n subtasks run n * n channels: Flink's 64 MB for one process end at about 32. */
  private static void sizeNetwork(Configuration configuration) {
    int parallelism = configuration.get(CoreOptions.DEFAULT_PARALLELISM);
    if (parallelism > 16 && !configuration.contains(TaskManagerOptions.NETWORK_MEMORY_MAX)) {
      MemorySize size = MemorySize.ofMebiBytes(4L * parallelism);
      configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, size);
      configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, size);
    }
  }

  private static Path checkpoints(Configuration configuration, RunFolder folder)
      throws RunFailedException {
    String directory = configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
    Path own = folder.checkpoints();
    if (directory == null || directory.equals(own.toUri().toString())) {
      return own;
    }
    // Another place is the user's own, which this run must not clear when it has finished.
    throw new RunFailedException(
        "flink."
            + CheckpointingOptions.CHECKPOINTS_DIRECTORY.key()
            + ": found '"
            + directory
            + "', expected nothing: an embedded run keeps its checkpoints in "
            + own);
  }

  /** What is to be done when somebody asks the run to stop. */
  private interface StoppingOf {
    Stopping job(JobClient client);
  }

  private Ending await(
      PipelineJob job,
      Configuration configuration,
      EmbeddedFlink.Preparation prepare,
      Optional<Path> from,
      StoppingOf stopping,
      PrintWriter out)
      throws RunFailedException, InterruptedException {
    String name = job.pipeline().name();
    Progress progress = new Progress(name, out, live, Progress.Clock.MACHINE);
    String hint =
        from.map(path -> " (continued from " + path + "; --fresh starts over)").orElse("");
    IntConsumer answer =
        code -> progress.say("stopping, so that the next run can go on; once more ends it at once");
    try (StopSignals signals = StopSignals.hear(answer);
        EmbeddedFlink flink = new EmbeddedFlink()) {
      started = true;
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.createLocalEnvironment(configuration);
      job.define(env);
      JobClient client = flink.start(env, prepare);
      Ending ending = watch(flink, client, signals, progress, from, stopping);
      progress.last(ending.state(), ending.counts());
      return ending;
    } catch (ExecutionException e) {
      throw new RunFailedException(name + ": failed: " + Causes.innermost(e) + hint, e);
    } catch (InterruptedException | RunFailedException e) {
      throw e;
    } catch (Exception e) { // starting and closing declare it
      throw new RunFailedException(name + ": not started: " + Causes.innermost(e) + hint, e);
    } finally {
      progress.rest();
    }
  }

  private static Ending watch(
      EmbeddedFlink flink,
      JobClient client,
      StopSignals signals,
      Progress progress,
      Optional<Path> from,
      StoppingOf stopping)
      throws ExecutionException, RunFailedException, InterruptedException {
    CompletableFuture<JobExecutionResult> finished = client.getJobExecutionResult();
    CompletableFuture<Object> news = CompletableFuture.anyOf(finished, signals.asked());
    boolean restored = from.isEmpty();
    while (true) {
      try {
        news.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        if (finished.isDone()) {
          return Ending.finished(Counts.of(finished.get().getAllAccumulatorResults()));
        }
        return stopping.job(client).stop(progress.newest(), signals.asked().get());
      } catch (TimeoutException stillRunning) {
        Optional<Standing> standing = flink.standing(client, ANSWER_WITHIN);
        if (standing.isPresent() && !restored) {
          progress.say("restored from " + from.map(Path::getFileName).orElseThrow());
          restored = true;
        }
        standing.ifPresent(progress::report);
      }
    }
  }
}
