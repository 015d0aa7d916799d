package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.KeyFormat;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationFields.FeatureSource;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.format.OutputFields;
import io.unroll.connectors.format.SeriesPart;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.job.describe.Checks;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.Features;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.Resolution;
import io.unroll.job.describe.SequenceKeys;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Order;
import io.unroll.job.life.Tuning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file, typed: its description, and what only a file says. Paths are resolved against
 * the file's folder, Kafka properties already have what they inherit from {@code kafka:}.
 *
 * @param name job name, uid prefix, transactional id prefix and a folder's name
 * @param directory the folder of the pipeline file
 * @param sequence what only a file says of sequences
 * @param model the files of the networks
 * @param description what is done with the observations, in names
 * @param flink Flink options, flattened to dotted keys, in the file's order
 * @param places where its keys stand in the file
 * @param warnings what runs but may surprise, in line order
 */
public record Pipeline(
    String name,
    Path directory,
    Source source,
    Observation observation,
    Sequence sequence,
    Model model,
    Description description,
    Sink sink,
    Map<String, String> flink,
    Places places,
    List<Problem> warnings) {

  /**
   * The fields that a record reader looks for; features are raw values, and behind them stand those
   * that predictions alone are held against.
   */
  public ObservationFields fields() {
    return new ObservationFields(
        observation.series(),
        observation.timestamp(),
        Stream.concat(
                observation.features().stream().flatMap(Pipeline::source),
                truths().stream().map(field -> new FeatureSource(field, true)))
            .toList(),
        observation.end(),
        observation.start(),
        sequence.by(),
        observation.identity(),
        observation.keep(),
        source.key());
  }

  /** Where the value of a feature is; empty for what is made of the timestamp. */
  private static Stream<FeatureSource> source(FeatureField feature) {
    return Stream.ofNullable(feature.field())
        .map(
            field ->
                new FeatureSource(
                    field, feature.feature().mayBeMissing(), feature.feature().inputs() == 0));
  }

  /** The same with what may surprise. */
  Pipeline withWarnings(List<Problem> others) {
    return new Pipeline(
        name,
        directory,
        source,
        observation,
        sequence,
        model,
        description,
        sink,
        flink,
        places,
        others);
  }

  /** The fields that predictions alone are held against. */
  private List<FieldPath> truths() {
    return Features.truths(description).stream().map(FieldPath::parse).toList();
  }

  /** In which order the observations of a series step. */
  public Order order() {
    return description.of(SequenceKeys.ORDER);
  }

  /** Limits of a sequence. */
  public Boundaries boundaries() {
    return Resolution.boundaries(description);
  }

  /** When predictions go out. */
  public Emission emission() {
    return Resolution.emission(description);
  }

  /** How fast. */
  public Tuning tuning() {
    return Resolution.tuning(description);
  }

  /** Whether a prediction may have a mark. */
  public boolean marks() {
    return description.says(GapKeys.EXPECT) || description.says(SequenceKeys.WARM_UP);
  }

  /** Whether the names of the outputs are labels, of which a prediction tells one. */
  public boolean tellsLabels() {
    return Boolean.TRUE.equals(description.get(ModelKeys.LABELS));
  }

  /** The names that the file gives its outputs; empty for none. */
  public List<String> outputs() {
    List<String> outputs = description.get(ModelKeys.OUTPUTS);
    return outputs == null ? List.of() : outputs;
  }

  /**
   * What becomes of a prediction's numbers.
   *
   * @param names of them, one each
   */
  public OutputFields outputFields(List<String> names) {
    OutputFields fields;
    if (Checks.givesTokens(description)) {
      fields = tellsLabels() ? OutputFields.tokens(names) : OutputFields.tokens();
    } else {
      fields = tellsLabels() ? OutputFields.labels(names) : OutputFields.named(names);
    }
    OutputFields decoded = description.says(ModelKeys.DECODER) ? fields.withDecoder() : fields;
    return marks() ? decoded.withMarks() : decoded;
  }

  /** How far the watermark of a partition stays behind its highest timestamp. */
  public Duration watermarkBound() {
    return Objects.requireNonNullElse(sequence.maxDelay(), source.outOfOrder());
  }

  /**
   * Where observations come from.
   *
   * @param key how the key of a Kafka record is written
   * @param outOfOrder the watermark's bound per partition, where the order is that of arrival
   * @param idleAfter after this long a silent partition no longer holds the others
   * @param advanceWhenIdle true if event time goes on with the wall clock when every partition is
   *     silent, false if it stands; false for files
   * @param maxDrift how far a partition's event time may be ahead of the slowest, at least 1 ms;
   *     null: no limit, as for files
   * @param bounds the timestamps that are believed
   * @param generation from 1; with another one nobody has read the source before
   */
  public record Source(
      Input input,
      Format format,
      KeyFormat key,
      Duration outOfOrder,
      Duration idleAfter,
      boolean advanceWhenIdle,
      @Nullable Duration maxDrift,
      TimestampBounds bounds,
      int generation) {
    /** The generation of a pipeline that does not name one. */
    public static final int FIRST_GENERATION = 1;
  }

  /** The system behind a source. */
  public sealed interface Input permits KafkaInput, FileInput {}

  /**
   * Topics of a Kafka cluster.
   *
   * @param topics at least one
   * @param start where a run without state begins
   * @param bounded true to stop at the offsets that are the latest when the job starts
   * @param properties consumer properties in Kafka's names, {@code bootstrap.servers} among them;
   *     neither {@code group.id} nor deserializers
   */
  public record KafkaInput(
      List<String> topics,
      String groupId,
      Start start,
      boolean bounded,
      Map<String, String> properties)
      implements Input {}

  /** Where a Kafka source without state begins. */
  public enum Start {
    EARLIEST,
    LATEST
  }

  /**
   * A file, or a folder of files.
   *
   * @param path absolute, of a file or a folder that is there
   */
  public record FileInput(Path path) implements Input {}

  /**
   * What is read from a record.
   *
   * @param series what names it: one part, or several that are joined
   * @param timestamp when it happened
   * @param features what the model's inputs are made of, in its order; at least one
   * @param end marks the last observation of a sequence; null without such markers
   * @param start marks the first observation of a sequence; null without such markers
   * @param identity what an observation has in common with one that it repeats; null without
   * @param keep passed through to the prediction, in the file's order
   */
  public record Observation(
      List<SeriesPart> series,
      TimestampField timestamp,
      List<FeatureField> features,
      @Nullable Marker end,
      @Nullable Marker start,
      @Nullable FieldPath identity,
      List<ObservationFields.Kept> keep) {}

  /**
   * What only a file says of sequences.
   *
   * @param by names the sequence, and with another value begins another one; null: a sequence is
   *     named by its first timestamp
   * @param maxDelay with {@link Order#EVENT_TIME} how far behind the highest timestamp of its
   *     partition an observation may come, the watermark's bound; null with {@link Order#ARRIVAL}
   */
  public record Sequence(@Nullable FieldPath by, @Nullable Duration maxDelay) {}

  /**
   * The files of the trained model.
   *
   * @param onnx absolute path of a readable file: what reads the observations; the decoder's where
   *     it is alone
   * @param follow the graph's output that is followed; null for the first
   * @param states of a graph over one step: the input of each state to the output that is its next
   *     value; empty for other graphs
   * @param stateful true where its layers keep their state along the stream though the file says
   *     that they run along another axis
   * @param decoder absolute path of a decoder behind it; null without
   * @param kernel the arithmetic, by a name that this JVM can run
   */
  public record Model(
      Path onnx,
      @Nullable String follow,
      Map<String, String> states,
      boolean stateful,
      @Nullable Path decoder,
      String kernel) {

    public Model {
      states = Map.copyOf(states);
    }
  }

  /**
   * Where outputs go.
   *
   * @param predictions always there; the others are null when nobody asked for them
   */
  public record Sink(
      Delivery delivery,
      Format format,
      Output predictions,
      @Nullable Output sequences,
      @Nullable Output evaluations,
      @Nullable Output rejected,
      @Nullable Output late) {

    /** Every output that is there, predictions first. */
    public List<Output> outputs() {
      return Stream.of(predictions, sequences, evaluations, rejected, late)
          .filter(Objects::nonNull)
          .toList();
    }
  }

  /** What a failure may do to the outputs. */
  public enum Delivery {
    AT_LEAST_ONCE,
    EXACTLY_ONCE
  }

  /** The system behind an output. */
  public sealed interface Output permits KafkaOutput, FileOutput {}

  /**
   * A Kafka topic.
   *
   * @param properties producer properties in Kafka's names, {@code bootstrap.servers} among them;
   *     neither serializers nor a transactional id
   */
  public record KafkaOutput(String topic, Map<String, String> properties) implements Output {}

  /**
   * A folder of {@code part-*} files.
   *
   * @param path absolute
   */
  public record FileOutput(Path path) implements Output {}
}
