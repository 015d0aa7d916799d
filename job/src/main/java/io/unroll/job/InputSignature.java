package io.unroll.job;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.KeyFormat;
import io.unroll.connectors.format.TimestampField;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Order;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.signature.Line;
import io.unroll.job.signature.Rule;
import io.unroll.job.signature.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a pipeline file says of its source, of what is read from a record and of the model, as far
 * as a state means nothing without it. Client properties are left out: they may hold secrets, and
 * may change.
 */
final class InputSignature {
  private InputSignature() {}

  static Signature of(Pipeline pipeline) {
    List<Line> lines = new ArrayList<>(source(pipeline.source()));
    Pipeline.Observation observation = pipeline.observation();
    lines.add(
        Line.of(
            "observation.series",
            String.join(", ", observation.series().stream().map(Object::toString).toList())));
    lines.add(Line.of("observation.timestamp", inWords(observation.timestamp())));
    FieldPath identity = observation.identity();
    lines.add( // the last values of the field are remembered
        Line.held(
            "observation.deduplicate-by",
            identity != null,
            Stream.ofNullable(identity).map(FieldPath::text).toList()));
    boolean held = pipeline.emission().on() == Emit.END || pipeline.order() == Order.EVENT_TIME;
    lines.add(
        Line.held(
            "observation.keep",
            held,
            observation.keep().stream().map(kept -> kept.name()).toList()));
    Pipeline.Model model = pipeline.model();
    // In savepoints under the name that model.follow had.
    lines.add(Line.of("model.output", Objects.requireNonNullElse(model.follow(), "the first")));
    return Signature.of(lines);
  }

  private static List<Line> source(Pipeline.Source source) {
    Line generation =
        new Line(Signature.GENERATION, Integer.toString(source.generation()), Rule.MAY_RISE);
    Line format = Line.of("source.format", source.format().name());
    if (source.input() instanceof Pipeline.KafkaInput kafka) {
      return List.of(
          generation,
          Line.of("source.kind", "kafka"),
          Line.growing("source.kafka.topics", kafka.topics()),
          // It is in the state of each partition: another one would not be heard of.
          Line.of("source.kafka.stop", kafka.bounded() ? "latest" : Line.NONE),
          Line.of(
              "source.key.format",
              source.key() == KeyFormat.TEXT ? Line.NONE : source.key().label()),
          format);
    }
    Pipeline.FileInput file = (Pipeline.FileInput) source.input();
    return List.of(
        generation,
        Line.of("source.kind", "file"),
        Line.of("source.file.path", file.path()),
        format);
  }

  private static String inWords(TimestampField timestamp) {
    return timestamp.field().text()
        + (timestamp.unit() == null ? "" : " in " + timestamp.unit().label())
        + (timestamp.zone() == null ? "" : " of " + timestamp.zone());
  }
}
