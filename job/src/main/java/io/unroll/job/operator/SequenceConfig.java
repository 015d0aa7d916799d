package io.unroll.job.operator;

import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.Order;
import io.unroll.job.life.Rules;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Unscale;
import io.unroll.job.signature.Signature;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the operator is told. Travels in the job graph; the model as bytes, so that
 * TaskManagers read no files. Immutable: each {@code with} gives another one.
 */
public final class SequenceConfig implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No window: a step goes on from the state that the one before left. */
  public static final int STATEFUL = 0;

  private final OnnxFile model;
  private final List<Feature> features;
  private Boundaries boundaries = Boundaries.NONE;
  private Emission emission = Emission.EVERY_STEP;
  private Order order = Order.ARRIVAL;
  private boolean advanceWhenIdle;
  private @Nullable SeriesMemory memory;
  private @Nullable Gap gap;
  private @Nullable Decoding decoding;
  private List<Unscale> unscaled = List.of();
  private List<Evaluate> evaluations = List.of();
  private int warmUp;
  private @Nullable InitialState initialState;
  private int window = STATEFUL;
  private Tuning tuning = Tuning.best();
  private Signature input = Signature.of(List.of());

  private SequenceConfig(OnnxFile model, List<Feature> features) {
    this.model = model;
    this.features = List.copyOf(features);
  }

  /** A copy that a {@code with} changes in one place before anybody sees it. */
  private SequenceConfig(SequenceConfig from) {
    this(from.model, from.features);
    boundaries = from.boundaries;
    emission = from.emission;
    order = from.order;
    advanceWhenIdle = from.advanceWhenIdle;
    memory = from.memory;
    gap = from.gap;
    decoding = from.decoding;
    unscaled = from.unscaled;
    evaluations = from.evaluations;
    warmUp = from.warmUp;
    initialState = from.initialState;
    window = from.window;
    tuning = from.tuning;
    input = from.input;
  }

  /**
   * A model that steps with each observation, emits after each, and is closed by markers alone.
   *
   * @param features in the model's order
   */
  public static SequenceConfig of(OnnxFile model, List<Feature> features) {
    return new SequenceConfig(model, features);
  }

  /** This with other limits of a sequence. */
  public SequenceConfig with(Boundaries other) {
    SequenceConfig config = new SequenceConfig(this);
    config.boundaries = other;
    return config;
  }

  /** This with predictions at other times. */
  public SequenceConfig with(Emission other) {
    SequenceConfig config = new SequenceConfig(this);
    config.emission = other;
    return config;
  }

  /** This with observations of a series in another order. */
  public SequenceConfig with(Order other) {
    SequenceConfig config = new SequenceConfig(this);
    config.order = other;
    return config;
  }

  /**
   * This with an event clock that runs on with the wall clock while every partition of the source
   * is silent, or stands.
   */
  public SequenceConfig withAdvanceWhenIdle(boolean advance) {
    SequenceConfig config = new SequenceConfig(this);
    config.advanceWhenIdle = advance;
    return config;
  }

  /** This with a memory across sequences, which duplicates, online scales and evaluations need. */
  public SequenceConfig with(SeriesMemory other) {
    SequenceConfig config = new SequenceConfig(this);
    config.memory = other;
    return config;
  }

  /** This with gaps filled. */
  public SequenceConfig with(Gap other) {
    SequenceConfig config = new SequenceConfig(this);
    config.gap = other;
    return config;
  }

  /** This with a decoder that runs when a prediction goes out. */
  public SequenceConfig with(Decoding other) {
    SequenceConfig config = new SequenceConfig(this);
    config.decoding = other;
    return config;
  }

  /** This with outputs in the unit of a field; those of the decoder where there is one. */
  public SequenceConfig withUnscaled(List<Unscale> outputs) {
    SequenceConfig config = new SequenceConfig(this);
    config.unscaled = List.copyOf(outputs);
    return config;
  }

  /** This with outputs held against what comes true. */
  public SequenceConfig withEvaluations(List<Evaluate> outputs) {
    SequenceConfig config = new SequenceConfig(this);
    config.evaluations = List.copyOf(outputs);
    return config;
  }

  /**
   * This with predictions marked as warming.
   *
   * @param steps of a sequence at first, 0 for none
   * @throws IllegalArgumentException if below 0
   */
  public SequenceConfig withWarmUp(int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("warm-up: found " + steps + " steps, expected 0 or more");
    }
    SequenceConfig config = new SequenceConfig(this);
    config.warmUp = steps;
    return config;
  }

  /** This with sequences that start elsewhere than the model says. */
  public SequenceConfig withInitialState(InitialState state) {
    SequenceConfig config = new SequenceConfig(this);
    config.initialState = state;
    return config;
  }

  /**
   * This by windows: each step runs so many of the last inputs from the initial state.
   *
   * @param inputs 1 to {@link RecurrentModel#LONGEST_WINDOW}; {@link #STATEFUL} to go on from the
   *     state that the step before left
   * @throws IllegalArgumentException if it is another number
   */
  public SequenceConfig withWindow(int inputs) {
    if (inputs < STATEFUL || inputs > RecurrentModel.LONGEST_WINDOW) {
      throw new IllegalArgumentException(
          "window: found %d inputs, expected 1 to %d, or 0 for none"
              .formatted(inputs, RecurrentModel.LONGEST_WINDOW));
    }
    SequenceConfig config = new SequenceConfig(this);
    config.window = inputs;
    return config;
  }

  /** This at another speed; no output depends on it. */
  public SequenceConfig with(Tuning other) {
    SequenceConfig config = new SequenceConfig(this);
    config.tuning = other;
    return config;
  }

  /**
   * This with what is known of where observations come from and what is read of a record, for the
   * pipeline signature.
   */
  public SequenceConfig withInput(Signature other) {
    SequenceConfig config = new SequenceConfig(this);
    config.input = other;
    return config;
  }

  /** The ONNX file. */
  public OnnxFile model() {
    return model;
  }

  /** What the model's inputs are made of, in its order. */
  public List<Feature> features() {
    return features;
  }

  /** What ends a sequence. */
  public Boundaries boundaries() {
    return boundaries;
  }

  /** When a prediction goes out. */
  public Emission emission() {
    return emission;
  }

  /** In which the observations of a series step. */
  public Order order() {
    return order;
  }

  /** True if the event clock runs on while every partition of the source is silent. */
  public boolean advanceWhenIdle() {
    return advanceWhenIdle;
  }

  /** What is remembered of a series across its sequences; null for nothing. */
  public @Nullable SeriesMemory memory() {
    return memory;
  }

  /** What happens where observations are missing; null for nothing. */
  public @Nullable Gap gap() {
    return gap;
  }

  /** The decoder that runs when a prediction goes out; null without. */
  public @Nullable Decoding decoding() {
    return decoding;
  }

  /** Outputs in the unit of a field. */
  public List<Unscale> unscaled() {
    return unscaled;
  }

  /** Outputs that are held against what comes true. */
  public List<Evaluate> evaluations() {
    return evaluations;
  }

  /** Steps of a sequence whose predictions are marked as warming; 0 for none. */
  public int warmUp() {
    return warmUp;
  }

  /** What a sequence starts from; null for what the model says. */
  public @Nullable InitialState initialState() {
    return initialState;
  }

  /** How many of the last inputs each step runs from the initial state; {@link #STATEFUL}. */
  public int window() {
    return window;
  }

  /** How fast; no output depends on it. */
  public Tuning tuning() {
    return tuning;
  }

  /** Where observations come from and what is read of a record; empty where nobody says. */
  public Signature input() {
    return input;
  }

  /** What of it a sequence's life goes by. */
  Rules rules() {
    return new Rules(boundaries, emission, memory, gap, isAlone());
  }

  /** True where a decoder runs for each observation by itself, and nothing else does. */
  boolean isAlone() {
    return decoding != null && decoding.alone();
  }

  /** The model as it is served: from its initial state, and itself or by windows of inputs. */
  public RecurrentModel serve(RecurrentModel stateful) {
    RecurrentModel from =
        initialState == null ? stateful : stateful.startingAt(initialState.values());
    return window == STATEFUL ? from : from.window(window);
  }
}
