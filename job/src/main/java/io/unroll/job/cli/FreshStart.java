package io.unroll.job.cli;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.jobmanager.ExecutionPlanStore;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;

/**
 * Whether a submission starts a job from nothing. It does not with a savepoint, and not where a
 * JobManager takes over from one that failed: in application mode that runs the program once more,
 * though the job is there already.
 */
final class FreshStart {
  private FreshStart() {}

  /**
   * Whether a job that is submitted with {@code configuration} is a new one.
   *
   * @throws Exception if the cluster keeps its jobs somewhere, and does not say which
   */
  static boolean is(Configuration configuration) throws Exception {
    if (configuration.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent()) {
      return false;
    }
    // Flink fixes the id where it must find the job again, and only where main is in a JobManager.
    String id = configuration.get(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID);
    return id == null
        || !HighAvailabilityMode.isHighAvailabilityModeActivated(configuration)
        || !isKnown(JobID.fromHexString(id), configuration);
  }

  @SuppressWarnings("try") // close() may be interrupted, and the question with it
  private static boolean isKnown(JobID id, Configuration configuration) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    // An error of its connection fails the question, too.
    try (HighAvailabilityServices services =
        HighAvailabilityServicesUtils.createAvailableOrEmbeddedServices(
            configuration, executor, error -> {})) {
      ExecutionPlanStore jobs = services.getExecutionPlanStore();
      jobs.start(new NoListener());
      try {
        return jobs.getJobIds().contains(id)
            || services.getJobResultStore().hasJobResultEntryAsync(id).get();
      } finally {
        jobs.stop();
      }
    } finally {
      executor.shutdown();
    }
  }

  private static final class NoListener implements ExecutionPlanStore.ExecutionPlanListener {
    @Override
    public void onAddedExecutionPlan(JobID id) {}

    @Override
    public void onRemovedExecutionPlan(JobID id) {}
  }
}
