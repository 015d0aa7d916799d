package io.unroll.job.life;

import io.unroll.job.signature.Signature;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the operator is told, in groups. Travels in the job graph; the model as bytes, so
 * that TaskManagers read no files. Each {@code with} gives another one.
 *
 * @param served what steps, and from where
 * @param features what the model's inputs are made of, in its order
 * @param boundaries what ends a sequence
 * @param course which observation is the next step of its series
 * @param output what comes out, and when
 * @param memory what is remembered of a series across its sequences; null for nothing
 * @param tuning how fast; no output depends on it
 * @param input where observations come from and what is read of a record; empty where nobody says
 */
public record SequenceConfig(
    Served served,
    List<Feature> features,
    Boundaries boundaries,
    Course course,
    Output output,
    @Nullable SeriesMemory memory,
    Tuning tuning,
    Signature input)
    implements Serializable {

  /** No window: a step goes on from the state that the one before left. */
  public static final int STATEFUL = 0;

  /**
   * What steps, and from where.
   *
   * @param model the ONNX file
   * @param initialState what a sequence starts from; null for what the model says
   * @param window how many of the last inputs each step runs from the initial state, 1 to {@link
   *     RecurrentModel#LONGEST_WINDOW}; {@link #STATEFUL} to go on from the state that the step
   *     before left
   */
  public record Served(OnnxFile model, @Nullable InitialState initialState, int window)
      implements Serializable {
    public Served {
      if (window < STATEFUL || window > RecurrentModel.LONGEST_WINDOW) {
        throw new IllegalArgumentException(
            "window: found %d inputs, expected 1 to %d, or 0 for none"
                .formatted(window, RecurrentModel.LONGEST_WINDOW));
      }
    }

    /** A model from its own initial state, step by step. */
    public static Served of(OnnxFile model) {
      return new Served(model, null, STATEFUL);
    }
  }

  /**
   * Which observation is the next step of its series.
   *
   * @param order in which the observations of a series step
   * @param advanceWhenIdle true if the event clock runs on with the wall clock while every
   *     partition of the source is silent; false if it stands
   * @param gap what happens where observations are missing; null for nothing
   */
  public record Course(Order order, boolean advanceWhenIdle, @Nullable Gap gap)
      implements Serializable {
    /** As they come, with gaps as they are. */
    public static final Course BY_ARRIVAL = new Course(Order.ARRIVAL, false, null);
  }

  /**
   * What comes out, and when.
   *
   * @param emission when a prediction goes out
   * @param warmUp steps of a sequence whose predictions are marked as warming; 0 for none
   * @param decoding the decoder that runs when a prediction goes out; null without
   * @param unscaled outputs in the unit of a field; those of the decoder where there is one
   * @param evaluations outputs that are held against what comes true
   */
  public record Output(
      Emission emission,
      int warmUp,
      @Nullable Decoding decoding,
      List<Unscale> unscaled,
      List<Evaluate> evaluations)
      implements Serializable {
    /** The model's outputs after each step. */
    public static final Output EVERY_STEP =
        new Output(Emission.EVERY_STEP, 0, null, List.of(), List.of());

    public Output {
      unscaled = List.copyOf(unscaled);
      evaluations = List.copyOf(evaluations);
      if (warmUp < 0) {
        throw new IllegalArgumentException(
            "warm-up: found " + warmUp + " steps, expected 0 or more");
      }
    }

    /** This at other times. */
    public Output with(Emission other) {
      return new Output(other, warmUp, decoding, unscaled, evaluations);
    }

    /** This from a decoder. */
    public Output with(Decoding other) {
      return new Output(emission, warmUp, other, unscaled, evaluations);
    }
  }

  public SequenceConfig {
    features = List.copyOf(features);
  }

  /**
   * A model that steps with each observation, emits after each, and is closed by markers alone.
   *
   * @param features in the model's order
   */
  public static SequenceConfig of(OnnxFile model, List<Feature> features) {
    return new SequenceConfig(
        Served.of(model),
        features,
        Boundaries.NONE,
        Course.BY_ARRIVAL,
        Output.EVERY_STEP,
        null,
        Tuning.best(),
        Signature.of(List.of()));
  }

  /** This with another model, or one that is served otherwise. */
  public SequenceConfig with(Served other) {
    return new SequenceConfig(other, features, boundaries, course, output, memory, tuning, input);
  }

  /** This with other limits of a sequence. */
  public SequenceConfig with(Boundaries other) {
    return new SequenceConfig(served, features, other, course, output, memory, tuning, input);
  }

  /** This with observations of a series on another course. */
  public SequenceConfig with(Course other) {
    return new SequenceConfig(served, features, boundaries, other, output, memory, tuning, input);
  }

  /** This with observations of a series in another order. */
  public SequenceConfig with(Order other) {
    return with(new Course(other, course.advanceWhenIdle(), course.gap()));
  }

  /** This with gaps filled. */
  public SequenceConfig with(Gap other) {
    return with(new Course(course.order(), course.advanceWhenIdle(), other));
  }

  /** This with other outputs. */
  public SequenceConfig with(Output other) {
    return new SequenceConfig(served, features, boundaries, course, other, memory, tuning, input);
  }

  /** This with predictions at other times. */
  public SequenceConfig with(Emission other) {
    return with(output.with(other));
  }

  /** This with a decoder that runs when a prediction goes out. */
  public SequenceConfig with(Decoding other) {
    return with(output.with(other));
  }

  /** This with a memory across sequences, which duplicates, online scales and evaluations need. */
  public SequenceConfig with(@Nullable SeriesMemory other) {
    return new SequenceConfig(served, features, boundaries, course, output, other, tuning, input);
  }

  /**
   * This with what is known of where observations come from and what is read of a record, for the
   * pipeline signature.
   */
  public SequenceConfig with(Signature other) {
    return new SequenceConfig(served, features, boundaries, course, output, memory, tuning, other);
  }

  /** This at another speed; no output depends on it. */
  public SequenceConfig with(Tuning other) {
    return new SequenceConfig(served, features, boundaries, course, output, memory, other, input);
  }

  /** The ONNX file. */
  public OnnxFile model() {
    return served.model();
  }

  /** The decoder that runs when a prediction goes out; null without. */
  public @Nullable Decoding decoding() {
    return output.decoding();
  }

  /** How many of the last inputs each step runs from the initial state; {@link #STATEFUL}. */
  public int window() {
    return served.window();
  }

  /** In which the observations of a series step. */
  public Order order() {
    return course.order();
  }

  /** What of it a sequence's life goes by. */
  public Rules rules() {
    return new Rules(boundaries, output.emission(), memory, course.gap(), isAlone());
  }

  /** True where a decoder runs for each observation by itself, and nothing else does. */
  public boolean isAlone() {
    Decoding decoding = output.decoding();
    return decoding != null && decoding.alone();
  }

  /** The model as it is served: from its initial state, and itself or by windows of inputs. */
  public RecurrentModel serve(RecurrentModel stateful) {
    InitialState start = served.initialState();
    RecurrentModel from = start == null ? stateful : stateful.startingAt(start.values());
    return window() == STATEFUL ? from : from.window(window());
  }
}
