package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.StateNames;
import io.unroll.model.StateNames.Part;
import io.unroll.model.kernel.CellWeights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a graph calls its state, for a decoder that starts from it. */
final class StateNamesTest {
  private static final int N = 4;

  /** Slot names with the elements at which they stand. */
  private static Map<String, List<String>> text(Map<String, List<Part>> names) {
    Map<String, List<String>> text = new LinkedHashMap<>();
    names.forEach(
        (name, parts) ->
            text.put(name, parts.stream().map(p -> p.slot().name() + "@" + p.at()).toList()));
    return text;
  }

  private static StateNames names(OnnxFile file) throws OnnxException {
    return file.read().stateNames();
  }

  @Test
  void inputThatStartsACellAndOutputThatIsItsState() throws OnnxException {
    GoldenCase golden = GoldenCase.load("08-encoder-decoder-eos");
    StateNames encoder = names(golden.onnx("encoder"));
    assertEquals(Map.of(), encoder.starts());
    assertEquals(Map.of("h", List.of("/rnn/GRU.h@0")), text(encoder.ends()));
    assertEquals("h", encoder.output());
    StateNames decoder = names(golden.onnx("decoder"));
    assertEquals(Map.of("h0", List.of("/rnn/GRU.h@0")), text(decoder.starts()));
    assertEquals(Map.of("h", List.of("/rnn/GRU.h@0")), text(decoder.ends()));
    assertEquals("logits", decoder.output());
  }

  /** PyTorch keeps the layers of h and of c in one value each. */
  @Test
  void slicesOfAnInputAndStackedStates() throws OnnxException {
    StateNames names = names(GoldenCase.load("06-lstm-time-major-initial-state").onnx());
    assertEquals(
        Map.of(
            "h0", List.of("/rnn/LSTM.h@0", "/rnn/LSTM_1.h@10"),
            "c0", List.of("/rnn/LSTM.c@0", "/rnn/LSTM_1.c@10")),
        text(names.starts()));
    assertEquals(
        Map.of(
            "h", List.of("/rnn/LSTM.h@0", "/rnn/LSTM_1.h@10"),
            "c", List.of("/rnn/LSTM.c@0", "/rnn/LSTM_1.c@10")),
        text(names.ends()));
  }

  @Test
  void namedStatesEndAsTheOutputsThatTheyAreMappedTo() throws OnnxException {
    StateNames names = names(GoldenCase.load("14-one-step-graph-named-states").onnx());
    assertEquals(Map.of(), names.starts());
    assertEquals(
        Map.of("h_out", List.of("h_in@0"), "c_out", List.of("c_in@0"), "g_out", List.of("g_in@0")),
        text(names.ends()));
    assertEquals("y", names.output());
  }

  @Test
  void aLoopsCarriedValue() throws OnnxException {
    StateNames names = names(GoldenCase.load("20-tf1-gru").onnx());
    assertEquals(List.of(), List.copyOf(names.starts().keySet()));
    RecurrentModel scan =
        new TestGraph()
            .input("x", "time,batch,3")
            .input("h0", "batch," + N)
            .node(
                "Scan",
                "scan_1",
                "h0,x",
                "h,y",
                attribute("num_scan_inputs", 1),
                TestGraph.body(
                    "body",
                    new TestGraph()
                        .input("h_in", "batch," + N)
                        .input("x_t", "batch,3")
                        .weights("W", 3, N)
                        .node("MatMul", "w", "x_t,W", "xw")
                        .node("Add", "a", "xw,h_in", "h_out")
                        .node("Tanh", "t", "h_out", "y_t")
                        .output("h_out")
                        .output("y_t")))
            .output("y")
            .output("h")
            .file()
            .read();
    assertEquals(Map.of("h0", List.of("scan_1.h_in@0")), text(scan.stateNames().starts()));
    assertEquals(Map.of("h", List.of("scan_1.h_in@0")), text(scan.stateNames().ends()));
  }

  /** Two layers above each other; what the outputs make of their last states. */
  private static TestGraph layers() {
    return TestGraph.withGru()
        .longs("one", 1)
        .weights("R2", 1, 12, N)
        .weights("W2", 1, 12, N)
        .node("Squeeze", "squeeze", "g,one", "gs")
        .node("GRU", "gru_2", "gs,W2,R2", "k,kh", attribute("hidden_size", N))
        .node("Squeeze", "squeeze_2", "k,one", "ks")
        .node("Transpose", "back", "ks", "y", list("perm", 1, 0, 2))
        .output("y");
  }

  private static Map<String, List<String>> ends(TestGraph graph) throws OnnxException {
    return text(names(graph.output("s").file()).ends());
  }

  @Test
  void statesThatAreRearrangedAsAWhole() throws OnnxException {
    List<String> both = List.of("gru_1.h@0", "gru_2.h@4");
    assertEquals(
        both, ends(layers().node("Concat", "c", "gh,kh", "s", attribute("axis", 0))).get("s"));
    assertEquals(
        List.of("gru_2.h@0", "gru_1.h@4"),
        ends(layers().node("Concat", "c", "kh,gh", "s", attribute("axis", 2))).get("s"));
    assertEquals(
        both,
        ends(layers()
                .node("Concat", "c", "gh,kh", "gk", attribute("axis", 0))
                .node("Transpose", "t", "gk", "s", list("perm", 1, 0, 2)))
            .get("s"));
    assertEquals(
        List.of("gru_1.h@0"),
        ends(layers()
                .longs("zero", 0)
                .node("Squeeze", "sq", "gh,zero", "flat")
                .node("Unsqueeze", "un", "flat,one", "middle")
                .node("Identity", "id", "middle", "s"))
            .get("s"));
    // The last layer's, picked from the stack.
    assertEquals(
        List.of("gru_2.h@0"),
        ends(layers().scalar("last", -1).node("Gather", "g", "kh,last", "s", attribute("axis", 0)))
            .get("s"));
    // A sequence's last value is the state too.
    assertEquals(List.of("gru_2.h@0"), ends(layers().node("Identity", "id", "ks", "s")).get("s"));
  }

  /** Under another order, in parts or after arithmetic it is another value: no name for it. */
  @Test
  void statesThatAreTakenApartHaveNoName() throws OnnxException {
    assertEquals(
        Map.of("y", List.of("gru_2.h@0")),
        ends(
            layers()
                .node("Concat", "c", "gh,kh", "gk", attribute("axis", 0))
                .node("Transpose", "t", "gk", "s", list("perm", 1, 2, 0))));
    assertEquals(
        List.of("y"),
        List.copyOf(
            ends(layers()
                    .longs("two", 2)
                    .longs("zero", 0)
                    .node("Slice", "half", "gh,zero,two,two", "s"))
                .keySet()));
    assertEquals(List.of("y"), List.copyOf(ends(layers().node("Relu", "r", "gh", "s")).keySet()));
    assertEquals(
        List.of("y"),
        List.copyOf(
            ends(layers()
                    .weights("C", 1, 1, N)
                    .node("Relu", "r", "kh", "rh")
                    .node("Concat", "c", "gh,rh", "s", attribute("axis", 0)))
                .keySet()));
    // The layer above is not read when the one below is followed.
    assertEquals(
        Map.of("gs", List.of("gru_1.h@0")),
        text(names(layers().output("gs").output("kh").file().withOutput("gs")).ends()));
  }

  /** What no followed output needs may be anything, also what would be refused. */
  @Test
  void anOutputThatCannotBeReadHarmsNothing() throws OnnxException {
    assertEquals(
        List.of("y"),
        List.copyOf(
            ends(layers()
                    .longs("nine", 9)
                    .node("Gather", "g", "gh,nine", "t", attribute("axis", 2))
                    .node("Identity", "i", "t", "s"))
                .keySet()));
  }

  /** Each of the outputs would list 4 096 slots. */
  @Test
  void manyOutputsOfManySlotsHaveNamesUpToALimit() throws OnnxException {
    TestGraph graph =
        layers()
            .node(
                "Concat",
                "c",
                String.join(",", Collections.nCopies(Limits.MAX_LIST, "gh")),
                "all",
                attribute("axis", 0));
    for (int i = 0; i < 100; i++) {
      graph.node("Identity", "i" + i, "all", "o" + i).output("o" + i);
    }
    Map<String, List<Part>> ends = names(graph.file()).ends();
    assertEquals(Limits.MAX_LIST, ends.getOrDefault("o0", List.of()).size());
    assertEquals(null, ends.get("o99"));
    assertTrue(
        ends.values().stream().mapToInt(List::size).sum() <= Limits.MAX_NAMED, "over the limit");
  }

  /** One input may start two slots, each at the same element. */
  @Test
  void oneInputThatStartsTwoCells() throws OnnxException {
    StateNames names =
        names(
            new TestGraph()
                .input("x", "time,batch,3")
                .input("s0", "1,batch," + N)
                .weights("W", 1, 16, 3)
                .weights("R", 1, 16, N)
                .longs("one", 1)
                .node("LSTM", "lstm_1", "x,W,R,,,s0,s0", "ys", attribute("hidden_size", N))
                .node("Squeeze", "squeeze", "ys,one", "y")
                .output("y")
                .file());
    assertEquals(Map.of("s0", List.of("lstm_1.h@0", "lstm_1.c@0")), text(names.starts()));
  }

  @Test
  void modelsThatNoGraphNames() {
    RecurrentModel built =
        RecurrentModel.builder()
            .inputs(1)
            .gru(
                new CellWeights(
                    "gru", 1, 2, new float[6], new float[12], new float[6], new float[6], 0),
                true)
            .build();
    assertEquals(StateNames.ofOutput("y"), built.stateNames());
    assertEquals(StateNames.ofOutput("y"), built.window(3).stateNames());
  }
}
