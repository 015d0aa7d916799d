package io.unroll.job;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Transform;
import io.unroll.job.life.Unscale;
import io.unroll.job.operator.Operators;
import io.unroll.job.operator.Outputs;
import io.unroll.job.operator.SequenceConfig;
import io.unroll.job.operator.Tuning;
import io.unroll.job.pipeline.FeatureNames;
import io.unroll.job.pipeline.ModelCheck;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.Feedback;
import io.unroll.model.unroll.StateBridge;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The operator on a stream of one's own.
 *
 * <pre>{@code
 * Unroll.Streams unrolled =
 *     Unroll.model(OnnxFile.load(Path.of("next-close.onnx")))
 *         .feature("close", Transform.logReturn(100))
 *         .idleTimeout(Duration.ofDays(7))
 *         .apply("ticks", observations);
 * unrolled.predictions().sinkTo(...);
 * }</pre>
 *
 * <p>{@link #decoder} adds a decoder behind the model, {@link #vectorToSequence} is one without.
 *
 * <p>The stream needs watermarks if sequences are to time out; the operator goes by {@link
 * Observation#timestamp}. One instance may be applied several times, under different names.
 */
public final class Unroll {
  private final OnnxFile file;
  private final RecurrentModel model;
  private final boolean alone;
  private final List<Feature> features = new ArrayList<>();
  private @Nullable DecoderOf decoder;
  private Boundaries boundaries = Boundaries.NONE;
  private Emission emission = Emission.EVERY_STEP;
  private Order order = Order.ARRIVAL;
  private @Nullable Gap gap;
  private @Nullable SeriesMemory memory;
  private final OutputMeanings meanings = new OutputMeanings();
  private @Nullable InitialState initialState;
  private int warmUp;
  private int window = SequenceConfig.STATEFUL;
  private Tuning tuning = Tuning.best();

  private Unroll(OnnxFile file, RecurrentModel model, boolean alone) {
    this.file = file;
    this.model = model;
    this.alone = alone;
  }

  /**
   * Starts from a model. One that has several outputs, or is a graph over one step with named
   * states, says so itself: {@link OnnxFile#withOutput}, {@link OnnxFile#withStates}.
   *
   * @throws OnnxException if it cannot be streamed
   */
  public static Unroll model(OnnxFile file) throws OnnxException {
    return new Unroll(file, file.read(), false);
  }

  /**
   * Starts from a decoder alone: each observation is a sequence of its own, and what it says is
   * where the decoder begins. Nothing is kept of a series, so there are no limits of a sequence and
   * no windows; {@link #emit} changes nothing.
   *
   * @param rules that begin with {@link DecoderRules.First.Input} where the features are to be fed;
   *     without extra inputs, which {@link #decoderCalendar} counts
   * @throws OnnxException if it cannot be streamed
   */
  public static Unroll vectorToSequence(OnnxFile decoder, DecoderRules rules) throws OnnxException {
    RecurrentModel network = decoder.read();
    Unroll unroll = new Unroll(decoder, network, true);
    unroll.decoder = new DecoderOf(decoder, network, rules);
    return unroll;
  }

  /**
   * Lets a decoder go on from the model's state whenever a prediction is due, in its place: at the
   * end of a sequence, or after steps on a copy of the state.
   *
   * @param rules how it is fed, and when it stops; without extra inputs, which {@link
   *     #decoderCalendar} counts
   * @throws OnnxException if it cannot be streamed
   * @throws IllegalStateException where a decoder is alone
   */
  public Unroll decoder(OnnxFile decoder, DecoderRules rules) throws OnnxException {
    if (alone) {
      throw new IllegalStateException("decoder: found a second one, expected a model before it");
    }
    this.decoder = new DecoderOf(decoder, decoder.read(), rules);
    return this;
  }

  /**
   * Says where the decoder's state starts from; by shape and order without.
   *
   * @param states each of its states to the model's state or output, see {@link StateBridge}
   */
  public Unroll decoderStates(Map<String, String> states) {
    decoderToSay().states = Map.copyOf(states);
    return this;
  }

  /** Names the features of the last observation that the decoder begins with; all without. */
  public Unroll decoderLast(String... names) {
    decoderToSay().last = List.of(names);
    return this;
  }

  /**
   * Says how far apart the predicted times are; predictions have none without.
   *
   * @param distance at least 1 ms
   */
  public Unroll decoderEvery(Duration distance) {
    if (distance.toMillis() < 1) {
      throw new IllegalArgumentException(
          "decoder.every: found " + distance + ", expected at least 1 ms");
    }
    decoderToSay().everyMillis = distance.toMillis();
    return this;
  }

  /** Gives the decoder two more inputs at each step: the place of the predicted time in a cycle. */
  public Unroll decoderCalendar(Calendar.Cycle cycle, ZoneId zone) {
    decoderToSay().calendar.add(new Calendar(cycle, zone));
    return this;
  }

  private DecoderOf decoderToSay() {
    if (decoder == null) {
      throw new IllegalStateException("decoder: found none, expected decoder(file, rules) before");
    }
    return decoder;
  }

  /** Names the next input of the model, which sees it as it is. */
  public Unroll feature(String name) {
    return feature(name, Transform.NONE);
  }

  /** Names the next input of the model, and what happens to it before. */
  public Unroll feature(String name, Transform transform) {
    return feature(new Feature(name, transform));
  }

  /**
   * Adds what the next input of the model is made of, or the next two: a value that may be missing,
   * the time since the step before, a place in the calendar; and how it is scaled. Scales that go
   * by the series so far need {@link #keepSeriesFor}.
   */
  public Unroll feature(Feature feature) {
    features.add(feature);
    return this;
  }

  /** Closes a sequence this long (event time) after its last timestamp. Without it, never. */
  public Unroll idleTimeout(Duration timeout) {
    boundaries = boundaries.withIdleTimeout(timeout.toMillis());
    return this;
  }

  /** Closes a sequence this long after its first timestamp. Without it, never. */
  public Unroll maxDuration(Duration duration) {
    boundaries = boundaries.withMaxDuration(duration.toMillis());
    return this;
  }

  /** Closes whatever sequence is open at a time of day. Without it, none. */
  public Unroll closeAt(LocalTime time, ZoneId zone) {
    boundaries = boundaries.withCloseAt(new CloseAt(time, zone));
    return this;
  }

  /** A sequence of fewer steps closes without a prediction. */
  public Unroll minSteps(long steps) {
    boundaries = boundaries.withMinSteps(steps);
    return this;
  }

  /** Says which clock the limits of time go by: that of the events by default. */
  public Unroll clock(SequenceClock clock) {
    boundaries = boundaries.withClock(clock);
    return this;
  }

  /** Says in which order a series' observations step: as they come by default. */
  public Unroll order(Order wanted) {
    order = wanted;
    return this;
  }

  /** Closes a sequence after so many steps. Without it, never. */
  public Unroll maxSteps(long steps) {
    boundaries = boundaries.withMaxSteps(steps);
    return this;
  }

  /**
   * Serves each step by running the last inputs from the initial state, for a model trained on
   * windows of so many. Without it, or with 0, a step goes on from the state that the one before
   * left.
   */
  public Unroll window(int inputs) {
    window = inputs;
    return this;
  }

  /**
   * Rejects an observation whose {@link Observation#identity} was that of one of the last of its
   * series. Without it, an observation is used as often as it comes.
   *
   * @param window among how many
   * @param keepSeriesFor how long a series is remembered after its last observation
   */
  public Unroll deduplicate(int window, Duration keepSeriesFor) {
    if (window < 1) {
      throw new IllegalArgumentException(
          "deduplicate-by: found a window of "
              + window
              + ", expected 1 to "
              + SeriesMemory.MOST_DUPLICATES);
    }
    memory = new SeriesMemory(keepSeriesFor.toMillis(), window);
    return this;
  }

  /**
   * Says how long a series is remembered after its last observation, which online scales and
   * evaluations need.
   */
  public Unroll keepSeriesFor(Duration duration) {
    memory =
        new SeriesMemory(
            duration.toMillis(), memory == null ? SeriesMemory.NO_DUPLICATES : memory.duplicates());
    return this;
  }

  /**
   * Tells an output in the unit of a feature: its scale and transform are undone, and a change
   * becomes the value that it leads to.
   *
   * @param output by the network's name for it, else y0, y1, ...
   * @param feature by its name
   */
  public Unroll unscale(String output, String feature) {
    meanings.unscale(output, feature);
    return this;
  }

  /**
   * Says which quantile an output predicts, for evaluations.
   *
   * @param output by the network's name for it, else y0, y1, ...
   * @param quantile between 0 and 1
   */
  public Unroll quantile(String output, double quantile) {
    meanings.quantile(output, quantile);
    return this;
  }

  /** Marks the predictions of this many first steps of a sequence as warming; none by default. */
  public Unroll warmUp(int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("warm-up: found " + steps + " steps, expected 0 or more");
    }
    warmUp = steps;
    return this;
  }

  /**
   * Lets sequences start from other states than the model says.
   *
   * @param states by the names of {@link RecurrentModel#startNames()}; those not named stay
   * @throws IllegalArgumentException if the model has no such state, or one of another length, or a
   *     value is not finite
   */
  public Unroll initialState(Map<String, float[]> states) {
    float[] state = model.initialState(states);
    model.startingAt(state); // says what is not finite
    initialState = new InitialState(state);
    return this;
  }

  /** Lets sequences start from zeros, whatever the model says. */
  public Unroll zeroInitialState() {
    initialState = new InitialState(new float[model.stateLayout().size()]);
    return this;
  }

  /**
   * Holds an output against the next observation, see {@link #evaluate(String, String, int,
   * Instant)}.
   */
  public Unroll evaluate(String output, String against) {
    return evaluate(output, against, 1, null);
  }

  /**
   * Holds an output against what comes true: {@link Streams#evaluations}. Needs {@link
   * #keepSeriesFor}.
   *
   * @param output by the network's name for it, else y0, y1, ...
   * @param against a feature by its name; of an output that is {@link #unscale unscaled} its value
   *     in the observation counts, else what the model sees. Or another name: then observations
   *     have one more value behind those of the features, in the order in which such names come
   *     first; NaN where they have none
   * @param ahead how many observations ahead the output looks, from 1; with a decoder which of its
   *     steps
   * @param from predictions made before are left out; null for none
   */
  public Unroll evaluate(String output, String against, int ahead, @Nullable Instant from) {
    meanings.evaluate(output, against, ahead, from);
    return this;
  }

  /**
   * Fills in steps where observations are missing, by the clock of the events. Without it, a gap is
   * none.
   *
   * @param rule with the places of the model's inputs and outputs where outputs are fed back
   */
  public Unroll gap(Gap rule) {
    gap = rule;
    return this;
  }

  /** Says when predictions go out; after every step by default. */
  public Unroll emit(Emit when) {
    emission = new Emission(when, 1);
    return this;
  }

  /** Lets predictions go out after every so many steps. */
  public Unroll emitEvery(long steps) {
    emission = new Emission(Emit.STEP, steps);
    return this;
  }

  /**
   * Lets observations of different series wait and advance together; no prediction depends on it.
   *
   * @param size the most series, 1 for each observation at once; 64 by default
   * @param delay how long an observation waits for others, at least 1 ms; 2 ms by default
   */
  public Unroll batch(int size, Duration delay) {
    tuning = tuning.withBatch(size, delay.toMillis());
    return this;
  }

  /** Room for live series in front of RocksDB, in bytes per slot; 64 MiB by default, 0 for none. */
  public Unroll cache(long bytes) {
    tuning = tuning.withCache(bytes);
    return this;
  }

  /**
   * Names the arithmetic of every slot; by default the fastest that this JVM can run.
   *
   * @throws IllegalArgumentException when there is none of that name, or this JVM cannot run it
   */
  public Unroll kernel(String name) {
    tuning = tuning.withKernel(Kernels.named(name).name());
    return this;
  }

  /**
   * Adds the operator to a job.
   *
   * @param name of the job's part: prefix of uid and names, unique in the job, never to be changed
   *     while state is to be restored
   * @param observations values of the features that are fields, in the order named; without any
   *     named, in the model's order; behind them those that predictions alone are held against
   * @throws IllegalArgumentException if the features give not as many inputs as the model takes, or
   *     are called otherwise than the model calls its own, or stand in another order, a gap feeds
   *     back what the model does not have, the decoder fits neither its rules nor the model, an
   *     output or a feature is named that there is not, a memory is missing or for nothing, or the
   *     environment is set to BATCH
   */
  public Streams apply(String name, DataStream<Observation> observations) {
    List<Feature> named = new ArrayList<>(features.isEmpty() ? modelFeatures() : features);
    int inputs = named.stream().mapToInt(Feature::inputs).sum();
    if (takesFeatures() && inputs != inputSize()) {
      throw new IllegalArgumentException(
          "features: found "
              + named.size()
              + (inputs == named.size() ? "" : " that give " + inputs + " inputs")
              + ", expected "
              + inputSize()
              + ", which model "
              + model.name()
              + " takes");
    }
    if (takesFeatures() && !model.featureNames().isEmpty()) {
      FeatureNames.check(model.name(), model.featureNames(), named);
    }
    if (alone) {
      refuseMemory(named);
    }
    refuseMemoryForNothing(named);
    DecoderRules rules = decoder == null ? null : decoder.rules;
    List<String> outputs = outputNames();
    meanings.refuseTokens(rules);
    List<Unscale> undone = meanings.unscaled(outputs, named);
    // Adds fields behind the features, so the configuration is made of them later.
    List<Evaluate> judged = meanings.evaluations(outputs, named, undone, rules);
    SequenceConfig config =
        SequenceConfig.of(file, named)
            .with(boundaries)
            .with(emission)
            .with(order)
            .withWindow(window)
            .withUnscaled(undone)
            .withEvaluations(judged)
            .withWarmUp(warmUp)
            .with(tuning);
    if (memory != null) {
      config = config.with(memory);
    }
    if (initialState != null) {
      config = config.withInitialState(initialState);
    }
    if (gap != null) {
      refuseUnfit(gap);
      config = config.with(gap);
    }
    if (decoder != null) {
      config = config.with(decoder.decoding(named, alone ? null : config.serve(model)));
    }
    refuseBatch(observations.getExecutionEnvironment());
    SingleOutputStreamOperator<Prediction> predictions =
        Operators.sequences(name, observations, config);
    return new Streams(
        predictions,
        predictions.getSideOutput(Outputs.SEQUENCES),
        predictions.getSideOutput(Outputs.REJECTED),
        predictions.getSideOutput(Outputs.LATE),
        predictions.getSideOutput(Outputs.EVALUATIONS));
  }

  /** Of what predicts. */
  private List<String> outputNames() {
    RecurrentModel last = decoder == null ? model : decoder.network;
    return ModelCheck.ownNames(last.outputSize(), last.outputNames());
  }

  /** A memory is there where something is remembered, and only there. */
  private void refuseMemoryForNothing(List<Feature> named) {
    boolean online = named.stream().anyMatch(f -> f.scale() instanceof Scale.Online);
    if (memory == null && (online || meanings.evaluates())) {
      throw new IllegalArgumentException(
          (online ? "scale: online" : "evaluate")
              + ": found without keepSeriesFor, expected it: how long a series is remembered after its"
              + " last observation");
    }
    if (memory != null
        && memory.duplicates() == SeriesMemory.NO_DUPLICATES
        && !online
        && !meanings.evaluates()) {
      throw new IllegalArgumentException(
          "keepSeriesFor: found alone, expected deduplicate, an online scale or evaluate: nothing else"
              + " is remembered of a series");
    }
  }

  /** Features that the network takes: those that are not fed back are the calendar's. */
  private int inputSize() {
    return alone && decoder != null ? model.inputSize() - decoder.extra() : model.inputSize();
  }

  /** Not where a decoder alone begins with something else. */
  private boolean takesFeatures() {
    return !alone || decoder == null || decoder.rules.first() instanceof DecoderRules.First.Input;
  }

  private List<Feature> modelFeatures() {
    List<Feature> result = new ArrayList<>();
    for (int i = 0; i < inputSize(); i++) {
      result.add(
          Feature.raw(i < model.featureNames().size() ? model.featureNames().get(i) : "x" + i));
    }
    return result;
  }

  private void refuseUnfit(Gap rule) {
    if (boundaries.clock() != SequenceClock.EVENT) {
      throw new IllegalArgumentException(
          "gap: found beside the clock processing, expected the clock event: a gap is one of the"
              + " timestamps");
    }
    rule.feedback()
        .forEach(
            (input, output) -> {
              if (input < 0
                  || input >= model.inputSize()
                  || output < 0
                  || output >= model.outputSize()) {
                throw new IllegalArgumentException(
                    "gap: found output %d fed back to input %d, expected 0 to %d and 0 to %d"
                        .formatted(output, input, model.outputSize() - 1, model.inputSize() - 1));
              }
            });
  }

  private void refuseMemory(List<Feature> named) {
    if (gap != null) {
      throw new IllegalArgumentException(
          "gap: found one, expected none: each observation is decoded by itself");
    }
    if (warmUp > 0) {
      throw new IllegalArgumentException(
          "warm-up: found "
              + warmUp
              + " steps, expected none: each observation is decoded by itself");
    }
    if (meanings.evaluates()) {
      throw new IllegalArgumentException(
          "evaluate: found some, expected none: each observation is decoded by itself, and no other"
              + " one shows what comes true");
    }
    if (!boundaries.equals(Boundaries.NONE)) {
      throw new IllegalArgumentException(
          "boundaries: found some, expected none: each observation is decoded by itself");
    }
    if (window != SequenceConfig.STATEFUL) {
      throw new IllegalArgumentException(
          "window: found "
              + window
              + " inputs, expected none: each observation is decoded by itself");
    }
    for (Feature feature : named) {
      if (feature.transform().needsPrevious()) {
        throw new IllegalArgumentException(
            "feature '"
                + feature.name()
                + "': found "
                + feature.transform().kind().label()
                + ", expected no transform that needs a previous value: each observation is decoded by"
                + " itself");
      }
      if (feature.missing().kind() == Missing.Kind.PREVIOUS
          || feature.source() instanceof Feature.Source.TimeDelta) {
        throw new IllegalArgumentException(
            "feature '"
                + feature.name()
                + "': found what goes by the observation before, expected none: each observation is"
                + " decoded by itself");
      }
    }
  }

  private static void refuseBatch(StreamExecutionEnvironment env) {
    RuntimeExecutionMode mode = env.getConfiguration().get(ExecutionOptions.RUNTIME_MODE);
    if (mode != RuntimeExecutionMode.STREAMING) {
      throw new IllegalArgumentException(
          "execution.runtime-mode: found "
              + mode
              + ", expected STREAMING: in BATCH mode Flink drops the state of a series at every"
              + " change of key");
    }
  }

  /** A decoder as it is being described. */
  private static final class DecoderOf {
    private final OnnxFile file;
    private final RecurrentModel network;
    private final DecoderRules rules;
    private final List<Calendar> calendar = new ArrayList<>();
    private Map<String, String> states = Map.of();
    private List<String> last = List.of();
    private long everyMillis = Decoding.UNTIMED;

    DecoderOf(OnnxFile file, RecurrentModel network, DecoderRules rules) {
      this.file = file;
      this.network = network;
      this.rules = rules;
    }

    /** Inputs of the network that are not fed back. */
    int extra() {
      return rules.extra() == 0 ? 2 * calendar.size() : rules.extra();
    }

    /**
     * What the operator is told.
     *
     * @param encoder as it is served; null without
     * @throws IllegalArgumentException when the network fits neither its rules nor the encoder
     */
    Decoding decoding(List<Feature> features, @Nullable RecurrentModel encoder) {
      DecoderRules fed =
          new DecoderRules(rules.first(), rules.next(), rules.steps(), rules.stop(), extra());
      List<Integer> places = last.stream().map(name -> place(name, features)).toList();
      if (!places.isEmpty() && !(fed.first() instanceof DecoderRules.First.Input)) {
        throw new IllegalArgumentException(
            "decoder.last: found features, expected rules that begin with an input beside them");
      }
      Feedback feedback = new Feedback(fed, network);
      if (encoder != null) {
        new StateBridge(encoder, network, states); // says what does not fit
        int begin =
            places.isEmpty() ? features.stream().mapToInt(Feature::inputs).sum() : places.size();
        if (fed.first() instanceof DecoderRules.First.Input && begin != feedback.fed()) {
          throw new IllegalArgumentException(
              "decoder '%s': first input: found %d features, expected %d, its fed inputs"
                  .formatted(network.name(), begin, feedback.fed()));
        }
      } else if (!states.isEmpty() || !places.isEmpty()) {
        throw new IllegalArgumentException(
            "decoder: found %s, expected a model before it: alone it starts from an observation"
                .formatted(states.isEmpty() ? "features of the last observation" : "states"));
      }
      return new Decoding(file, encoder == null, fed, states, places, everyMillis, calendar);
    }

    private static int place(String name, List<Feature> features) {
      int input = 0;
      for (Feature feature : features) {
        if (feature.isField() && feature.inputs() > 0 && feature.name().equals(name)) {
          return input;
        }
        input += feature.inputs();
      }
      throw new IllegalArgumentException(
          "decoder.last: found '"
              + name
              + "', expected one of "
              + features.stream()
                  .filter(Feature::isField)
                  .map(Feature::name)
                  .collect(Collectors.joining(", ")));
    }
  }

  /**
   * What comes out.
   *
   * @param predictions the model's outputs
   * @param sequences openings and closings
   * @param rejected records that could not be used, with the reason
   * @param late observations that found their sequence closed by time
   * @param evaluations outputs beside what came true
   */
  public record Streams(
      SingleOutputStreamOperator<Prediction> predictions,
      DataStream<SequenceEvent> sequences,
      DataStream<Rejected> rejected,
      DataStream<Rejected> late,
      DataStream<Evaluation> evaluations) {}
}
