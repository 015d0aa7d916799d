package io.unroll.job.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.kafka.EmbeddedBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.deployment.application.ApplicationDispatcherLeaderProcessFactoryFactory;
import org.apache.flink.client.deployment.application.executors.EmbeddedExecutor;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.dispatcher.SessionDispatcherFactory;
import org.apache.flink.runtime.dispatcher.runner.DefaultDispatcherRunnerFactory;
import org.apache.flink.runtime.entrypoint.component.DefaultDispatcherResourceManagerComponentFactory;
import org.apache.flink.runtime.entrypoint.component.DispatcherResourceManagerComponentFactory;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;
import org.apache.flink.runtime.rest.ApplicationRestEndpointFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster in application mode: the program runs in its JobManager, once more in the next one. */
@Timeout(300)
@Tag("thorough")
final class FailoverITCase {
  @TempDir private Path folder;

  /** What the program said, and how often it ran. */
  private static final StringWriter SAID = new StringWriter();

  private static final AtomicInteger RUNS = new AtomicInteger();

  /** {@link Main}, as far as it is not about the console. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) {
      PrintWriter said = new PrintWriter(SAID, true);
      int code = Cli.commandLine(new ClusterRun()).setErr(said).setOut(said).execute(args);
      RUNS.incrementAndGet();
      if (code != 0) {
        throw new IllegalStateException("exit code " + code);
      }
    }
  }

  /** A JobManager and a TaskManager that have the program from their start. */
  @SuppressWarnings("try") // close() is Flink's own and may be interrupted
  private static final class ApplicationCluster extends MiniCluster {
    private final Configuration configuration;
    private final PackagedProgram program;

    ApplicationCluster(Configuration configuration, PackagedProgram program) {
      super(
          new MiniClusterConfiguration.Builder()
              .setNumTaskManagers(1)
              .setNumSlotsPerTaskManager(1)
              .setConfiguration(configuration)
              .build());
      this.configuration = configuration;
      this.program = program;
    }

    @Override
    protected HighAvailabilityServices createHighAvailabilityServices(
        Configuration ignored, Executor executor) {
      return SharedHighAvailability.ofCluster(executor);
    }

    @Override
    protected DispatcherResourceManagerComponentFactory
        createDispatcherResourceManagerComponentFactory() {
      return new DefaultDispatcherResourceManagerComponentFactory(
          new DefaultDispatcherRunnerFactory(
              ApplicationDispatcherLeaderProcessFactoryFactory.create(
                  configuration, SessionDispatcherFactory.INSTANCE, program)),
          StandaloneResourceManagerFactory.getInstance(),
          ApplicationRestEndpointFactory.INSTANCE);
    }
  }

  private static String said() {
    return SAID.toString()
        .lines()
        .filter(line -> !line.startsWith("warning: "))
        .filter(line -> !line.startsWith("unroll: reading the pipeline "))
        .collect(joining("\n"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    }
  }

  @Test
  @SuppressWarnings("try") // close() may be interrupted
  void theNextJobManagerGoesOnAtOnce() throws Exception {
    Configuration configuration = new Configuration();
    int port = freePort();
    configuration.set(DeploymentOptions.TARGET, EmbeddedExecutor.NAME);
    configuration.set(DeploymentOptions.ATTACHED, false);
    configuration.set(DeploymentOptions.SHUTDOWN_ON_APPLICATION_FINISH, false);
    configuration.set(RestOptions.ADDRESS, "127.0.0.1");
    configuration.set(RestOptions.PORT, port);
    configuration.set(RestOptions.BIND_PORT, Integer.toString(port));
    configuration.set(JobManagerOptions.ADDRESS, "127.0.0.1");
    configuration.set(HighAvailabilityOptions.HA_MODE, SharedHighAvailability.class.getName());
    configuration.set(HighAvailabilityOptions.HA_STORAGE_PATH, folder.toUri().toString());
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      SubmittedWeather weather = new SubmittedWeather(broker, folder, "failover").create();
      weather.produce(0, 20);
      weather.leaveOpen();
      PackagedProgram program =
          PackagedProgram.newBuilder()
              .setEntryPointClassName(Program.class.getName())
              .setArguments("run", weather.write().toString())
              .build();
      try (ApplicationCluster cluster = new ApplicationCluster(configuration, program)) {
        cluster.start();
        weather.awaitPredictions(20);
        JobID job = cluster.listJobs().get().iterator().next().getJobId();
        String first =
            "failover: the broker knows transactions of this pipeline, another run of it may be"
                + " alive: looking twice, 5 s apart\nfailover: submitted as job "
                + job;
        assertEquals(first, said());
        assertEquals(1, RUNS.get());

        var leadership = cluster.getHaLeadershipControl().orElseThrow();
        leadership.revokeDispatcherLeadership().get();
        weather.produce(20, 30);
        leadership.grantDispatcherLeadership().get();
        weather.awaitPredictions(30);
        assertEquals(SubmittedWeather.once(30), weather.predicted());
        assertEquals(JobStatus.RUNNING, cluster.getJobStatus(job).get());
        while (RUNS.get() < 2) {
          Thread.sleep(20);
        }
        assertEquals(
            first + "\nfailover: submitted as job " + job, said(), "neither looked nor waited");
        cluster.cancelJob(job).get();
      }
    }
  }
}
