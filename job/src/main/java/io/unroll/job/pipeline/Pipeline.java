package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.ObservationFields.FeatureSource;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.format.OutputFields;
import io.unroll.connectors.format.RecordFormat;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.connectors.format.TimestampField;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Order;
import io.unroll.job.life.Unscale;
import io.unroll.job.operator.Tuning;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file, typed. Paths are resolved against the file's folder, Kafka properties already
 * have what they inherit from {@code kafka:}.
 *
 * @param name job name, uid prefix, transactional id prefix and a folder's name
 * @param directory the folder of the pipeline file
 * @param cacheBytes room for live series in front of a state backend off the heap, per slot
 * @param evaluations what is held against what comes true
 * @param emission when predictions go out
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
    Evaluations evaluations,
    Batch batch,
    long cacheBytes,
    Emission emission,
    Sink sink,
    Map<String, String> flink,
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
                evaluations.truths().stream().map(field -> new FeatureSource(field, true)))
            .toList(),
        observation.end(),
        observation.start(),
        sequence.by(),
        observation.duplicates() == null ? null : observation.duplicates().field(),
        observation.keep());
  }

  /** Where the value of a feature is; empty for what is made of the timestamp. */
  private static Stream<FeatureSource> source(FeatureField feature) {
    return Stream.ofNullable(feature.field())
        .map(
            field ->
                new FeatureSource(
                    field, feature.feature().mayBeMissing(), feature.feature().inputs() == 0));
  }

  /** How far the watermark of a partition stays behind its highest timestamp. */
  public Duration watermarkBound() {
    return Objects.requireNonNullElse(sequence.maxDelay(), source.outOfOrder());
  }

  /**
   * Where observations come from.
   *
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
      RecordFormat format,
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
   * @param series one field, or several whose values are joined
   * @param timestamp when it happened
   * @param features what the model's inputs are made of, in its order; at least one
   * @param end marks the last observation of a sequence; null without such markers
   * @param start marks the first observation of a sequence; null without such markers
   * @param duplicates how an observation that came before is known; null where it is not
   * @param keep passed through to the prediction, in the file's order
   */
  public record Observation(
      List<FieldPath> series,
      TimestampField timestamp,
      List<FeatureField> features,
      @Nullable Marker end,
      @Nullable Marker start,
      @Nullable Duplicates duplicates,
      List<ObservationFields.Kept> keep) {}

  /**
   * How an observation that came before is known.
   *
   * @param field whose value it has in common with that
   * @param window among how many of the last observations of its series it is looked for
   */
  public record Duplicates(FieldPath field, int window) implements Serializable {}

  /**
   * Where a sequence ends besides its markers, the order of its steps and how they are served.
   *
   * @param by names the sequence, and with another value begins another one; null: a sequence is
   *     named by its first timestamp
   * @param boundaries its limits
   * @param order in which the observations of a series step
   * @param maxDelay with {@link Order#EVENT_TIME} how far behind the highest timestamp of its
   *     partition an observation may come, the watermark's bound; null with {@link Order#ARRIVAL}
   * @param window at least 1: each step runs so many of the last inputs from the initial state;
   *     null: each step goes on from the state that the one before left
   * @param gap what happens where observations are missing; null for nothing
   * @param warmUp steps of a sequence whose predictions are marked; 0 for none
   * @param keepSeriesFor how long what is remembered across sequences is kept; null where nothing
   *     is
   */
  public record Sequence(
      @Nullable FieldPath by,
      Boundaries boundaries,
      Order order,
      @Nullable Duration maxDelay,
      @Nullable Long window,
      @Nullable GapRule gap,
      int warmUp,
      @Nullable Duration keepSeriesFor)
      implements Serializable {

    /** Whether a prediction may have a mark. */
    public boolean marks() {
      return gap != null || warmUp > 0;
    }

    /** Only markers and the end of the input close it. */
    static final Sequence ENDLESS =
        new Sequence(null, Boundaries.NONE, Order.ARRIVAL, null, null, null, 0, null);
  }

  /**
   * What happens where observations of a series are missing.
   *
   * @param expect the distance at which they are expected
   * @param fill what the model sees at a filled step
   * @param atMost steps that are filled; a wider gap closes the sequence
   * @param feedback inputs that are fed outputs, in the file's order; none with another fill
   */
  public record GapRule(Duration expect, Gap.Fill fill, int atMost, List<Fed> feedback)
      implements Serializable {

    public GapRule {
      feedback = List.copyOf(feedback);
    }

    /**
     * What the operator is told.
     *
     * @param outputs names of the outputs of what reads the observations, among them those that are
     *     fed back
     */
    public Gap gap(List<String> outputs) {
      return new Gap(
          expect.toMillis(),
          fill,
          atMost,
          feedback.stream()
              .collect(Collectors.toMap(Fed::input, fed -> outputs.indexOf(fed.output()))));
    }
  }

  /**
   * An output that is fed back to an input.
   *
   * @param feature as the file names it
   * @param input its place among the model's inputs
   * @param output by its name
   */
  public record Fed(String feature, int input, String output) implements Serializable {}

  /**
   * The trained model.
   *
   * @param onnx absolute path of a readable file: what reads the observations; the decoder's where
   *     it is alone
   * @param output the graph's output that is followed; null for the first
   * @param states of a graph over one step: the input of each state to the output that is its next
   *     value; empty for other graphs
   * @param stateful true where its layers keep their state along the stream though the file says
   *     that they run along another axis
   * @param outputs names for the values of a prediction, in their order; empty when the file names
   *     none
   * @param labels true where those are labels, of which a prediction tells one
   * @param unscaled outputs in the unit of a feature
   * @param quantiles that outputs predict, by their names
   * @param initialState what a sequence starts from; null for what the model says
   * @param decoder what runs on its own output; null without
   * @param kernel the arithmetic, by a name that this JVM can run
   */
  public record Model(
      Path onnx,
      @Nullable String output,
      Map<String, String> states,
      boolean stateful,
      List<String> outputs,
      boolean labels,
      List<Unscale> unscaled,
      Map<String, Double> quantiles,
      @Nullable InitialState initialState,
      @Nullable Decoder decoder,
      String kernel) {

    public Model {
      states = Map.copyOf(states);
      outputs = List.copyOf(outputs);
      unscaled = List.copyOf(unscaled);
      quantiles = Map.copyOf(quantiles);
    }

    /** The feature that an output is told in the unit of, by its place; null for none. */
    public @Nullable Integer unscaled(int output) {
      return unscaled.stream()
          .filter(u -> u.output() == output)
          .findFirst()
          .map(Unscale::feature)
          .orElse(null);
    }

    /** Whether a prediction is a token of the decoder. */
    public boolean givesTokens() {
      return decoder != null && decoder.next() == DecoderRules.Next.ARGMAX;
    }

    /**
     * What becomes of a prediction's numbers.
     *
     * @param names of them, one each
     */
    public OutputFields fields(List<String> names) {
      OutputFields fields;
      if (givesTokens()) {
        fields = labels ? OutputFields.tokens(names) : OutputFields.tokens();
      } else {
        fields = labels ? OutputFields.labels(names) : OutputFields.named(names);
      }
      return decoder == null ? fields : fields.withDecoder();
    }
  }

  /** What a sequence starts from in the place of what the model says. */
  public sealed interface InitialState {
    /** Zeros. */
    enum Zero implements InitialState {
      ZERO
    }

    /**
     * Some of the model's states.
     *
     * @param values by the name of the state, in the file's order
     */
    record Named(Map<String, List<Float>> values) implements InitialState {
      public Named {
        Map<String, List<Float>> copy = new LinkedHashMap<>();
        values.forEach((name, numbers) -> copy.put(name, List.copyOf(numbers)));
        values = Collections.unmodifiableMap(copy);
      }
    }

    /**
     * The numbers in the order of the model's state layout.
     *
     * @throws IllegalArgumentException when the model has no such state, or one of another length
     */
    default float[] of(RecurrentModel model) {
      if (this instanceof Named named) {
        Map<String, float[]> states = new LinkedHashMap<>();
        named.values().forEach((name, numbers) -> states.put(name, floats(numbers)));
        return model.initialState(states);
      }
      return new float[model.stateLayout().size()];
    }

    private static float[] floats(List<Float> numbers) {
      float[] floats = new float[numbers.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = numbers.get(i);
      }
      return floats;
    }
  }

  /**
   * What is held against what comes true.
   *
   * @param rules one for each output and field
   * @param truths fields that no feature is, which predictions alone are held against
   */
  public record Evaluations(List<EvaluateRule> rules, List<FieldPath> truths)
      implements Serializable {
    /** Nothing is. */
    static final Evaluations NONE = new Evaluations(List.of(), List.of());

    public Evaluations {
      rules = List.copyOf(rules);
      truths = List.copyOf(truths);
    }
  }

  /**
   * An output that is held against a field.
   *
   * @param output by its name
   * @param against the field, as the observation has it
   * @param feature its place among the features, behind which the truths stand
   * @param raw true where the field's own value counts, false where what the model sees of it does
   * @param ahead how many observations ahead the output looks, or which step of a decoder it is
   * @param from predictions made before are left out; null: none is
   * @param quantile that the output predicts; NaN for none
   */
  public record EvaluateRule(
      String output,
      FieldPath against,
      int feature,
      boolean raw,
      int ahead,
      @Nullable Instant from,
      double quantile)
      implements Serializable {

    /**
     * What the operator is told.
     *
     * @param outputs names of the outputs of a prediction
     */
    public Evaluate evaluate(List<String> outputs) {
      return new Evaluate(
          output,
          outputs.indexOf(output),
          against.text(),
          feature,
          raw,
          ahead,
          from == null ? Long.MIN_VALUE : from.toEpochMilli(),
          quantile);
    }
  }

  /**
   * A network that runs on its own output.
   *
   * @param onnx absolute path of a readable file
   * @param alone true where there is no encoder: each observation is a sequence of its own
   * @param states the decoder's states to what of the encoder they start from; empty: by shape and
   *     order
   * @param first what its first step is fed
   * @param last the model inputs that are the first input, where it is one; empty for all
   * @param next what every later step is fed
   * @param steps the most of a run
   * @param stop what ends a run before; null: nothing
   * @param every how far apart the predicted times are; null for no times
   * @param calendar inputs of each predicted time
   */
  public record Decoder(
      Path onnx,
      boolean alone,
      Map<String, String> states,
      DecoderRules.First first,
      List<Integer> last,
      DecoderRules.Next next,
      int steps,
      @Nullable Stop stop,
      @Nullable Duration every,
      List<Calendar> calendar) {

    /** Model inputs of each part of the calendar: a sine and a cosine. */
    static final int CALENDAR_INPUTS = 2;

    public Decoder {
      states = Map.copyOf(states);
      last = List.copyOf(last);
      calendar = List.copyOf(calendar);
    }

    /** Inputs of the network that are not fed back. */
    int extra() {
      return CALENDAR_INPUTS * calendar.size();
    }

    /**
     * What the operator is told.
     *
     * @param outputs names of the network's outputs, among them that of the stop
     */
    public Decoding decoding(OnnxFile file, List<String> outputs) {
      DecoderRules.Stop rule =
          stop instanceof Stop.Above above
              ? new DecoderRules.Stop.Above(outputs.indexOf(above.output()), above.threshold())
              : stop instanceof Stop.Token token
                  ? new DecoderRules.Stop.Token(token.token())
                  : null;
      return new Decoding(
          file,
          alone,
          new DecoderRules(first, next, steps, rule, extra()),
          states,
          last,
          every == null ? Decoding.UNTIMED : every.toMillis(),
          calendar);
    }
  }

  /** What ends the run of a decoder before its last step. */
  public sealed interface Stop {
    /** The largest output is that of this token. */
    record Token(int token) implements Stop {}

    /** An output, by its name, is larger than that. */
    record Above(String output, float threshold) implements Stop {}
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
