package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.cli.OtherRuns;
import io.unroll.job.cli.PipelineRunner;
import io.unroll.job.cli.RunFailedException;
import io.unroll.job.cli.SlotMemory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
  public int run(PipelineJobs jobs, Options options, PrintWriter progress, PrintWriter results)
      throws RunFailedException, InterruptedException {
    RunResult result = run(jobs, options, progress);
    results.println(Summary.of(jobs, result));
    results.flush();
    return result.exitCode();
  }

  @Override
  public List<String> obstacles(PipelineJobs jobs) {
    return EarlierRun.obstacles(jobs);
  }

  /** As {@code run}, with how it ended instead of a summary. */
  RunResult run(PipelineJobs jobs, Options options, PrintWriter progress)
      throws RunFailedException, InterruptedException {
    String name = jobs.name();
    try (RunFolders folders = RunFolders.open(jobs)) {
      Configuration configuration = jobs.configuration(defaults(folders.checkpoints()));
      sizeNetwork(configuration);
      refuseOtherPlace(configuration, folders.checkpoints());
      EarlierRun earlier = EarlierRun.of(jobs, folders, options.fresh(), options.overwrite());
      Optional<Path> unfinished = earlier.checkpoint();
      EmbeddedFlink.Preparation prepare;
      if (unfinished.isPresent()) {
        earlier.tell(jobs, folders.checkpoints()).forEach(progress::println);
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, unfinished.get().toUri().toString());
        if (!unfinished.get().startsWith(folders.checkpoints())) { // it had other pipelines too
          configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        }
        prepare = () -> folders.remember(jobs, earlier); // what may change may have changed
      } else {
        prepare = () -> startOver(jobs, options, folders, earlier);
      }
      // As many slots as the job needs: a pipeline's own number would let it wait for ever.
      configuration.removeConfig(TaskManagerOptions.NUM_TASK_SLOTS);
      String room =
          SlotMemory.warning(
              jobs, Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory());
      if (room != null) {
        progress.println("warning: " + room);
      }
      progress.flush();
      Preflight.check(jobs, configuration, progress);
      List<PipelineJob> starting = jobs.all().stream().filter(earlier::starts).toList();
      if (!starting.isEmpty()) {
        PipelineJobs these = new PipelineJobs(starting);
        OtherRuns.refuse(these, folders.transactions(these), configuration, progress);
      }
      progress.println(name + ": starting an embedded Flink");
      progress.flush();
      RunResult result =
          await(
              jobs,
              configuration,
              prepare,
              earlier,
              client -> new Stopping(client, folders.checkpoints(), options, jobs.accounts()),
              progress);
      if (result.isFinished()) {
        folders.finish();
      }
      for (PipelineJob job : jobs.all()) {
        Optional<String> transactions = OtherRuns.note(job); // nobody here writes any more
        if (transactions.isPresent()) {
          folders.of(job).rememberTransactions(transactions.get());
        }
      }
      return result;
    }
  }

  /**
   * Deletes what a run before left, which the last moment is early enough for: a run that cannot
   * start leaves everything as it was. Checkpoints go before parts: a kill in between must not
   * continue without what it committed.
   */
  private static void startOver(
      PipelineJobs jobs, Options options, RunFolders folders, EarlierRun nothing)
      throws RunFailedException {
    folders.clear();
    if (options.overwrite()) {
      for (PipelineJob job : jobs.all()) {
        OutputFolders.deleteParts(job.pipeline());
      }
    }
    folders.remember(jobs, nothing);
  }

  private static Configuration defaults(Path checkpoints) {
    Configuration defaults = new Configuration();
    defaults.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
    defaults.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    defaults.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
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

  private static void refuseOtherPlace(Configuration configuration, Path own)
      throws RunFailedException {
    String directory = configuration.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY);
    if (directory == null || directory.equals(own.toUri().toString())) {
      return;
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

  private RunResult await(
      PipelineJobs jobs,
      Configuration configuration,
      EmbeddedFlink.Preparation prepare,
      EarlierRun earlier,
      StoppingOf stopping,
      PrintWriter out)
      throws RunFailedException, InterruptedException {
    String name = jobs.name();
    JobProgress progress =
        new JobProgress(
            name, List.copyOf(jobs.accounts().keySet()), out, live, Progress.Clock.MACHINE);
    String hint =
        earlier
            .checkpoint()
            .map(path -> " (continued from " + path + "; --fresh starts over)")
            .orElse("");
    IntConsumer answer =
        code -> progress.say("stopping, so that the next run can go on; once more ends it at once");
    try (StopSignals signals = StopSignals.hear(answer);
        EmbeddedFlink flink = new EmbeddedFlink(jobs.accounts())) {
      started = true;
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.createLocalEnvironment(configuration);
      jobs.define(env);
      JobClient client = flink.start(env, prepare);
      RunResult result =
          watch(flink, client, signals, progress, earlier.checkpoint(), stopping)
              .after(earlier.finished());
      progress.last(result);
      return result;
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

  private static RunResult watch(
      EmbeddedFlink flink,
      JobClient client,
      StopSignals signals,
      JobProgress progress,
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
          return RunResult.finished(
              Counts.all(flink.pipelines(), finished.get().getAllAccumulatorResults()));
        }
        return stopping.job(client).stop(progress.newest(), signals.asked().get());
      } catch (TimeoutException stillRunning) {
        Map<String, RunStatus> statuses = flink.statuses(client, ANSWER_WITHIN);
        if (!statuses.isEmpty() && !restored) {
          progress.say("restored from " + from.map(Path::getFileName).orElseThrow());
          restored = true;
        }
        progress.report(statuses);
      }
    }
  }
}
