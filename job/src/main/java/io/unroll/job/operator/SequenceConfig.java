package io.unroll.job.operator;

import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.OnnxFile;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the operator is told. Travels in the job graph; the model as bytes, so that
 * TaskManagers read no files.
 *
 * @param model the ONNX file
 * @param features in the model's order
 * @param boundaries what ends a sequence
 * @param emission when a prediction goes out
 * @param order in which the observations of a series step
 * @param advanceWhenIdle true if the event clock runs on with the wall clock while every partition
 *     of the source is silent; false if it stands
 * @param memory what is remembered of a series across its sequences; null for nothing
 * @param gap what happens where observations are missing; null for nothing
 * @param decoding the decoder that runs when a prediction goes out; null without
 * @param window how many of the last inputs each step runs from the initial state; {@link
 *     #STATEFUL} to go on from the state that the step before left
 * @param tuning how fast; no output depends on it
 */
public record SequenceConfig(
    OnnxFile model,
    List<Feature> features,
    Boundaries boundaries,
    Emission emission,
    Order order,
    boolean advanceWhenIdle,
    @Nullable SeriesMemory memory,
    @Nullable Gap gap,
    @Nullable Decoding decoding,
    int window,
    Tuning tuning)
    implements Serializable {

  /** No window: a step goes on from the state that the one before left. */
  public static final int STATEFUL = 0;

  public SequenceConfig {
    features = List.copyOf(features);
    if (window < STATEFUL || window > RecurrentModel.LONGEST_WINDOW) {
      throw new IllegalArgumentException(
          "window: found %d inputs, expected 1 to %d, or 0 for none"
              .formatted(window, RecurrentModel.LONGEST_WINDOW));
    }
  }

  /** A model that steps with each observation, emits after each, and is closed by markers alone. */
  public static SequenceConfig of(OnnxFile model, List<Feature> features) {
    return new SequenceConfig(
        model,
        features,
        Boundaries.NONE,
        Emission.EVERY_STEP,
        Order.ARRIVAL,
        false,
        null,
        null,
        null,
        STATEFUL,
        Tuning.best());
  }

  /** This with other boundaries. */
  public SequenceConfig with(Boundaries other) {
    return new SequenceConfig(
        model,
        features,
        other,
        emission,
        order,
        advanceWhenIdle,
        memory,
        gap,
        decoding,
        window,
        tuning);
  }

  /** This with predictions at other times. */
  public SequenceConfig with(Emission other) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        other,
        order,
        advanceWhenIdle,
        memory,
        gap,
        decoding,
        window,
        tuning);
  }

  /** This in another order. */
  public SequenceConfig with(Order other) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        emission,
        other,
        advanceWhenIdle,
        memory,
        gap,
        decoding,
        window,
        tuning);
  }

  /** This with an event clock that runs on, or stands, while every partition is silent. */
  public SequenceConfig withAdvanceWhenIdle(boolean advance) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        emission,
        order,
        advance,
        memory,
        gap,
        decoding,
        window,
        tuning);
  }

  /** This with a memory across sequences. */
  public SequenceConfig with(SeriesMemory other) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        emission,
        order,
        advanceWhenIdle,
        other,
        gap,
        decoding,
        window,
        tuning);
  }

  /** This with gaps filled. */
  public SequenceConfig with(Gap other) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        emission,
        order,
        advanceWhenIdle,
        memory,
        other,
        decoding,
        window,
        tuning);
  }

  /** This with a decoder. */
  public SequenceConfig with(Decoding other) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        emission,
        order,
        advanceWhenIdle,
        memory,
        gap,
        other,
        window,
        tuning);
  }

  /** This at another speed. */
  public SequenceConfig with(Tuning other) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        emission,
        order,
        advanceWhenIdle,
        memory,
        gap,
        decoding,
        window,
        other);
  }

  /** This by windows of so many inputs; {@link #STATEFUL} for none. */
  public SequenceConfig withWindow(int inputs) {
    return new SequenceConfig(
        model,
        features,
        boundaries,
        emission,
        order,
        advanceWhenIdle,
        memory,
        gap,
        decoding,
        inputs,
        tuning);
  }

  /** True where a decoder runs for each observation by itself, and nothing else does. */
  boolean isAlone() {
    return decoding != null && decoding.alone();
  }

  /** The model as it is served: itself, or by windows of inputs. */
  public RecurrentModel serve(RecurrentModel stateful) {
    return window == STATEFUL ? stateful : stateful.window(window);
  }
}
