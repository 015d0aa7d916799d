package io.unroll.job;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.describe.Checks;
import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.DescribedEvaluation;
import io.unroll.job.describe.DescribedFeature;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.ModelFacts;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.Networks;
import io.unroll.job.describe.ObservationKeys;
import io.unroll.job.describe.OutputKeys;
import io.unroll.job.describe.Resolution;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.SequenceKeys;
import io.unroll.job.describe.TuningKeys;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Transform;
import io.unroll.job.operator.Operators;
import io.unroll.job.operator.Outputs;
import io.unroll.job.signature.Signature;
import io.unroll.job.state.Accounts;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.StateBridge;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
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
 *
 * <p>Each method only writes a description, the same that a pipeline file writes; {@link #apply}
 * checks it as a whole.
 */
public final class Unroll {
  private final OnnxFile file;
  private final RecurrentModel model;
  private final boolean alone;
  private final Description said = new Description();
  private final List<DescribedFeature> features = new ArrayList<>();
  private final Map<String, String> unscaled = new LinkedHashMap<>();
  private final Map<String, Double> quantiles = new LinkedHashMap<>();
  private final List<DescribedEvaluation> evaluations = new ArrayList<>();
  private final List<Calendar> calendar = new ArrayList<>();
  private @Nullable GivenDecoder decoder;

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
    unroll.decode(new GivenDecoder(decoder, network, rules));
    return unroll;
  }

  /**
   * Lets a decoder go on from the model's state whenever a prediction is due, in its place: at the
   * end of a sequence, or after steps on a copy of the state. What was said of a decoder before is
   * said no more.
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
    decode(new GivenDecoder(decoder, decoder.read(), rules));
    return this;
  }

  private void decode(GivenDecoder given) {
    decoder = given;
    calendar.clear();
    said.dropUnder(ModelKeys.DECODER.path()).say(ModelKeys.DECODER, alone);
    given.describe(said);
  }

  /**
   * Says where the decoder's state starts from; by shape and order without.
   *
   * @param states each of its states to the model's state or output, see {@link StateBridge}
   */
  public Unroll decoderStates(Map<String, String> states) {
    needDecoder();
    said.say(DecoderKeys.STATES, Map.copyOf(states));
    return this;
  }

  /** Names the features of the last observation that the decoder begins with; all without. */
  public Unroll decoderLast(String... names) {
    needDecoder();
    said.say(DecoderKeys.FIRST_LAST, List.of(names));
    return this;
  }

  /**
   * Says how far apart the predicted times are; predictions have none without.
   *
   * @param distance at least 1 ms
   */
  public Unroll decoderEvery(Duration distance) {
    needDecoder();
    said.say(DecoderKeys.EVERY, distance);
    return this;
  }

  /** Gives the decoder two more inputs at each step: the place of the predicted time in a cycle. */
  public Unroll decoderCalendar(Calendar.Cycle cycle, ZoneId zone) {
    needDecoder();
    calendar.add(new Calendar(cycle, zone));
    said.say(DecoderKeys.CALENDAR, List.copyOf(calendar));
    return this;
  }

  private void needDecoder() {
    if (decoder == null) {
      throw new IllegalStateException("decoder: found none, expected decoder(file, rules) before");
    }
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
    features.add(DescribedFeature.of(feature));
    return this;
  }

  /** Closes a sequence this long (event time) after its last timestamp. Without it, never. */
  public Unroll idleTimeout(Duration timeout) {
    said.say(SequenceKeys.IDLE_TIMEOUT, timeout);
    return this;
  }

  /** Closes a sequence this long after its first timestamp. Without it, never. */
  public Unroll maxDuration(Duration duration) {
    said.say(SequenceKeys.MAX_DURATION, duration);
    return this;
  }

  /** Closes whatever sequence is open at a time of day. Without it, none. */
  public Unroll closeAt(LocalTime time, ZoneId zone) {
    return closeAt(new CloseAt(time, zone));
  }

  /** The same, with whom its instant belongs to and how much later than the time of day it is. */
  public Unroll closeAt(CloseAt close) {
    said.say(SequenceKeys.CLOSE_AT_TIME, close.time())
        .say(SequenceKeys.CLOSE_AT_ZONE, close.zone())
        .say(SequenceKeys.CLOSE_AT_INCLUSIVE, close.inclusive())
        .say(SequenceKeys.CLOSE_AT_MARGIN, close.margin());
    return this;
  }

  /** A sequence of fewer steps closes without a prediction; with {@link Emit#END}. */
  public Unroll minSteps(long steps) {
    said.say(SequenceKeys.MIN_STEPS, steps);
    return this;
  }

  /** Says which clock the limits of time go by: that of the events by default. */
  public Unroll clock(SequenceClock clock) {
    said.say(SequenceKeys.CLOCK, clock);
    return this;
  }

  /** Says in which order a series' observations step: as they come by default. */
  public Unroll order(Order wanted) {
    said.say(SequenceKeys.ORDER, wanted);
    return this;
  }

  /** Closes a sequence after so many steps. Without it, never. */
  public Unroll maxSteps(long steps) {
    said.say(SequenceKeys.MAX_STEPS, steps);
    return this;
  }

  /**
   * Serves each step by running the last inputs from the initial state, for a model trained on
   * windows of so many. Without it, or with 0, a step goes on from the state that the one before
   * left.
   */
  public Unroll window(int inputs) {
    return sayUnlessZero(SequenceKeys.WINDOW, inputs);
  }

  private Unroll sayUnlessZero(Key<Long> key, long number) {
    if (number == 0) {
      said.drop(key);
    } else {
      said.say(key, number);
    }
    return this;
  }

  /**
   * Rejects an observation whose {@link Observation#identity} was that of one of the last of its
   * series. Without it, an observation is used as often as it comes.
   *
   * @param window among how many, 1 to 10 000
   * @param keepSeriesFor how long a series is remembered after its last observation
   */
  public Unroll deduplicate(int window, Duration keepSeriesFor) {
    said.say(ObservationKeys.DEDUPLICATE_WINDOW, (long) window);
    return keepSeriesFor(keepSeriesFor);
  }

  /**
   * Says how long a series is remembered after its last observation, which online scales and
   * evaluations need.
   */
  public Unroll keepSeriesFor(Duration duration) {
    said.say(SequenceKeys.KEEP_SERIES_FOR, duration);
    return this;
  }

  /**
   * Names the outputs of what predicts, in its order; else its own names count, else y0, y1, ....
   */
  public Unroll outputs(String... names) {
    said.say(ModelKeys.OUTPUTS, List.of(names));
    return this;
  }

  /**
   * Tells an output in the unit of a feature: its scale and transform are undone, and a change
   * becomes the value that it leads to.
   *
   * @param output by its name
   * @param feature by its name
   */
  public Unroll unscale(String output, String feature) {
    unscaled.put(output, feature);
    said.say(ModelKeys.UNSCALE, Map.copyOf(unscaled));
    return this;
  }

  /**
   * Says which quantile an output predicts, for evaluations.
   *
   * @param output by its name
   * @param quantile between 0 and 1
   */
  public Unroll quantile(String output, double quantile) {
    quantiles.put(output, quantile);
    said.say(ModelKeys.QUANTILE, Map.copyOf(quantiles));
    return this;
  }

  /** Marks the predictions of this many first steps of a sequence as warming; none by default. */
  public Unroll warmUp(int steps) {
    return sayUnlessZero(SequenceKeys.WARM_UP, steps);
  }

  /**
   * Lets sequences start from other states than the model says.
   *
   * @param states by the names of {@link RecurrentModel#startNames()}, as many finite numbers as
   *     each has; those not named stay
   */
  public Unroll initialState(Map<String, float[]> states) {
    Map<String, List<Float>> numbers = new LinkedHashMap<>();
    states.forEach(
        (name, values) -> {
          List<Float> list = new ArrayList<>();
          for (float value : values) {
            list.add(value);
          }
          numbers.put(name, list);
        });
    said.say(ModelKeys.INITIAL_STATES, numbers);
    return this;
  }

  /** Lets sequences start from zeros, whatever the model says. */
  public Unroll zeroInitialState() {
    said.say(ModelKeys.INITIAL_STATE, true).drop(ModelKeys.INITIAL_STATES);
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
   * @param output by its name
   * @param against a feature by its name; of an output that is {@link #unscale unscaled} its value
   *     in the observation counts, else what the model sees. Or another name: then observations
   *     have one more value behind those of the features, in the order in which such names come
   *     first; NaN where they have none
   * @param ahead how many observations ahead the output looks, from 1; with a decoder which of its
   *     steps
   * @param from predictions made before are left out; null for none
   */
  public Unroll evaluate(String output, String against, int ahead, @Nullable Instant from) {
    evaluations.add(new DescribedEvaluation(output, against, ahead, from));
    said.say(RootKeys.EVALUATE, List.copyOf(evaluations));
    return this;
  }

  /**
   * Fills in steps where observations are missing, by the clock of the events: the model sees the
   * inputs before once more. Without it, a gap is none.
   *
   * @param expect the distance at which observations are expected
   * @param atMost steps that are filled, 1 to 10 000; a wider gap closes the sequence
   */
  public Unroll gap(Duration expect, int atMost) {
    said.say(GapKeys.EXPECT, expect)
        .say(GapKeys.AT_MOST, (long) atMost)
        .say(GapKeys.FILL, Gap.Fill.PREVIOUS)
        .drop(GapKeys.FEEDBACK);
    return this;
  }

  /**
   * The same with the model's own outputs in the place of some inputs.
   *
   * @param feedback features that take outputs: each to the output, by their names
   */
  public Unroll gap(Duration expect, int atMost, Map<String, String> feedback) {
    gap(expect, atMost);
    said.say(GapKeys.FILL, Gap.Fill.FEEDBACK).say(GapKeys.FEEDBACK, new LinkedHashMap<>(feedback));
    return this;
  }

  /** Says when predictions go out; after every step by default. */
  public Unroll emit(Emit when) {
    said.say(OutputKeys.EMIT_ON, when);
    return this;
  }

  /** Lets predictions go out after every so many steps of a sequence. */
  public Unroll emitEvery(long steps) {
    said.say(OutputKeys.EMIT_EVERY, steps);
    return this;
  }

  /**
   * Lets observations of different series wait and advance together; no prediction depends on it.
   *
   * @param size the most series, 1 for each observation at once, at most 1024; 64 by default
   * @param delay how long an observation waits for others, 1 ms to 1 min; 2 ms by default
   */
  public Unroll batch(int size, Duration delay) {
    said.say(TuningKeys.BATCH_SIZE, (long) size).say(TuningKeys.BATCH_DELAY, delay);
    return this;
  }

  /** Room for live series in front of RocksDB, in bytes per slot; 64 MiB by default, 0 for none. */
  public Unroll cache(long bytes) {
    said.say(TuningKeys.CACHE, bytes);
    return this;
  }

  /** Names the arithmetic of every slot; by default the fastest that this JVM can run. */
  public Unroll kernel(String name) {
    said.say(ModelKeys.KERNEL, name);
    return this;
  }

  /**
   * Adds the operator to a job.
   *
   * @param name of the job's part: prefix of uid and names, unique in the job, never to be changed
   *     while state is to be restored
   * @param observations values of the features that are fields, in the order named; without any
   *     named, in the model's order; behind them those that predictions alone are held against
   * @throws IllegalArgumentException with everything that is wrong, a line each: the key that a
   *     pipeline file would have, what was found and what was expected; or if the environment is
   *     set to BATCH; or if the job has a part of this name already
   */
  public Streams apply(String name, DataStream<Observation> observations) {
    SequenceConfig config = config();
    Refusals.refuseBatch(observations.getExecutionEnvironment());
    Refusals.refuseTaken(name, observations.getExecutionEnvironment());
    SingleOutputStreamOperator<Prediction> predictions =
        Operators.sequences(name, observations, config, Accounts.ALONE);
    return new Streams(
        predictions,
        predictions.getSideOutput(Outputs.SEQUENCES),
        predictions.getSideOutput(Outputs.REJECTED),
        predictions.getSideOutput(Outputs.LATE),
        predictions.getSideOutput(Outputs.EVALUATIONS));
  }

  /**
   * What the operator is told.
   *
   * @throws IllegalArgumentException with everything that is wrong
   */
  SequenceConfig config() {
    Description description = new Description(said);
    Refusals refusals = new Refusals();
    ModelFacts facts = ModelFacts.of(model);
    int own = model.inputSize() - (alone ? 2 * calendar.size() : 0); // its calendar is no feature
    if (features.isEmpty()) {
      facts.checkNames(own, refusals);
    }
    description.say(ObservationKeys.FEATURES, features.isEmpty() ? facts.features(own) : features);
    RecurrentModel network = decoder == null ? null : decoder.network();
    if (decoder != null) {
      decoder.describeStop(description);
      decoder.refuseExtra(2 * calendar.size(), refusals);
    }
    Checks.all(description, refusals, Networks.of(model, alone ? null : network));
    refusals.throwIfAny();
    OnnxFile decoderFile = decoder == null ? null : decoder.file();
    return new Resolution(description, file, model, decoderFile, network)
        .config(Signature.of(List.of()), false);
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
