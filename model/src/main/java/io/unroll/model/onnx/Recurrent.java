package io.unroll.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import io.unroll.model.cell.CellWeights;
import io.unroll.model.cell.GruCell;
import io.unroll.model.cell.LstmCell;
import io.unroll.model.cell.RnnCell;
import io.unroll.model.kernel.Activation;
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
 * axis of steps the stream.
 */
final class Recurrent implements Operator {
  enum Kind {
    RNN(1, "Tanh"),
    LSTM(4, "Sigmoid, Tanh, Tanh"),
    GRU(3, "Sigmoid, Tanh");

    private final int gates;
    private final String activations;

    Kind(int gates, String activations) {
      this.gates = gates;
      this.activations = activations;
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
    checkAttributes(call);
    StepValue x = call.step(X);
    if (x.last()) {
      throw new Refusal("runs over the last step of another layer, not over the stream's steps");
    }
    if (x.rank() != 3) {
      throw new Refusal("X has rank " + x.rank() + ", expected 3");
    }
    boolean batchFirst = call.integer("layout", 0) == 1;
    Axis time = x.axis(batchFirst ? 1 : 0);
    Axis batch = x.axis(batchFirst ? 0 : 1);
    if (!x.axis(2).isFeature()) {
      throw new Refusal("its features run along the steps or the series of the input");
    }
    call.trace().recurrentOver(time, batch);
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
    return switch (kind) {
      case RNN -> {
        RnnCell cell =
            new RnnCell(call.graph(), weights, RnnForm.of(rnnActivation(call)), x.register());
        call.graph().add(cell);
        call.trace().slot(call.name() + ".h", initial(call, INITIAL_H, n, batchFirst));
        yield outputs(cell.output(), cell.output(), all, end, oneStep);
      }
      case LSTM -> {
        LstmCell cell = new LstmCell(call.graph(), weights, LstmForm.STANDARD, x.register());
        call.graph().add(cell);
        call.trace().slot(call.name() + ".h", initial(call, INITIAL_H, n, batchFirst));
        call.trace().slot(call.name() + ".c", initial(call, INITIAL_C, n, batchFirst));
        yield outputs(cell.output(), cell.memory(), all, end, oneStep);
      }
      case GRU -> {
        GruCell cell =
            new GruCell(
                call.graph(), weights, GruForm.standard(linearBeforeReset(call)), x.register());
        call.graph().add(cell);
        call.trace().slot(call.name() + ".h", initial(call, INITIAL_H, n, batchFirst));
        yield outputs(cell.output(), cell.output(), all, end, oneStep);
      }
    };
  }

  /** Y, Y_h and (LSTM) Y_c. */
  private static List<Value> outputs(
      int h, int c, List<Axis> all, List<Axis> end, boolean oneStep) {
    return List.of(
        new StepValue(h, all, false, false),
        new StepValue(h, end, !oneStep, false),
        new StepValue(c, end, !oneStep, false));
  }

  private void checkAttributes(Call call) {
    String direction = call.text("direction", "forward").toLowerCase(Locale.ROOT);
    if (!direction.equals("forward")) {
      throw new Refusal(
          "direction="
              + direction
              + " needs the end of a sequence before its first output; a stream runs forward only."
              + " Train a forward layer");
    }
    if (call.attribute("clip") != null) {
      throw new Refusal("clip is not supported");
    }
    if (call.integer("input_forget", 0) != 0) {
      throw new Refusal("input_forget=1 is not supported");
    }
    if (call.optional(P) != null) {
      float[] peepholes = call.numbers(call.constant(P, "P"));
      for (float p : peepholes) {
        if (p != 0) {
          throw new Refusal("peepholes (input P) are not supported");
        }
      }
    }
    List<String> activations = activations(call);
    if (kind != Kind.RNN && !String.join(", ", activations).equals(kind.activations)) {
      throw new Refusal(
          "activations " + activations + ", supported are [" + kind.activations + "]");
    }
  }

  private List<String> activations(Call call) {
    AttributeProto a = call.attribute("activations");
    if (a == null) {
      return List.of(kind.activations.split(", ", -1));
    }
    // ONNX takes the names in any case.
    return a.getStringsList().stream()
        .map(ByteString::toStringUtf8)
        .map(Recurrent::titled)
        .toList();
  }

  private static String titled(String name) {
    return name.isEmpty()
        ? name
        : name.substring(0, 1).toUpperCase(Locale.ROOT)
            + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private Activation rnnActivation(Call call) {
    List<String> activations = activations(call);
    return switch (activations.size() == 1 ? activations.get(0) : "") {
      case "Tanh" -> Activation.TANH;
      case "Relu" -> Activation.RELU;
      case "Sigmoid" -> Activation.SIGMOID;
      default ->
          throw new Refusal(
              "activations " + activations + ", supported is one of [Tanh, Relu, Sigmoid]");
    };
  }

  private static boolean linearBeforeReset(Call call) {
    boolean linear = call.integer("linear_before_reset", 0) != 0;
    if (!linear && call.trace().producer().matches("pytorch( .*)?")) {
      throw new Refusal(
          "linear_before_reset=0 from producer "
              + call.trace().producer()
              + "; PyTorch's GRU is always 1 (an exporter defect)."
              + " Export with dynamo=False or a newer PyTorch.");
    }
    return linear;
  }

  private CellWeights weights(Call call, int inputs) {
    Tensor w = call.constant(W, "W");
    Tensor r = call.constant(R, "R");
    if (r.rank() != 3) {
      throw new Refusal("R has rank " + r.rank() + ", expected 3");
    }
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

  /** What the state starts from: the same for every series. */
  private static float[] initial(Call call, int input, int n, boolean batchFirst) {
    String role = input == INITIAL_H ? "initial_h" : "initial_c";
    @Nullable Value value = call.optional(input);
    if (value == null) {
      return new float[n];
    }
    if (!(value instanceof Tensor state)) {
      throw new Refusal(
          role
              + " is computed from the data (as a decoder's is); only a constant or a graph input is read");
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
