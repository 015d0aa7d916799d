package io.unroll.job.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesFactory;
import org.apache.flink.runtime.highavailability.JobResultStore;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedHaServices;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedHaServicesWithLeadershipControl;
import org.apache.flink.runtime.highavailability.nonha.embedded.EmbeddedJobResultStore;
import org.apache.flink.runtime.highavailability.nonha.standalone.StandaloneClientHAServices;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobmanager.ExecutionPlanStore;
import org.apache.flink.streaming.api.graph.ExecutionPlan;
import org.apache.flink.util.FlinkException;
import org.apache.flink.util.concurrent.FutureUtils;

/**
 * What ZooKeeper or Kubernetes keeps for a cluster, in this process: jobs outlive the JobManager
 * that had them. A cluster names this class as its {@code high-availability.type}.
 */
@SuppressWarnings("try") // close() is Flink's own and may be interrupted
public final class SharedHighAvailability implements HighAvailabilityServicesFactory {
  private static final Jobs JOBS = new Jobs();
  private static final JobResultStore RESULTS = new EmbeddedJobResultStore();

  /** Those of a cluster, with leadership to give and take. */
  static HighAvailabilityServices ofCluster(Executor executor) {
    return new EmbeddedHaServicesWithLeadershipControl(executor) {
      @Override
      public ExecutionPlanStore getExecutionPlanStore() {
        return JOBS;
      }

      @Override
      public JobResultStore getJobResultStore() {
        return RESULTS;
      }
    };
  }

  /** Those of somebody who connects to the same store. */
  @Override
  public HighAvailabilityServices createHAServices(Configuration configuration, Executor executor) {
    return new EmbeddedHaServices(executor) {
      @Override
      public ExecutionPlanStore getExecutionPlanStore() {
        return JOBS;
      }

      @Override
      public JobResultStore getJobResultStore() {
        return RESULTS;
      }
    };
  }

  @Override
  public ClientHighAvailabilityServices createClientHAServices(Configuration configuration) {
    return new StandaloneClientHAServices(
        "http://127.0.0.1:" + configuration.get(RestOptions.PORT));
  }

  /** Jobs that have not ended. */
  private static final class Jobs implements ExecutionPlanStore {
    private final Map<JobID, ExecutionPlan> plans = new ConcurrentHashMap<>();

    @Override
    public void start(ExecutionPlanListener listener) {}

    @Override
    public void stop() {}

    @Override
    public ExecutionPlan recoverExecutionPlan(JobID id) throws FlinkException {
      ExecutionPlan plan = plans.get(id);
      if (plan == null) {
        throw new FlinkException("no job " + id);
      }
      return plan;
    }

    @Override
    public Collection<JobID> getJobIds() {
      return new ArrayList<>(plans.keySet());
    }

    @Override
    public void putExecutionPlan(ExecutionPlan plan) {
      plans.put(plan.getJobID(), plan);
    }

    @Override
    public void putJobResourceRequirements(JobID id, JobResourceRequirements requirements) {
      throw new UnsupportedOperationException("no job asks for it");
    }

    @Override
    public CompletableFuture<Void> globalCleanupAsync(JobID id, Executor executor) {
      plans.remove(id);
      return FutureUtils.completedVoidFuture();
    }
  }
}
