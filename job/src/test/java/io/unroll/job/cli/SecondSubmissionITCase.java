package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.job.PipelineJobs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.StreamContextEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.DefaultExecutorServiceLoader;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Submissions to clusters with a REST interface, as {@code flink run} makes them. */
@Timeout(300)
final class SecondSubmissionITCase {
  private static EmbeddedBroker broker;
  private static MiniCluster one;
  private static MiniCluster other;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    one = cluster();
    other = cluster();
  }

  @AfterAll
  static void stop() throws Exception {
    one.close();
    other.close();
    broker.close();
  }

  @AfterEach
  void endsAllJobs() throws Exception {
    for (MiniCluster cluster : List.of(one, other)) {
      List<Future<?>> cancelled = new ArrayList<>();
      for (var job : cluster.listJobs().get()) {
        if (!job.getJobState().isGloballyTerminalState()) {
          cancelled.add(cluster.cancelJob(job.getJobId()));
        }
      }
      for (Future<?> job : cancelled) {
        job.get();
      }
      for (var job : cluster.listJobs().get()) {
        awaitEnd(cluster, job.getJobId());
      }
    }
  }

  private static void awaitEnd(MiniCluster cluster, JobID job) throws Exception {
    while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
      Thread.sleep(20);
    }
  }

  private static MiniCluster cluster() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(JobManagerOptions.ADDRESS, "127.0.0.1");
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .setConfiguration(configuration)
                .build());
    cluster.start();
    return cluster;
  }

  /** What a submission said; {@code error} is empty where it was taken. */
  private record Said(String progress, String results, String error) {
    JobID job() {
      return JobID.fromHexString(results.strip().replaceAll(".* ", ""));
    }

    boolean waited() {
      return progress.contains("looking twice");
    }
  }

  private static Said submit(MiniCluster cluster, Path pipeline, Configuration more)
      throws Exception {
    return submit(cluster.getRestAddress().get().getPort(), pipeline, more);
  }

  private static Said submit(int port, Path pipeline, Configuration more) throws Exception {
    Configuration client = new Configuration(more);
    client.set(DeploymentOptions.TARGET, "remote");
    client.set(DeploymentOptions.ATTACHED, false);
    client.set(RestOptions.ADDRESS, "127.0.0.1");
    client.set(RestOptions.PORT, port);
    StreamContextEnvironment.setAsContext(
        new DefaultExecutorServiceLoader(),
        client,
        SecondSubmissionITCase.class.getClassLoader(),
        1,
        1,
        true,
        null,
        null,
        List.of());
    StringWriter progress = new StringWriter();
    StringWriter results = new StringWriter();
    String error = "";
    try {
      new ClusterRun()
          .run(
              PipelineJobs.load(List.of(pipeline)),
              new PipelineRunner.Options(false, false),
              new PrintWriter(progress),
              new PrintWriter(results));
    } catch (RunFailedException e) {
      error = String.valueOf(e.getMessage());
    } finally {
      StreamContextEnvironment.unsetAsContext();
    }
    return new Said(progress.toString(), results.toString(), error);
  }

  private static Said submit(MiniCluster cluster, Path pipeline) throws Exception {
    return submit(cluster, pipeline, new Configuration());
  }

  private SubmittedWeather weather(String name) throws Exception {
    return new SubmittedWeather(broker, folder, name).create();
  }

  private static long running(MiniCluster cluster) throws Exception {
    return cluster.listJobs().get().stream()
        .filter(job -> job.getJobState() == JobStatus.RUNNING)
        .count();
  }

  @Test
  void aJobOfTheSameNameInTheSameClusterIsARefusal() throws Exception {
    SubmittedWeather weather = weather("twice");
    weather.produce(0, 400);
    Said first = submit(one, weather.write());
    assertEquals("", first.error());
    assertEquals("", first.progress(), "nobody waits for ids that were never used");

    Said second = submit(one, weather.write());
    assertTrue(
        second
            .error()
            .matches(
                "twice: not submitted: job %1$s of this name has been in this cluster since"
                        .formatted(first.job())
                    + " 20[-0-9T:.]+Z and has not ended \\(RUNNING\\); two runs of a pipeline write"
                    + " every output twice\\. To take over from it, stop it first: 'flink stop"
                    + " %1$s', then 'flink run -s SAVEPOINT' goes on from its state, or 'flink cancel"
                        .formatted(first.job())
                    + " %1$s', then this command starts over\\. To run beside it, give this pipeline"
                        .formatted(first.job())
                    + " another name"),
        second.error());
    assertEquals("", second.results());
    weather.awaitPredictions(400);
    assertEquals(SubmittedWeather.once(400), weather.predicted());

    one.cancelJob(first.job()).get();
    awaitEnd(one, first.job());
    Said third = submit(one, weather.write());
    assertEquals("", third.error());
  }

  /** A cluster's own answer to a submission says enough. */
  @Tag("thorough")
  @Test
  void aProducerInAnotherClusterIsARefusalAlsoWhileItHasNoInput() throws Exception {
    SubmittedWeather weather = weather("elsewhere");
    weather.produce(0, 10);
    assertEquals("", submit(one, weather.write()).error());
    weather.awaitPredictions(10);

    Said second = submit(other, weather.write());
    assertEquals(
        "elsewhere: the broker knows transactions of this pipeline, another run of it may be alive:"
            + " looking twice, 5 s apart\n",
        second.progress());
    String shown = second.progress().replace("elsewhere", "weather-kafka").replace("5 s", "25 s");
    assertTrue(
        Files.readString(Path.of("docs/running.md")).contains("```\n" + shown + "```"), shown);
    assertTrue(
        second
            .error()
            .matches(
                "elsewhere: not started: another run of this pipeline is alive: it has just moved its"
                    + " transaction unroll-elsewhere-0-[0-9]+; two runs of a pipeline write every"
                    + " output twice\\. Stop the other run first \\(flink stop or flink cancel on its"
                    + " cluster, Ctrl-C where it is embedded\\), or give this pipeline another name"),
        second.error());
    assertEquals(0, running(other));
    assertEquals(SubmittedWeather.once(10), weather.predicted());
  }

  @Tag("thorough")
  @Test
  void whatAKilledJobLeftOpenIsAbortedAndStopsNobody() throws Exception {
    SubmittedWeather weather = weather("killed");
    weather.produce(0, 20);
    weather.leaveOpen();

    Said again = submit(one, weather.write());
    assertEquals("", again.error());
    assertTrue(again.waited(), again.progress());
    weather.awaitPredictions(20);
    assertEquals(SubmittedWeather.once(20), weather.predicted());
  }

  @Test
  void aSavepointIsGoneOnFromAtOnce() throws Exception {
    SubmittedWeather weather = weather("saved");
    weather.produce(0, 10);
    Said first = submit(one, weather.write());
    weather.awaitPredictions(10);
    String savepoint =
        one.stopWithSavepoint(
                first.job(),
                folder.resolve("savepoints").toUri().toString(),
                false,
                SavepointFormatType.CANONICAL)
            .get();
    Configuration from = new Configuration();
    from.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    Said second = submit(other, weather.write(), from);
    assertEquals("", second.error());
    assertEquals("", second.progress());
    weather.produce(10, 20);
    weather.awaitPredictions(20);
    assertEquals(SubmittedWeather.once(20), weather.predicted());
  }

  @Test
  void aPipelineWhoseNameBeginsLikeAnotherIsAnotherOne() throws Exception {
    SubmittedWeather longer = weather("prices-2");
    SubmittedWeather shorter = weather("prices");
    longer.produce(0, 10);
    assertEquals("", submit(one, longer.write()).error());
    longer.awaitPredictions(10);
    for (MiniCluster cluster : List.of(one, other)) {
      Said said = submit(cluster, shorter.write());
      assertEquals("", said.error());
      assertFalse(said.waited(), said.progress());
      assertEquals("", said.progress());
      cluster.cancelJob(said.job()).get();
      awaitEnd(cluster, said.job());
      shorter = weather(shorter.name() + ".x");
    }
  }

  @Tag("thorough")
  @Test
  @SuppressWarnings("try") // close() may be interrupted
  void aClusterThatIsNotThereIsSaid() throws Exception {
    SubmittedWeather weather = weather("nowhere");
    Configuration impatient = new Configuration();
    impatient.set(RestOptions.RETRY_MAX_ATTEMPTS, 1);
    impatient.set(RestOptions.RETRY_DELAY, Duration.ofMillis(1));
    int port;
    try (MiniCluster gone = cluster()) {
      port = gone.getRestAddress().get().getPort();
    }
    Said said = submit(port, weather.write(), impatient);
    assertTrue(said.error().startsWith("nowhere: not submitted: "), said.error());
    assertTrue(
        said.progress()
            .startsWith(
                "nowhere: cannot tell whether this cluster has a job of this name already: "),
        said.progress());
  }
}
