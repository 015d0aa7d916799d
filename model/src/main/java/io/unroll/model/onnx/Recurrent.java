package io.unroll.model.onnx;

import io.unroll.model.cell.CellState;
import io.unroll.model.cell.Join;
import io.unroll.model.cell.Literal;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.kernel.CellForm;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.onnx.Factor.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent node (ONNX's RNN, LSTM and GRU, operator sets 7 to 22), forward: the cell becomes a
 * node of the step, the axis of steps the stream. {@link RecurrentForm} reads which cell it is.
 */
final class Recurrent implements Operator.Stateful {
  private static final int X = 0;
  private static final int W = 1;
  private static final int R = 2;
  private static final int B = 3;
  private static final int INITIAL_H = 5; // 4 is sequence_lens: the stream's own ends decide
  private static final int P = 7;

  private final CellForm standard;

  /**
   * @param standard what the operator means without attributes
   */
  Recurrent(CellForm standard) {
    this.standard = standard;
  }

  @Override
  public List<Value> apply(Call call, States states) {
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
      String out = call.around().layout();
      throw new Refusal(
          "its features run along the steps or the series of the input"
              + (out.isEmpty() ? "" : ". " + out));
    }
    if (states.oneStep()) {
      requireOneStep(call, time);
    }
    states.recurrentOver(time, batch);
    if (!states.oneStep()) {
      boolean given =
          IntStream.range(0, standard.states().size())
              .anyMatch(state -> startsFromInput(call, INITIAL_H + state));
      states.streamAlong(call.label(), x, time, batch, given);
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
    CellForm form = RecurrentForm.read(call, standard, peepholes(call, n));
    List<Integer> slots = new ArrayList<>();
    CellState state;
    if (states.oneStep()) {
      state = CellState.given(call.graph(), previous(call, n, batchFirst, batch));
    } else {
      for (int i = 0; i < form.states().size(); i++) {
        String slot = call.name() + "." + form.states().get(i);
        slots.add(states.slot(slot, initial(call, i, n, batchFirst), call.optional(INITIAL_H + i)));
      }
      state = CellState.kept(call.graph(), Math.multiplyExact(slots.size(), n));
    }
    RecurrentCell cell = new RecurrentCell(call.graph(), weights, form, x.register(), state);
    call.graph().add(cell);
    for (int i = 0; i < slots.size(); i++) {
      states.next(slots.get(i), cell.next(i));
    }
    List<Value> outputs = new ArrayList<>();
    outputs.add(new StepValue(cell.output(), all, false, Type.FLOAT)); // Y
    for (int i = 0; i < form.states().size(); i++) { // Y_h, Y_c
      outputs.add(new StepValue(cell.next(i), end, !oneStep, Type.FLOAT));
    }
    return outputs;
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
    if (given <= 0 || given > Limits.MAX_ELEMENTS / standard.gates()) {
      throw new Refusal("hidden_size is " + given);
    }
    int n = (int) given;
    int rows = standard.gates() * n;
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
    if (!(standard instanceof LstmForm)
        || w.rank() != 3
        || w.dim(1) != rows
        || rows % standard.gates() != 0) {
      return;
    }
    int neurons = rows / standard.gates();
    if (r.dim(2) < neurons) {
      throw new Refusal(
          "R is (%d, %d): %d neurons projected to %d (PyTorch's proj_size), which ONNX's LSTM has"
                  .formatted(rows, r.dim(2), neurons, r.dim(2))
              + " no place for. Train without a projection");
    }
  }

  /** Empty when there are none, or none that counts. */
  private float[] peepholes(Call call, int n) {
    if (standard.peepholeGates() == 0 || call.optional(P) == null) {
      return new float[0];
    }
    Tensor p = call.constant(P, "P");
    expect("P", p, " from hidden_size " + n, standard.peepholeGates() * n);
    float[] values = call.numbers(p);
    for (float value : values) {
      if (value != 0) {
        return values;
      }
    }
    return new float[0];
  }

  private static void requireOneStep(Call call, Axis time) {
    if (time.factors().isEmpty()) {
      return;
    }
    boolean batch = time.isOuter() && call.around().isOpen(time.outer());
    throw new Refusal(
        batch
            ? "runs along the open axis '%d' within one step, from row to row. Export with that axis fixed at 1"
                .formatted(time.size())
            : "runs over %d steps within one step. Export it over one: with an axis of 1"
                .formatted(time.size()));
  }

  private static boolean startsFromInput(Call call, int input) {
    return call.optional(input) instanceof Tensor start && start.origin() != null;
  }

  /**
   * The register of the previous states, when the graph is one step and says itself what they are.
   */
  private int previous(Call call, int n, boolean batchFirst, Axis batch) {
    int[] parts = new int[standard.states().size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] =
          call.optional(INITIAL_H + i) instanceof StepValue value
              ? given(value, role(i), n, batchFirst, batch)
              : constant(call, initial(call, i, n, batchFirst));
    }
    return joined(call, parts);
  }

  /** The name of the input that a state starts from. */
  private String role(int state) {
    return "initial_" + standard.states().get(state);
  }

  /** The register of a previous state that is a value of the step. */
  private static int given(StepValue value, String role, int n, boolean batchFirst, Axis batch) {
    if (value.type() != Type.FLOAT) {
      throw new Refusal(role + " holds whole numbers, expected floats");
    }
    if (value.last()) {
      throw computed(role);
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
              .formatted(role, Shapes.text(value.dims()), Shapes.text(expected)));
    }
    return value.register();
  }

  private static Refusal computed(String role) {
    return new Refusal(
        role
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
  private float[] initial(Call call, int place, int n, boolean batchFirst) {
    String role = role(place);
    @Nullable Value value = call.optional(INITIAL_H + place);
    if (value == null) {
      return new float[n];
    }
    if (!(value instanceof Tensor state)) {
      throw computed(role);
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
