package io.unroll.job.pipeline;

import io.unroll.job.describe.Checks;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.ObservationKeys;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import java.util.List;

/** Says what of a file runs but may surprise, besides what its description does. */
final class PipelineWarnings {
  private final Findings findings;
  private final Pipeline pipeline;

  PipelineWarnings(Findings findings, Pipeline pipeline) {
    this.findings = findings;
    this.pipeline = pipeline;
  }

  void warn() {
    if (Checks.isAlone(pipeline.description())) {
      idleMarkers();
    } else {
      endlessSequences();
    }
  }

  private void idleMarkers() {
    for (String key : List.of(ObservationKeys.END.path(), ObservationKeys.START.path())) {
      if (findings.isPlaced(key)) {
        findings.warning(
            key,
            "changes nothing beside a decoder without an encoder: each observation is a sequence of"
                + " its own, decoded when it comes");
      }
    }
  }

  private void endlessSequences() {
    boolean bounded =
        !(pipeline.source().input() instanceof Pipeline.KafkaInput kafka) || kafka.bounded();
    if (!bounded && !closes()) {
      findings.warning(
          "sequence",
          "found nothing that closes a sequence, expected one of idle-timeout, max-duration,"
              + " close-at, max-steps, by, observation.end, observation.start:"
              + " the state of every series is kept for ever"
              + (pipeline.emission().on() == Emit.END ? " and emit.on: end never emits" : ""));
    }
  }

  private boolean closes() {
    Boundaries limits = pipeline.boundaries();
    return pipeline.observation().end() != null
        || pipeline.observation().start() != null
        || pipeline.sequence().by() != null
        || pipeline.description().says(GapKeys.EXPECT)
        || limits.idleTimeoutMillis() != Boundaries.NO_TIMEOUT
        || limits.maxDurationMillis() != Boundaries.NO_TIMEOUT
        || limits.closeAt() != null
        || limits.maxSteps() != Boundaries.NO_LIMIT;
  }
}
