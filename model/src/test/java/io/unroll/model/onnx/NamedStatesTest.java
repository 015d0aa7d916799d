package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtException;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.StateLayout;
import io.unroll.model.Workspace;
import io.unroll.model.onnx.OnnxRuntime.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;

/**
 * Graphs over one step whose states go in and come out by name, stepped here and in ONNX Runtime.
 */
final class NamedStatesTest {
  private static final int N = 4;

  private final long seed = Seeds.seed();
  private final Random random = Seeds.random(seed);

  /** x (batch, 3) and h (batch, 4) to y and h_out: a cell written out. */
  private static TestGraph cell(String batch) {
    return new TestGraph()
        .input("x", batch + ",3")
        .input("h_in", batch + "," + N)
        .weights("W", 3, N)
        .weights("R", N, N)
        .weights("D", N, 2)
        .node("MatMul", "xw", "x,W", "xw")
        .node("MatMul", "hr", "h_in,R", "hr")
        .node("Add", "sum", "xw,hr", "sum")
        .node("Tanh", "tanh", "sum", "h_out")
        .node("MatMul", "dense", "h_out,D", "y")
        .output("y")
        .output("h_out");
  }

  /** A recurrent node run over one step: x (batch, steps, 3), h and c (1, batch, 4). */
  private static TestGraph lstm() {
    return new TestGraph()
        .input("x", "batch,steps,3")
        .input("h0", "1,batch," + N)
        .input("c0", "1,batch," + N)
        .weights("W", 1, 16, 3)
        .weights("R", 1, 16, N)
        .weights("B", 1, 32)
        .node("Transpose", "turn", "x", "xt", list("perm", 1, 0, 2))
        .node("LSTM", "lstm_1", "xt,W,R,B,,h0,c0", "ys,hn,cn", attribute("hidden_size", N))
        .longs("one", 1)
        .node("Squeeze", "squeeze", "ys,one", "y1")
        .node("Transpose", "back", "y1", "y", list("perm", 1, 0, 2))
        .output("y")
        .output("hn")
        .output("cn");
  }

  /**
   * Steps a batch of 3 five times in both.
   *
   * @param dims of x and of each state, for a batch of 3
   */
  private void same(OnnxFile file, Map<String, String> states, Map<String, long[]> dims)
      throws OnnxException, OrtException {
    RecurrentModel model = file.read();
    int batch = 3;
    Map<String, Values> there = new HashMap<>();
    for (String state : states.keySet()) {
      long[] d = dims.getOrDefault(state, new long[0]);
      int count = (int) Arrays.stream(d).reduce(1, (a, b) -> a * b);
      there.put(state, new Values(d, new float[count]));
    }
    FMatrixRMaj input = new FMatrixRMaj(batch, model.inputSize());
    FMatrixRMaj state = new FMatrixRMaj(batch, model.stateLayout().size());
    Workspace workspace = model.workspace(batch);
    try (OnnxRuntime runtime = new OnnxRuntime(file)) {
      for (int step = 0; step < 5; step++) {
        for (int i = 0; i < input.data.length; i++) {
          input.data[i] = (float) random.nextGaussian();
        }
        there.put("x", new Values(dims.getOrDefault("x", new long[0]), input.data.clone()));
        Map<String, Values> expected = runtime.run(there);
        model.step(input, state, workspace);
        float[] y = expected.values().iterator().next().data();
        for (int i = 0; i < y.length; i++) {
          assertTrue(
              GoldenCase.close(y[i], workspace.output().data[i]),
              "step %d value %d: expected %s, found %s, %s"
                  .formatted(step, i, y[i], workspace.output().data[i], Seeds.message(seed)));
        }
        states.forEach(
            (in, out) -> {
              Values next = expected.get(out);
              if (next != null) {
                there.put(in, next.as(dims.getOrDefault(in, new long[0])));
              }
            });
      }
    }
  }

  @Test
  void aCellOfItsOwn() throws OnnxException, OrtException {
    Map<String, String> states = Map.of("h_in", "h_out");
    OnnxFile file = cell("batch").file().withStates(states);
    same(file, states, Map.of("x", new long[] {3, 3}, "h_in", new long[] {3, N}));
    assertEquals(List.of(new StateLayout.Slot("h_in", 0, N)), file.read().stateLayout().slots());
    assertTrue(file.read().everyStep());
  }

  @Test
  void aBatchThatTheFileFixes() throws OnnxException, OrtException {
    Map<String, String> states = Map.of("h_in", "h_out");
    same(
        cell("3").file().withStates(states),
        states,
        Map.of("x", new long[] {3, 3}, "h_in", new long[] {3, N}));
    OnnxFile one = cell("1").file().withStates(states);
    assertEquals(3, one.read().inputSize());
    assertEquals(N, one.read().stateLayout().size());
  }

  @Test
  void aRecurrentNodeOverOneStep() throws OnnxException, OrtException {
    Map<String, String> states = Map.of("h0", "hn", "c0", "cn");
    OnnxFile file = lstm().file().withStates(states);
    same(
        file,
        states,
        Map.of("x", new long[] {3, 1, 3}, "h0", new long[] {1, 3, N}, "c0", new long[] {1, 3, N}));
    // The same file read as a whole sequence has the same bits: its states are the node's own.
    RecurrentModel whole = lstm().file().read();
    assertEquals(2 * N, whole.stateLayout().size());
    FMatrixRMaj x = new FMatrixRMaj(1, 3);
    x.data = new float[] {1, -1, 0.5f};
    FMatrixRMaj a = new FMatrixRMaj(1, 2 * N);
    FMatrixRMaj b = new FMatrixRMaj(1, 2 * N);
    RecurrentModel named = file.read();
    Workspace ofNamed = named.workspace(1);
    Workspace ofWhole = whole.workspace(1);
    for (int step = 0; step < 3; step++) {
      named.step(x, a, ofNamed);
      whole.step(x, b, ofWhole);
      assertArrayEquals(ofWhole.output().data, ofNamed.output().data);
    }
  }

  @Test
  void aRecurrentNodeWithoutANamedStateStartsAnewAtEveryStep() throws OnnxException, OrtException {
    TestGraph graph =
        new TestGraph()
            .input("x", "batch,1,3")
            .input("s_in", "batch,1,4")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, N)
            .node("Transpose", "turn", "x", "xt", list("perm", 1, 0, 2))
            .node("GRU", "gru_1", "xt,W,R", "ys,hn", attribute("hidden_size", N))
            .node("Transpose", "back", "hn", "h", list("perm", 1, 0, 2))
            .node("Add", "sum", "h,s_in", "s_out")
            .output("s_out");
    Map<String, String> states = Map.of("s_in", "s_out");
    OnnxFile file = graph.file().withStates(states);
    same(file, states, Map.of("x", new long[] {3, 1, 3}, "s_in", new long[] {3, 1, 4}));
    assertEquals(N, file.read().stateLayout().size());
  }

  @Test
  void theChoiceIsPartOfTheFingerprint() throws OnnxException {
    OnnxFile file = lstm().file();
    OnnxFile named = file.withStates(Map.of("h0", "hn", "c0", "cn"));
    assertNotEquals(file.fingerprint(), named.fingerprint());
    assertNotEquals(file.fingerprint(), file.withOutput("hn").fingerprint());
    assertEquals(named.fingerprint(), named.read().fingerprint());
    assertEquals(
        named.fingerprint(),
        lstm().file().withStates(Map.of("c0", "cn", "h0", "hn")).fingerprint());
  }

  @Test
  void anotherOutputIsPicked() throws OnnxException {
    assertEquals(2, cell("b").file().withStates(Map.of("h_in", "h_out")).read().outputSize());
    assertEquals(
        N,
        cell("b")
            .file()
            .withStates(Map.of("h_in", "h_out"))
            .withOutput("h_out")
            .read()
            .outputSize());
    assertEquals(false, lstm().file().withOutput("cn").read().everyStep());
  }

  private static void refused(String message, OnnxFile file) {
    assertEquals(message, assertThrows(OnnxException.class, file::read).getMessage());
  }

  @Test
  void namesThatTheGraphDoesNotHave() {
    refused(
        "test: no output 'z' among the graph's outputs y, h_out", cell("b").file().withOutput("z"));
    refused(
        "test: state 'g': no such input among the graph's x, h_in",
        cell("b").file().withStates(Map.of("g", "h_out")));
    refused(
        "test: state 'h_in: g': no such output among the graph's y, h_out",
        cell("b").file().withStates(Map.of("h_in", "g")));
  }

  @Test
  void statesThatDoNotFit() {
    refused(
        "test: state 'h_in: y': the input's numbers are FLOAT, the output's WHOLE",
        new TestGraph()
            .input("x", "b,4")
            .input("h_in", "b,4")
            .node("Add", "a", "x,h_in", "h_out")
            .node("Cast", "c", "h_out", "y", attribute("to", DataType.INT64.getNumber()))
            .output("y")
            .file()
            .withStates(Map.of("h_in", "y")));
    refused(
        "test: state 'h_in: y': the input is (b, 4), the output (b, 2)",
        cell("b").file().withStates(Map.of("h_in", "y")));
    refused(
        "test: inputs [x, c_in]: found 2 inputs of data, expected one (batch, features). Take all"
            + " features of a step in one input of floats, and slice and cast it inside the graph;"
            + " put what never changes into the graph as a constant; if all but one are states of"
            + " one step, name them: states: {h_in: h_out}",
        new TestGraph()
            .input("x", "b,4")
            .input("h_in", "b,4")
            .input("c_in", "b,4")
            .node("Add", "a", "x,h_in", "h_out")
            .node("Add", "b", "h_out,c_in", "y")
            .output("y")
            .output("h_out")
            .file()
            .withStates(Map.of("h_in", "h_out")));
    refused(
        "test: input 'h_in' is STRING, expected FLOAT",
        new TestGraph()
            .input("x", "b,4")
            .input("h_in", DataType.STRING, "b,4")
            .node("Add", "a", "x,h_in", "h_out")
            .output("h_out")
            .file()
            .withStates(Map.of("h_in", "h_out")));
    refused(
        "test: state 'h_in' has an open extent, the input has none",
        new TestGraph()
            .input("x", "1,4")
            .input("h_in", "b,4")
            .node("Add", "a", "x,h_in", "h_out")
            .output("h_out")
            .file()
            .withStates(Map.of("h_in", "h_out")));
  }

  /** It would be zero at every step, whereas who runs the file elsewhere hands it on. */
  @Test
  void aStateThatIsForgotten() {
    refused(
        "test: input 'c0' starts a state that is not named, and would start anew at every step."
            + " Name it: states: {c0: cn}, or another of its outputs",
        lstm().file().withStates(Map.of("h0", "hn")));
  }

  /** A flag of the episode's start, as reinforcement learning's policies take: nothing gives it. */
  @Test
  void aFurtherInputThatNoOutputContinues() {
    TestGraph graph =
        new TestGraph()
            .input("x", "batch,3")
            .input("h_in", "1,batch,4")
            .input("c_in", "1,batch,4")
            .input("episode_start", "1")
            .weights("W", 1, 16, 3)
            .weights("R", 1, 16, 4)
            .floats("one", new float[] {1}, 1)
            .longs("zero", 0)
            .node("Sub", "kept", "one,episode_start", "kept")
            .node("Mul", "mh", "h_in,kept", "h0")
            .node("Mul", "mc", "c_in,kept", "c0")
            .node("Unsqueeze", "u", "x,zero", "steps")
            .node("LSTM", "lstm_1", "steps,W,R,,,h0,c0", "y,h_out,c_out")
            .output("y", DataType.FLOAT, "1,1,batch,4")
            .output("h_out", DataType.FLOAT, "1,batch,4")
            .output("c_out", DataType.FLOAT, "1,batch,4");
    refused(
        "test: input 'episode_start' starts a state that is not named, and would start anew at"
            + " every step. No output of the graph is left that could be its next value: export the"
            + " graph with a constant in its place, such as 0",
        graph.file().withStates(Map.of("h_in", "h_out", "c_in", "c_out")));
  }
}
