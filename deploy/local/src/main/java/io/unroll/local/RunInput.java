package io.unroll.local;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.job.PipelineJob;
import io.unroll.job.operator.Feature;
import io.unroll.job.operator.Order;
import io.unroll.job.operator.Scale;
import io.unroll.job.pipeline.FeatureField;
import io.unroll.job.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run reads, and what it makes of it: the parts of a pipeline that a checkpoint holds the
 * results of. Client properties are left out: they may hold secrets, and may change.
 */
final class RunInput {
  private RunInput() {}

  /** One line per part, the same for the same input. */
  static String of(PipelineJob job) {
    Pipeline.Observation observation = job.pipeline().observation();
    FieldPath by = job.pipeline().sequence().by();
    List<String> lines = new ArrayList<>();
    lines.add("source: " + source(job.pipeline().source()));
    lines.add("series: " + observation.series());
    lines.add("timestamp: " + observation.timestamp());
    lines.add("features: " + observation.features().stream().map(RunInput::feature).toList());
    lines.add("end: " + marker(observation.end()));
    if (observation.start() != null) {
      lines.add("start: " + marker(observation.start()));
    }
    if (by != null) {
      lines.add("by: " + by);
    }
    lines.add("model: " + job.model().id());
    // What else a state is of; said only where it is not as it was before versions knew it.
    if (job.pipeline().sequence().order() != Order.ARRIVAL) {
      lines.add("order: " + job.pipeline().sequence().order().label());
    }
    if (job.pipeline().sequence().window() != null) {
      lines.add("window: " + job.pipeline().sequence().window());
    }
    return String.join("\n", lines);
  }

  /** As versions wrote it that knew no scales: their runs go on. */
  private static String feature(FeatureField field) {
    Feature feature = field.feature();
    return "FeatureField[field=%s, feature=Feature[name=%s, source=%s, transform=%s, missing=%s]]%s"
        .formatted(
            field.field(),
            feature.name(),
            feature.source(),
            feature.transform(),
            feature.missing(),
            scale(feature.scale()));
  }

  /** A table has any number of rows and no order, so its sum stands for it. */
  private static String scale(Scale scale) {
    if (scale instanceof Scale.Table table) {
      String rows = new TreeMap<>(table.bySeries()) + " " + table.standard();
      return " scaled by a table " + Integer.toHexString(rows.hashCode());
    }
    return scale.equals(Scale.NONE) ? "" : " scaled by " + scale;
  }

  private static String marker(@Nullable Marker marker) {
    if (marker == null) {
      return "null";
    }
    return marker.field() + (marker.in().isEmpty() ? "" : " in " + marker.in());
  }

  private static String source(Pipeline.Source source) {
    return source.format()
        + " "
        + (source.input() instanceof Pipeline.KafkaInput kafka
            ? "topics " + kafka.topics()
            : ((Pipeline.FileInput) source.input()).path());
  }
}
