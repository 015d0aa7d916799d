package io.unroll.job.life;

import io.unroll.connectors.record.Prediction;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.SequenceState;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.unroll.DecoderRules;
import io.unroll.model.unroll.Feedback;
import io.unroll.model.unroll.StateBridge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Decoders that run, those of different series as rows of one product: a run that stops makes room
 * for the next at once. Knows nothing of what comes after a run.
 */
public final class DecoderRuns {
  private final Decoding decoding;
  private final RecurrentModel model;
  private final Feedback feedback;
  private final @Nullable StateBridge bridge;
  private final boolean beginsWithInput;
  private final Emitter emitter;
  private final Counters counters;
  private final Consumer<String> keyContext;
  private final int capacity;
  private final Workspace workspace;
  private final FMatrixRMaj input; // (rows, inputs)
  private final FMatrixRMaj hidden; // (rows, state)

  private final Queue<DecoderRun> waiting = new ArrayDeque<>();
  private final List<DecoderRun> running = new ArrayList<>();
  private final Set<String> series = new HashSet<>();

  /**
   * @param encoder whose state a decoder starts from; null where each observation is decoded by
   *     itself
   * @param keyContext makes a series Flink's current key
   * @throws IllegalArgumentException when the decoder fits neither its rules nor the encoder
   */
  private DecoderRuns(
      Decoding decoding,
      RecurrentModel model,
      @Nullable RecurrentModel encoder,
      int rows,
      Emitter emitter,
      Counters counters,
      Consumer<String> keyContext) {
    this.decoding = decoding;
    this.model = model;
    this.feedback = new Feedback(decoding.rules(), model);
    this.bridge = encoder == null ? null : new StateBridge(encoder, model, decoding.states());
    this.beginsWithInput = decoding.rules().first() instanceof DecoderRules.First.Input;
    this.emitter = emitter;
    this.counters = counters;
    this.keyContext = keyContext;
    this.capacity = Advance.rows(model, rows);
    this.workspace = model.workspace(capacity);
    this.input = new FMatrixRMaj(capacity, model.inputSize());
    this.hidden = new FMatrixRMaj(capacity, model.stateLayout().size());
  }

  /**
   * What a configuration decodes with; null without a decoder.
   *
   * @param encoder the model as it is served
   * @param network the decoder's as it is served; null without
   */
  public static @Nullable DecoderRuns of(
      SequenceConfig config,
      RecurrentModel encoder,
      @Nullable RecurrentModel network,
      int rows,
      Emitter emitter,
      Counters counters,
      Consumer<String> keyContext) {
    Decoding decoding = config.decoding();
    return decoding == null || network == null
        ? null
        : new DecoderRuns(
            decoding,
            network,
            decoding.alone() ? null : encoder,
            rows,
            emitter,
            counters,
            keyContext);
  }

  /** Whether a sequence has what a run starts from: one of a job without the decoder may not. */
  boolean canStart(SequenceState state) {
    return (!needsInputs() || state.inputs != null) && (!needsOutput() || state.output != null);
  }

  /** Whether a run starts from the encoder's output. */
  boolean needsOutput() {
    return bridge != null && bridge.needsOutput();
  }

  /** Whether a run starts from what the encoder saw last. */
  boolean needsInputs() {
    return bridge != null && beginsWithInput;
  }

  /**
   * Starts a run from the state of a sequence.
   *
   * @param served whose decoder this is
   * @param output of the last step; null unless {@link #needsOutput}
   * @param then what follows, in the key context of the series
   */
  void start(
      ServedModel served,
      String key,
      SequenceState state,
      float @Nullable [] output,
      Prediction.Kind kind,
      String @Nullable [] keep,
      Continuation then) {
    if (bridge == null) {
      throw new IllegalStateException("a decoder alone has no sequence to start from");
    }
    float[] from = new float[model.stateLayout().size()];
    bridge.start(state.hidden, 0, output, 0, from, 0);
    add(
        new DecoderRun(served, key, state, kind, keep, from, new float[model.inputSize()], then),
        vector(state));
  }

  /** Starts a run from what one observation says. */
  void start(
      ServedModel served,
      String key,
      SequenceState state,
      float[] inputs,
      String @Nullable [] keep,
      Continuation then) {
    float[] from = new float[model.stateLayout().size()];
    model.initialState(from, 0);
    add(
        new DecoderRun(
            served,
            key,
            state,
            Prediction.Kind.DECODED,
            keep,
            from,
            new float[model.inputSize()],
            then),
        beginsWithInput ? inputs : null);
  }

  private float @Nullable [] vector(SequenceState state) {
    float[] inputs = state.inputs;
    if (!beginsWithInput || inputs == null || decoding.last().isEmpty()) {
      return beginsWithInput ? inputs : null;
    }
    float[] chosen = new float[decoding.last().size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = inputs[decoding.last().get(i)];
    }
    return chosen;
  }

  private void add(DecoderRun run, float @Nullable [] vector) {
    feedback.first(vector, run.input, 0);
    waiting.add(run);
    series.add(run.series);
  }

  /** Runs that are not over. */
  public int size() {
    return waiting.size() + running.size();
  }

  public boolean isFull() {
    return size() >= capacity;
  }

  public boolean holds(String key) {
    return series.contains(key);
  }

  /**
   * Advances as many runs as there is room for by one step.
   *
   * @return how many
   */
  public int advance() throws Exception {
    while (running.size() < capacity && !waiting.isEmpty()) {
      running.add(waiting.remove());
    }
    int rows = running.size();
    if (rows == 0) {
      return 0;
    }
    int inputs = model.inputSize();
    int state = model.stateLayout().size();
    for (int row = 0; row < rows; row++) {
      DecoderRun run = running.get(row);
      calendar(run);
      System.arraycopy(run.input, 0, input.data, row * inputs, inputs);
      System.arraycopy(run.hidden, 0, hidden.data, row * state, state);
    }
    input.reshape(rows, inputs);
    hidden.reshape(rows, state);
    model.step(input, hidden, workspace);
    List<DecoderRun> over = new ArrayList<>();
    int stays = 0;
    for (int row = 0; row < rows; row++) {
      DecoderRun run = running.get(row);
      if (goesOn(run, row)) {
        System.arraycopy(hidden.data, row * state, run.hidden, 0, state);
        running.set(stays++, run);
      } else {
        over.add(run);
      }
    }
    running.subList(stays, rows).clear();
    for (DecoderRun run : over) {
      series.remove(run.series);
      keyContext.accept(run.series);
      run.then.run();
    }
    return rows;
  }

  /** The score of a token, or all outputs in the units that the pipeline names. */
  private float[] unscaled(DecoderRun run, int token, float[] result, int at) {
    if (token != Feedback.NO_TOKEN) {
      return new float[] {result[at + token]};
    }
    float[] output = new float[model.outputSize()];
    System.arraycopy(result, at, output, 0, output.length);
    Unscaler unscaler = run.served.unscaler();
    return unscaler.isIdle() ? output : unscaler.apply(run.series, run.state, run.bases, output);
  }

  private void calendar(DecoderRun run) {
    int offset = feedback.fed();
    for (Calendar one : decoding.calendar()) {
      one.write(time(run, run.steps + 1), run.input, offset);
      offset += Calendar.INPUTS;
    }
  }

  private long time(DecoderRun run, int ahead) {
    return decoding.everyMillis() == Decoding.UNTIMED
        ? Prediction.NOT_PREDICTED
        : run.state.seen + ahead * decoding.everyMillis();
  }

  /** Emits a run's step; false if it was the last one. */
  private boolean goesOn(DecoderRun run, int row) {
    if (!workspace.advanced(row)) {
      counters.add(Counter.DECODES_CUT);
      return false;
    }
    int outputs = model.outputSize();
    float[] result = workspace.output().data;
    int at = row * outputs;
    int token = feedback.token(result, at);
    float[] output = unscaled(run, token, result, at);
    if (token == Feedback.NO_TOKEN && run.served.unscaler().fault(output) != null) {
      counters.add(Counter.DECODES_CUT);
      return false;
    }
    run.steps++;
    emitter.decoded(run, output, token, time(run, run.steps), model.id());
    if (run.steps >= decoding.rules().steps() || feedback.stops(result, at)) {
      return false;
    }
    feedback.next(result, at, run.input, 0);
    return true;
  }
}
