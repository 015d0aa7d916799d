package io.unroll.job.cli;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.jspecify.annotations.Nullable;

/** The slots of an embedded run, which share one heap, and what each keeps in it. */
public final class SlotMemory {
  private static final String HEAP = StateBackendOptions.STATE_BACKEND.defaultValue();
  private static final long MEBIBYTE = 1 << 20;

  private final Configuration flink;
  private final int cores;

  private SlotMemory(PipelineJobs jobs, int cores) {
    this.flink = jobs.configuration(new Configuration());
    this.cores = cores;
  }

  /**
   * What to say where the caches of all slots may fill more than half of the heap, else null.
   *
   * @param cores of the machine: an embedded run has as many slots where the pipeline says nothing
   * @param heapBytes the most that this JVM takes
   */
  public static @Nullable String warning(PipelineJobs jobs, int cores, long heapBytes) {
    SlotMemory memory = new SlotMemory(jobs, cores);
    long cache = memory.caches(jobs); // a slot has a task of each pipeline
    long together = cache * memory.slots();
    if (together <= heapBytes / 2) {
      return null;
    }
    return "state.cache: found "
        + mebibytes(cache)
        + (jobs.areSeveral() ? " of all pipelines" : "")
        + " for each of "
        + memory.slots()
        + (memory.slots() == 1 ? " slot" : " slots")
        + ", expected at most half of the heap together in an embedded run here, which is "
        + mebibytes(heapBytes / 2)
        + ": a smaller cache, a smaller flink.parallelism.default, or UNROLL_JAVA_OPTS=-Xmx";
  }

  /** Where state is, and what is in front of it. */
  static String state(PipelineJob job) {
    if (job.isAlone()) {
      return "none";
    }
    SlotMemory memory = new SlotMemory(PipelineJobs.of(job), 1);
    long bytes = job.sequences().tuning().cacheBytes();
    String cache = bytes == 0 ? "no cache" : "a cache of " + mebibytes(bytes) + " per slot";
    return memory
        .flink
        .getOptional(StateBackendOptions.STATE_BACKEND)
        .map(
            backend ->
                backend.equalsIgnoreCase(HEAP)
                    ? backend + ", on the heap"
                    : backend + ", with " + cache + " in front")
        .orElse(
            HEAP
                + ", on the heap, in an embedded run; a cluster has its own, with "
                + cache
                + " in front of any other");
  }

  /** How many slots work. */
  static String parallelism(PipelineJob job, int cores) {
    SlotMemory memory = new SlotMemory(PipelineJobs.of(job), cores);
    return memory.flink.contains(CoreOptions.DEFAULT_PARALLELISM)
        ? String.valueOf(memory.slots())
        : "that of the machine in an embedded run, here " + cores + "; a cluster has its own";
  }

  private int slots() {
    return flink.getOptional(CoreOptions.DEFAULT_PARALLELISM).orElse(cores);
  }

  /** Bytes of a slot's caches: none over the heap, none where nothing is kept. */
  private long caches(PipelineJobs jobs) {
    if (flink.get(StateBackendOptions.STATE_BACKEND).equalsIgnoreCase(HEAP)) {
      return 0;
    }
    return jobs.all().stream()
        .filter(job -> !job.isAlone())
        .mapToLong(job -> job.sequences().tuning().cacheBytes())
        .sum();
  }

  private static String mebibytes(long bytes) {
    return bytes % MEBIBYTE == 0 || bytes >= 10 * MEBIBYTE
        ? bytes / MEBIBYTE + " MiB"
        : bytes + " B";
  }
}
