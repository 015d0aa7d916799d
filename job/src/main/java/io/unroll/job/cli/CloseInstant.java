package io.unroll.job.cli;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.pipeline.Pipeline;
import java.time.Instant;
import java.util.List;

/**
 * Records at the very moment at which close-at closes a sequence, such as the print of a market's
 * close: they open the next sequence, and may be meant for the one that ends.
 */
final class CloseInstant {
  private CloseInstant() {}

  /** A line if there are any. */
  static List<String> warnings(Pipeline pipeline, List<Observation> observations) {
    CloseAt closeAt = pipeline.boundaries().closeAt();
    if (closeAt == null
        || closeAt.inclusive()
        || pipeline.boundaries().clock() != SequenceClock.EVENT) {
      return List.of();
    }
    List<Observation> there =
        observations.stream().filter(each -> closeAt.isAt(each.timestamp)).toList();
    if (there.isEmpty()) {
      return List.of();
    }
    Observation first = there.get(0);
    return List.of(
        "sequence.close-at: %s looked at %s at the very moment of the close, the first of them %s (%s): such a record opens the next sequence. If it belongs to the day that closes, say {time: \"%s\", zone: %s, inclusive: true}; if later ones do too, say margin"
            .formatted(
                Counted.of(there.size(), "record"),
                there.size() == 1 ? "is" : "are",
                first.input(),
                Instant.ofEpochMilli(first.timestamp),
                closeAt.time(),
                closeAt.zone()));
  }
}
