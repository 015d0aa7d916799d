package io.unroll.job.cli;

import io.unroll.connectors.file.FileLook;
import io.unroll.connectors.file.FileLook.Looked;
import io.unroll.connectors.record.Observation;
import io.unroll.job.PipelineJob;
import io.unroll.job.life.Lateness;
import io.unroll.job.life.Order;
import io.unroll.job.pipeline.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a file source are sorted, against what its pipeline asks for: what steps in
 * another order than it happened, and what would be late.
 */
final class FileOrder {
  private FileOrder() {}

  /** A line for each thing that is not as the pipeline needs it. */
  static List<String> warnings(PipelineJob job, FileLook look) {
    Pipeline pipeline = job.pipeline();
    List<String> warnings = new ArrayList<>();
    boolean sorted = pipeline.order() == Order.EVENT_TIME;
    String back = sorted ? late(pipeline, look) : border(look);
    if (back != null) {
      warnings.add(back);
    }
    String alone = job.isAlone() ? null : alone(pipeline, look);
    if (alone != null) {
      warnings.add(alone);
    }
    return warnings;
  }

  /** Where time goes back for a series from one file to the next, in the order of arrival. */
  private static @Nullable String border(FileLook look) {
    Map<String, Looked> last = new HashMap<>();
    for (Looked now : look.observations()) {
      Observation observation = now.observation();
      Looked before = last.put(observation.series, now);
      if (before != null
          && before.file() != now.file()
          && observation.timestamp < before.observation().timestamp) {
        return "source.file: timestamps of series '%s' go back from %s (%s) to %s (%s): files are read in the order of their names, numbers by value. Rename them in the order of time, or use sequence.order: event-time"
            .formatted(
                observation.series,
                before.place(),
                time(before.observation()),
                now.place(),
                time(observation));
      }
    }
    return null;
  }

  /** What the file's own event time overtakes, as the operator would judge it. */
  private static @Nullable String late(Pipeline pipeline, FileLook look) {
    long bound = pipeline.watermarkBound().toMillis();
    Lateness lateness = new Lateness(pipeline.boundaries());
    Map<String, Long> last = new HashMap<>();
    long highest = Long.MIN_VALUE;
    long furthest = 0;
    int count = 0;
    @Nullable Looked first = null;
    for (Looked now : look.observations()) {
      Observation observation = now.observation();
      long time = observation.timestamp;
      long watermark = highest == Long.MIN_VALUE ? highest : highest - bound - 1;
      long before = last.getOrDefault(observation.series, Long.MIN_VALUE);
      boolean seen = before != Long.MIN_VALUE;
      boolean open = seen && !lateness.isOver(before, watermark);
      boolean isLate =
          open
              ? Lateness.isOutOfOrder(time, Math.min(before, watermark))
              : lateness.isOver(time, watermark);
      if (isLate) {
        count++;
        first = first == null ? now : first;
        furthest = Math.max(furthest, highest - time);
      } else {
        last.merge(observation.series, time, Math::max);
      }
      highest = Math.max(highest, time);
    }
    if (first == null) {
      return null;
    }
    return "sequence.order: event-time: %s%d of %d records would be late, the first of them at %s: series '%s' at %s, up to %s behind the newest time before it. Use order: arrival where each series is in order in itself (a file sorted by series is), sort the file by time, or set sequence.max-delay to %s"
        .formatted(
            look.whole() ? "" : "in a look at parts of the source, ",
            count,
            look.observations().size(),
            first.place(),
            first.observation().series,
            time(first.observation()),
            rounded(furthest),
            rounded(furthest));
  }

  /** Records that have nothing to do with each other. */
  private static @Nullable String alone(Pipeline pipeline, FileLook look) {
    Set<String> series = new HashSet<>();
    Set<String> sequences = new HashSet<>();
    int count = 0;
    for (Looked looked : look.observations()) {
      Observation observation = looked.observation();
      if (observation.features != null) {
        count++;
        series.add(observation.series);
        sequences.add(observation.series + "\n" + observation.by);
      }
    }
    if (count < 2) {
      return null;
    }
    boolean by = pipeline.sequence().by() != null && sequences.size() == count;
    if (series.size() < count && !by) {
      return null;
    }
    return (series.size() == count ? "observation.series" : "sequence.by")
        + ": each of the "
        + count
        + (look.whole() ? " records of the source" : " records looked at")
        + " is a "
        + (series.size() == count ? "series" : "sequence")
        + " of its own, of one step: the model never remembers the record before. Name a field that"
        + " records of one series have in common";
  }

  private static String time(Observation observation) {
    return Instant.ofEpochMilli(observation.timestamp).toString();
  }

  /** In the largest unit that a pipeline knows, rounded up. */
  private static String rounded(long millis) {
    long[] units = {Duration.ofDays(1).toMillis(), 3_600_000, 60_000, 1000};
    String[] names = {" d", " h", " min", " s"};
    for (int i = 0; i < units.length; i++) {
      if (millis >= units[i]) {
        return (millis + units[i] - 1) / units[i] + names[i];
      }
    }
    return millis + " ms";
  }
}
