package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.RecordFormat;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.job.operator.Emit;
import io.unroll.job.operator.Tuning;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file, typed. Paths are resolved against the file's folder, Kafka properties already
 * have what they inherit from {@code kafka:}.
 *
 * @param name job name, uid prefix, transactional id prefix and a folder's name
 * @param directory the folder of the pipeline file
 * @param cacheBytes room for live series in front of a state backend off the heap, per slot
 * @param flink Flink options, flattened to dotted keys, in the file's order
 * @param warnings what runs but may surprise, in line order
 */
public record Pipeline(
    String name,
    Path directory,
    Source source,
    Observation observation,
    Sequence sequence,
    Model model,
    Batch batch,
    long cacheBytes,
    Emit emit,
    Sink sink,
    Map<String, String> flink,
    List<Problem> warnings) {

  /**
   * Where observations come from.
   *
   * @param outOfOrder the watermark's bound per partition
   * @param idleAfter after this long a silent partition no longer holds the others
   * @param bounds the timestamps that are believed
   */
  public record Source(
      Input input,
      RecordFormat format,
      Duration outOfOrder,
      Duration idleAfter,
      TimestampBounds bounds) {}

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
   * @param series one field, or several whose values are joined
   * @param timestamp when it happened
   * @param features the model's inputs, in its order; at least one
   * @param end true in this field marks the last observation of a sequence; null without markers
   * @param keep passed through to the prediction, in the file's order
   */
  public record Observation(
      List<FieldPath> series,
      TimestampField timestamp,
      List<FeatureField> features,
      @Nullable FieldPath end,
      List<ObservationFields.Kept> keep) {

    /** The fields that a record reader looks for; features are raw values. */
    public ObservationFields fields() {
      return new ObservationFields(
          series, timestamp, features.stream().map(FeatureField::field).toList(), end, keep);
    }
  }

  /**
   * What ends a sequence besides its end marker, and how its steps are served.
   *
   * @param idleTimeout greater than 0; null: sequences do not time out
   * @param maxSteps at least 1; null: no limit
   * @param window at least 1: each step runs so many of the last inputs from the initial state;
   *     null: each step goes on from the state that the one before left
   */
  public record Sequence(
      @Nullable Duration idleTimeout, @Nullable Long maxSteps, @Nullable Long window)
      implements Serializable {}

  /**
   * The trained model.
   *
   * @param onnx absolute path of a readable file
   * @param output the graph's output that is followed; null for the first
   * @param states of a graph over one step: the input of each state to the output that is its next
   *     value; empty for other graphs
   * @param outputs names for the values of the output, in its order; empty when the file names none
   * @param kernel the arithmetic, by a name that this JVM can run
   */
  public record Model(
      Path onnx,
      @Nullable String output,
      Map<String, String> states,
      List<String> outputs,
      String kernel) {

    public Model {
      states = Map.copyOf(states);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * How many series advance together.
   *
   * @param size the most, from 1 to {@link Tuning#LARGEST_BATCH}
   * @param delay how long an observation waits for others at most, at least 1 ms
   */
  public record Batch(int size, Duration delay) implements Serializable {}

  /**
   * Where outputs go.
   *
   * @param predictions always there; the others are null when nobody asked for them
   */
  public record Sink(
      Delivery delivery,
      RecordFormat format,
      Output predictions,
      @Nullable Output sequences,
      @Nullable Output rejected,
      @Nullable Output late) {

    /** Every output that is there, predictions first. */
    public List<Output> outputs() {
      return Stream.of(predictions, sequences, rejected, late).filter(Objects::nonNull).toList();
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
