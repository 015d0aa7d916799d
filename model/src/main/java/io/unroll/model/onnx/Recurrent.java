package io.unroll.model.onnx;

import io.unroll.model.cell.CellState;
import io.unroll.model.cell.CellWeights;
import io.unroll.model.cell.GruCell;
import io.unroll.model.cell.Join;
import io.unroll.model.cell.Literal;
import io.unroll.model.cell.LstmCell;
import io.unroll.model.cell.RnnCell;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.onnx.Factor.Feature;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * ONNX RNN, LSTM and GRU (operator sets 7 to 22), forward: the cell becomes a node of the step, the
 * axis of steps the stream. {@link RecurrentForm} reads which cell it is.
 */
final class Recurrent implements Operator {
  enum Kind {
    RNN(1),
    LSTM(4),
    GRU(3);

    private final int gates;

    Kind(int gates) {
      this.gates = gates;
    }
  }

  private static final int X = 0;
  private static final int W = 1;
  private static final int R = 2;
  private static final int B = 3;
  private static final int INITIAL_H = 5; // 4 is sequence_lens: the stream's own ends decide
  private static final int INITIAL_C = 6;
  private static final int P = 7;

  private final Kind kind;

  Recurrent(Kind kind) {
    this.kind = kind;
  }

  @Override
  public List<Value> apply(Call call) {
    checkDirection(call);
    StepValue x = call.step(X);
    if (x.last()) {
      throw new Refusal("runs over the last step of another layer, not over the stream's steps");
    }
    if (x.rank() != 3) {
      throw new Refusal("X has rank " + x.rank() + ", expected 3");
    }
    long layout = call.integer("layout", 0);
    if (layout != 0 && layout != 1) {
      throw new Refusal("layout is " + layout + ", expected 0 or 1");
    }
    boolean batchFirst = layout == 1;
    Axis time = x.axis(batchFirst ? 1 : 0);
    Axis batch = x.axis(batchFirst ? 0 : 1);
    if (!x.axis(2).isFeature()) {
      throw new Refusal("its features run along the steps or the series of the input");
    }
    call.trace().recurrentOver(time, batch);
    if (!call.trace().oneStep()) {
      boolean given = startsFromInput(call, INITIAL_H) || startsFromInput(call, INITIAL_C);
      call.trace().streamAlong(call.label(), x, time, batch, given);
    }
    CellWeights weights = weights(call, x.width());
    int n = weights.neurons();

    Axis features = Axis.of(new Feature(n));
    List<Axis> all =
        batchFirst
            ? List.of(batch, time, Axis.ONE, features)
            : List.of(time, Axis.ONE, batch, features);
    List<Axis> end =
        batchFirst ? List.of(batch, Axis.ONE, features) : List.of(Axis.ONE, batch, features);
    boolean oneStep = time.factors().isEmpty();
    StepGraph.Builder graph = call.graph();
    int input = x.register();
    return switch (kind) {
      case RNN -> {
        RnnForm form = RecurrentForm.rnn(call);
        CellState state = state(call, n, batchFirst, time, batch, INITIAL_H);
        RnnCell cell = new RnnCell(graph, weights, form, input, state);
        graph.add(cell);
        slotsEnd(call, state, cell.output());
        yield outputs(cell.output(), cell.output(), all, end, oneStep);
      }
      case LSTM -> {
        LstmForm form = RecurrentForm.lstm(call, peepholes(call, n));
        CellState state = state(call, n, batchFirst, time, batch, INITIAL_H, INITIAL_C);
        LstmCell cell = new LstmCell(graph, weights, form, input, state);
        graph.add(cell);
        slotsEnd(call, state, cell.output(), cell.memory());
        yield outputs(cell.output(), cell.memory(), all, end, oneStep);
      }
      case GRU -> {
        GruForm form = RecurrentForm.gru(call);
        CellState state = state(call, n, batchFirst, time, batch, INITIAL_H);
        GruCell cell = new GruCell(graph, weights, form, input, state);
        graph.add(cell);
        slotsEnd(call, state, cell.output());
        yield outputs(cell.output(), cell.output(), all, end, oneStep);
      }
    };
  }

  /**
   * The newest slots, if the state is in slots, have their next values in these registers.
   *
   * @param registers of h; for an LSTM of h and c
   */
  private static void slotsEnd(Call call, CellState state, int... registers) {
    if (state.kept()) {
      int first = call.trace().slotNames().size() - registers.length;
      for (int i = 0; i < registers.length; i++) {
        call.trace().links().end(first + i, registers[i]);
      }
    }
  }

  /** Y, Y_h and (LSTM) Y_c. */
  private static List<Value> outputs(
      int h, int c, List<Axis> all, List<Axis> end, boolean oneStep) {
    return List.of(
        new StepValue(h, all, false, Type.FLOAT),
        new StepValue(h, end, !oneStep, Type.FLOAT),
        new StepValue(c, end, !oneStep, Type.FLOAT));
  }

  private static void checkDirection(Call call) {
    String direction = call.text("direction", "forward").toLowerCase(Locale.ROOT);
    if (!direction.equals("forward")) {
      throw new Refusal(
          "direction="
              + direction
              + " needs the end of a sequence before its first output; a stream runs forward only."
              + (direction.equals("bidirectional")
                  ? " Its forward half can be streamed only if the model is retrained without the"
                      + " other"
                  : " Train a forward layer"));
    }
  }

  private CellWeights weights(Call call, int inputs) {
    Tensor w = call.constant(W, "W");
    Tensor r = call.constant(R, "R");
    if (r.rank() != 3) {
      throw new Refusal("R has rank " + r.rank() + ", expected 3");
    }
    checkProjection(w, r);
    long given = call.integer("hidden_size", r.dim(2));
    if (given <= 0 || given > Tensor.MAX_ELEMENTS / kind.gates) {
      throw new Refusal("hidden_size is " + given);
    }
    int n = (int) given;
    int rows = kind.gates * n;
    expect("R", r, " from hidden_size " + n, rows, n);
    expect("W", w, " from hidden_size " + n + " and " + inputs + " inputs", rows, inputs);
    float[] wb = new float[rows];
    float[] rb = new float[rows];
    long parameters = w.count() + r.count();
    if (call.optional(B) != null) {
      Tensor b = call.constant(B, "B");
      expect("B", b, " from hidden_size " + n, 2 * rows);
      float[] both = call.numbers(b);
      wb = Arrays.copyOf(both, rows);
      rb = Arrays.copyOfRange(both, rows, 2 * rows);
      parameters += b.count();
    }
    if (call.optional(P) instanceof Tensor p) {
      parameters += p.count();
    }
    return new CellWeights(
        call.name(), inputs, n, call.numbers(w), call.numbers(r), wb, rb, parameters);
  }

  /** The shape without ONNX's leading axis of directions. */
  private static void expect(String what, Tensor tensor, String because, int... dims) {
    int[] found = tensor.dims();
    if (found.length == 0 || found[0] != 1) {
      throw new Refusal(what + " is " + Shapes.text(found) + ", expected 1 direction in front");
    }
    int[] rest = Arrays.copyOfRange(found, 1, found.length);
    if (!Arrays.equals(rest, dims)) {
      throw new Refusal(
          what + " is " + Shapes.text(rest) + ", expected " + Shapes.text(dims) + because);
    }
    if (!tensor.isFloat()) {
      throw new Refusal(what + " holds whole numbers, expected floats");
    }
  }

  /** PyTorch's proj_size: fewer columns of R than neurons. */
  private void checkProjection(Tensor w, Tensor r) {
    int rows = r.dim(1);
    if (kind != Kind.LSTM || w.rank() != 3 || w.dim(1) != rows || rows % kind.gates != 0) {
      return;
    }
    int neurons = rows / kind.gates;
    if (r.dim(2) < neurons) {
      throw new Refusal(
          "R is (%d, %d): %d neurons projected to %d (PyTorch's proj_size), which ONNX's LSTM has"
                  .formatted(rows, r.dim(2), neurons, r.dim(2))
              + " no place for. Train without a projection");
    }
  }

  /** Empty when there are none, or none that counts. */
  private static float[] peepholes(Call call, int n) {
    if (call.optional(P) == null) {
      return new float[0];
    }
    Tensor p = call.constant(P, "P");
    expect("P", p, " from hidden_size " + n, 3 * n);
    float[] values = call.numbers(p);
    for (float value : values) {
      if (value != 0) {
        return values;
      }
    }
    return new float[0];
  }

  /**
   * Where the cell's state lives: kept by the stream, or in registers when the graph is one step
   * and says itself what a cell starts from.
   *
   * @param inputs the node's inputs with the initial parts, h before c
   */
  private static CellState state(
      Call call, int n, boolean batchFirst, Axis time, Axis batch, int... inputs) {
    if (call.trace().oneStep()) {
      if (!time.factors().isEmpty()) {
        throw new Refusal("runs over " + time.size() + " steps within one step");
      }
      int[] parts = new int[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        parts[i] =
            call.optional(inputs[i]) instanceof StepValue value
                ? given(value, inputs[i], n, batchFirst, batch)
                : constant(call, initial(call, inputs[i], n, batchFirst));
      }
      return CellState.given(call.graph(), joined(call, parts));
    }
    for (int input : inputs) {
      String slot = call.name() + (input == INITIAL_H ? ".h" : ".c");
      call.trace().slot(slot, initial(call, input, n, batchFirst), call.optional(input));
    }
    return CellState.kept(call.graph(), Math.multiplyExact(inputs.length, n));
  }

  private static boolean startsFromInput(Call call, int input) {
    return call.optional(input) instanceof Tensor start && start.origin() != null;
  }

  private static String role(int input) {
    return input == INITIAL_H ? "initial_h" : "initial_c";
  }

  /** The register of a previous state that is a value of the step. */
  private static int given(StepValue value, int input, int n, boolean batchFirst, Axis batch) {
    if (value.type() != Type.FLOAT) {
      throw new Refusal(role(input) + " holds whole numbers, expected floats");
    }
    if (value.last()) {
      throw computed(input);
    }
    Axis series = value.rank() == 3 ? value.axis(batchFirst ? 0 : 1) : Axis.ONE;
    if (value.rank() != 3
        || value.axis(batchFirst ? 1 : 0).size() != 1
        || !series.equals(batch)
        || !value.axis(2).isFeature()
        || value.width() != n) {
      int[] expected = batchFirst ? new int[] {batch.size(), 1, n} : new int[] {1, batch.size(), n};
      throw new Refusal(
          "%s is %s, expected %s, its series those of X"
              .formatted(role(input), Shapes.text(value.dims()), Shapes.text(expected)));
    }
    return value.register();
  }

  private static Refusal computed(int input) {
    return new Refusal(
        role(input)
            + " is computed from the data (as a decoder's is); only a constant or a graph input is"
            + " read");
  }

  private static int constant(Call call, float[] values) {
    Literal literal = new Literal(call.graph(), "", values);
    call.graph().add(literal);
    return literal.output();
  }

  private static int joined(Call call, int[] parts) {
    if (parts.length == 1) {
      return parts[0];
    }
    Join join = new Join(call.graph(), "", parts);
    call.graph().add(join);
    return join.output();
  }

  /** What the state starts from: the same for every series. */
  private static float[] initial(Call call, int input, int n, boolean batchFirst) {
    String role = role(input);
    @Nullable Value value = call.optional(input);
    if (value == null) {
      return new float[n];
    }
    if (!(value instanceof Tensor state)) {
      throw computed(input);
    }
    int batchAxis = batchFirst ? 0 : 1;
    int directions = batchFirst ? 1 : 0;
    if (state.rank() != 3 || state.dim(directions) != 1 || state.dim(2) != n) {
      String expected = batchFirst ? "(batch, 1, " + n + ")" : "(1, batch, " + n + ")";
      throw new Refusal(role + " is " + Shapes.text(state.dims()) + ", expected " + expected);
    }
    if (state.origin() != null) {
      if (!state.repeats(batchAxis)) {
        throw new Refusal(role + " takes other parts of '" + state.origin() + "' for each series");
      }
      return new float[n]; // the stream starts such a state from zero
    }
    int series = state.dim(batchAxis);
    Tensor first = state.slice(batchAxis, 0, 1, Math.min(1, series));
    float[] values = call.numbers(first);
    if (values.length != n) {
      throw new Refusal(role + " is " + Shapes.text(state.dims()) + ": no series");
    }
    if (!state.repeats(batchAxis)) {
      float[] every = call.numbers(state);
      for (int i = 0; i < every.length; i++) {
        if (every[i] != values[i % n]) {
          throw new Refusal(role + " differs from series to series of the batch");
        }
      }
    }
    return values;
  }
}
