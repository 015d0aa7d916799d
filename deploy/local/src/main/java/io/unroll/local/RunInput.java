package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Pipeline;

/**
 * What a run reads, and what it makes of it: the parts of a pipeline that a checkpoint holds the
 * results of. Client properties are left out: they may hold secrets, and may change.
 */
final class RunInput {
  private RunInput() {}

  /** One line per part, the same for the same input. */
  static String of(PipelineJob job) {
    Pipeline.Observation observation = job.pipeline().observation();
    return String.join(
        "\n",
        "source: " + source(job.pipeline().source()),
        "series: " + observation.series(),
        "timestamp: " + observation.timestamp(),
        "features: " + observation.features(),
        "end: " + observation.end(),
        "model: " + job.model().id());
  }

  private static String source(Pipeline.Source source) {
    return source.format()
        + " "
        + (source.input() instanceof Pipeline.KafkaInput kafka
            ? "topics " + kafka.topics()
            : ((Pipeline.FileInput) source.input()).path());
  }
}
