package io.unroll.job.life;

import io.unroll.job.state.SequenceState;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.cell.Embed;
import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Rows of different series that advance one step together. Knows nothing of keys, time or state
 * backends: the operator decides which observation steps from which hidden state, loads it as a
 * row, runs, and takes each row's result.
 *
 * <p>Works on copies: a row that fails leaves the hidden state it came from untouched.
 */
public final class Advance {
  /**
   * Rows that {@link #warmUp} advances at most: what the JIT wants to see of the smallest model.
   */
  private static final long WARM_ROWS = 1 << 14;

  /** Products and copies at most: of a larger model the JIT sees as much in fewer rows. */
  private static final long WARM_WORK = 1 << 28;

  /** Floats of hidden state that a batch works on at most: 64 MiB. */
  private static final int MOST_STATE = 1 << 24;

  private final RecurrentModel model;
  private final Features features;
  private final Workspace workspace;
  private final FMatrixRMaj input; // (rows, features)
  private final FMatrixRMaj hidden; // (rows, state)
  private final float[] initial; // (state)

  public Advance(RecurrentModel model, Features features, int rows) {
    this.model = model;
    this.features = features;
    this.workspace = model.workspace(rows);
    this.input = new FMatrixRMaj(rows, model.inputSize());
    this.hidden = new FMatrixRMaj(rows, model.stateLayout().size());
    this.initial = new float[model.stateLayout().size()];
    model.initialState(initial, 0);
  }

  /** Rows that a batch has room for: those wanted, or fewer where a long window makes them wide. */
  public static int rows(RecurrentModel model, int wanted) {
    return Math.max(1, Math.min(wanted, MOST_STATE / Math.max(1, model.stateLayout().size())));
  }

  /**
   * Runs steps for nothing, so that the first observations do not wait for the JIT: vectors that it
   * has not compiled yet take a thousand times as long. One row less than a batch, because what is
   * left over from whole tiles of rows takes a way of its own.
   */
  public void warmUp() {
    if (!model.graph().kernel().wantsWarmUp()) {
      return;
    }
    int rows = Math.max(1, workspace.capacity() - 1);
    warmUp(rows);
    if (rows > 1) {
      warmUp(1); // the usual batch of a slow stream
    }
  }

  private void warmUp(int rows) {
    long products =
        model.graph().nodes().stream()
            .filter(node -> !(node instanceof Embed)) // a step looks one row of it up
            .mapToLong(node -> node.layer().parameters())
            .sum();
    long steps =
        Math.max(1, Math.min(WARM_ROWS, WARM_WORK / (1 + products + initial.length)) / rows);
    Arrays.fill(input.data, 0);
    for (long step = 0; step < steps; step++) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(initial, 0, hidden.data, row * initial.length, initial.length);
      }
      run(rows);
    }
  }

  /** The state that a sequence starts from. (state) */
  public float[] initialState() {
    return initial.clone();
  }

  /**
   * Prepares a row: from an observation's features, or for a filled step from what its sequence
   * says that the model sees.
   *
   * @return why the observation cannot be stepped, or null
   */
  public @Nullable String load(int row, Row request) {
    int offset = row * model.inputSize();
    SequenceState current = request.current();
    loadHidden(row, current == null ? null : current.hidden);
    long timestamp = request.observation().timestamp;
    if (current == null) {
      return features.apply(
          request.series(),
          request.raw(),
          request.left(),
          request.moments(),
          timestamp,
          SequenceState.NONE,
          input.data,
          offset);
    }
    float[] inputs = current.inputs;
    if (request.fills() && inputs != null) {
      System.arraycopy(inputs, 0, input.data, offset, inputs.length);
      return null;
    }
    return features.apply(
        request.series(),
        request.raw(),
        current.previous,
        request.moments(),
        timestamp,
        current.seen,
        input.data,
        offset);
  }

  private void loadHidden(int row, float @Nullable [] from) {
    float[] source = from != null ? from : initial;
    System.arraycopy(source, 0, hidden.data, row * initial.length, initial.length);
  }

  /** Advances the first {@code rows} rows by one step. */
  public void run(int rows) {
    input.reshape(rows, model.inputSize());
    hidden.reshape(rows, initial.length);
    model.step(input, hidden, workspace);
  }

  /** Why a row did not advance, or null. */
  @Nullable String fault(int row) {
    return workspace.advanced(row) ? null : "the model's result of this step is not finite";
  }

  /** Copies a row's hidden state after the step to {@code to}. (state) Modified. */
  public void takeHidden(int row, float[] to) {
    System.arraycopy(hidden.data, row * initial.length, to, 0, initial.length);
  }

  /** What the model saw in a row. (features) */
  float[] inputs(int row) {
    float[] result = new float[input.numCols];
    System.arraycopy(input.data, row * input.numCols, result, 0, input.numCols);
    return result;
  }

  /** A row's output. (outputs) */
  public float[] output(int row) {
    FMatrixRMaj output = workspace.output();
    float[] result = new float[output.numCols];
    System.arraycopy(output.data, row * output.numCols, result, 0, output.numCols);
    return result;
  }
}
