package io.unroll.job.cli;

import io.unroll.connectors.kafka.KafkaSinkSettings;
import io.unroll.connectors.kafka.LiveProducers;
import io.unroll.connectors.kafka.LiveProducers.Answer;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Refuses to start pipelines of which one another process runs already, wherever that is: by its
 * transactions on the broker. Only for a start from nothing: a run that goes on from a checkpoint
 * or a savepoint has a right to its transactions.
 */
public final class OtherRuns {
  /** A checkpoint takes its time too, and short intervals give it more than its share. */
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(5);

  /** What two runs of one pipeline do. */
  static final String WHY = "two runs of a pipeline write every output twice";

  private OtherRuns() {}

  /**
   * Does nothing if nobody else is found. Takes no time where the pipeline's transactional ids were
   * never used, or by nobody since {@code note}; else up to {@link #window}, and says so first.
   *
   * @param note of {@link #note}, of several pipelines one after the other; empty without one
   * @param configuration what the run is to be started with
   * @param progress for a person who waits
   */
  public static void refuse(
      PipelineJobs jobs, String note, ReadableConfig configuration, PrintWriter progress)
      throws RunFailedException, InterruptedException {
    String name = jobs.name();
    String these = jobs.areSeveral() ? "one of these pipelines" : "this pipeline";
    List<KafkaSinkSettings> sinks =
        jobs.all().stream().flatMap(job -> job.kafkaSinks().stream()).toList();
    Duration window = window(configuration);
    Answer found =
        LiveProducers.watch(
            sinks,
            note,
            window,
            () -> {
              progress.println(
                  name
                      + ": the broker knows transactions of "
                      + these
                      + ", another run of it may be alive: looking twice, "
                      + seconds(window)
                      + " apart");
              progress.flush();
            });
    if (found instanceof Answer.Somebody somebody) {
      throw new RunFailedException(
          name
              + ": not started: another run of "
              + these
              + " is alive: it has just moved its transaction "
              + somebody.transactionalId()
              + "; "
              + WHY
              + ". Stop the other run first (flink stop or flink cancel on its cluster, Ctrl-C where"
              + " it is embedded), or give this pipeline another name");
    } else if (found instanceof Answer.Unknown unknown) {
      progress.println(
          name
              + ": cannot tell whether another run of "
              + these
              + " is alive: "
              + unknown.reason()
              + "; starting all the same");
      progress.flush();
    }
  }

  /**
   * What a run that has ended may keep for the next one from the same place, which no other run
   * shares with it.
   *
   * @return empty if there is nothing to keep: the next one looks twice
   */
  public static Optional<String> note(PipelineJob job) throws InterruptedException {
    return LiveProducers.note(job.kafkaSinks());
  }

  /**
   * How far apart the looks are. A run begins a transaction per checkpoint, so it is two and a half
   * of its intervals; the other run is taken to have ours.
   */
  static Duration window(ReadableConfig configuration) {
    Duration interval =
        configuration
            .getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
            .orElse(Duration.ZERO);
    Duration pause = configuration.get(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS);
    Duration between = interval.compareTo(pause) < 0 ? pause : interval;
    Duration window = between.multipliedBy(5).dividedBy(2);
    return window.compareTo(SHORTEST_WINDOW) < 0 ? SHORTEST_WINDOW : window;
  }

  private static String seconds(Duration window) {
    return (window.toMillis() + 999) / 1000 + " s";
  }
}
