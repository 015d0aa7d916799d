package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.floatList;
import static io.unroll.model.onnx.TestGraph.list;
import static io.unroll.model.onnx.TestGraph.names;
import static io.unroll.model.onnx.TestGraph.withGru;
import static io.unroll.model.onnx.TestGraph.withGruBatchFirst;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.InvalidProtocolBufferException;
import io.unroll.model.GoldenCase;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The exact words of a refusal: node, operator, reason, way out. */
final class RefusalTest {

  private static void refused(String message, OnnxFile file) {
    assertEquals(message, assertThrows(OnnxException.class, file::read).getMessage());
  }

  private static void refused(String message, TestGraph graph) {
    refused(message, graph.file());
  }

  @Test
  void gruOfPytorchWithTheExportersDefect() throws InvalidProtocolBufferException {
    ModelProto good =
        ModelProto.parseFrom(
            GoldenCase.load("13-torch-default-exporter-gru-last-step").onnx().model());
    ModelProto.Builder bad = good.toBuilder().setProducerVersion("2.10");
    for (NodeProto.Builder node : bad.getGraphBuilder().getNodeBuilderList()) {
      if (node.getOpType().equals("GRU")) {
        node.setName("node_GRU_3");
        for (AttributeProto.Builder a : node.getAttributeBuilderList()) {
          if (a.getName().equals("linear_before_reset")) {
            a.setI(0);
          }
        }
      }
    }
    Map<String, byte[]> data =
        GoldenCase.load("13-torch-default-exporter-gru-last-step").onnx().externalData();
    refused(
        "GRU 'node_GRU_3': linear_before_reset=0 from producer pytorch 2.10; PyTorch's GRU is"
            + " always 1 (an exporter defect). Export with dynamo=False or a newer PyTorch.",
        new OnnxFile("wrong", bad.build().toByteArray(), data));
  }

  @Test
  void oneStepGraphWithNamedStates() {
    refused(
        "14-one-step-graph-named-states: no recurrent node. If the graph is one step, name its"
            + " states: states: {INPUT: OUTPUT}; its inputs are x, h_in, c_in, g_in, its outputs y,"
            + " h_out, c_out, g_out",
        GoldenCase.load("14-one-step-graph-named-states").onnx().withStates(Map.of()));
  }

  @Test
  void loopThatAnExporterUnrolled() {
    refused(
        "test: no recurrent node; 3 copies of one cell along time: the exporter unrolled the loop."
            + " Export with dynamo=False, or export one step and name its states.",
        new TestGraph()
            .input("x", "batch,3")
            .weights("W", 3, 3)
            .node("MatMul", "a", "x,W", "h1")
            .node("MatMul", "b", "h1,W", "h2")
            .node("MatMul", "c", "h2,W", "h3")
            .node("Tanh", "t", "h3", "y")
            .output("y"));
    refused(
        "test: no recurrent node; 2 copies of one cell along time: the exporter unrolled the loop."
            + " Export with dynamo=False, or export one step and name its states.",
        new TestGraph()
            .input("x", "batch,3")
            .weights("W", 3, 3)
            .node("Transpose", "t1", "W", "w1")
            .node("MatMul", "a", "x,w1", "h1")
            .node("Transpose", "t2", "W", "w2")
            .node("MatMul", "b", "h1,w2", "y")
            .output("y"));
  }

  @Test
  void graphsWithoutState() {
    refused(
        "test: no recurrent node among its 1 nodes: nothing in it has a state",
        new TestGraph().input("x", "batch,3").node("Tanh", "t", "x", "y").output("y"));
    refused(
        "If 'i': a branch inside the graph. Export the model with the branch taken",
        new TestGraph().input("x", "batch,3").node("If", "i", "x", "y").output("y"));
  }

  @Test
  void weightsOfAnotherShapeHaveBothNumbers() {
    refused(
        "GRU 'gru_1': R is (96, 40), expected (96, 32) from hidden_size 32",
        new TestGraph()
            .input("x", "time,batch,3")
            .weights("W", 1, 96, 3)
            .weights("R", 1, 96, 40)
            .node("GRU", "gru_1", "x,W,R", "y", attribute("hidden_size", 32))
            .output("y"));
    refused(
        "GRU 'gru_1': W is (12, 5), expected (12, 3) from hidden_size 4 and 3 inputs",
        new TestGraph()
            .input("x", "time,batch,3")
            .weights("W", 1, 12, 5)
            .weights("R", 1, 12, 4)
            .node("GRU", "gru_1", "x,W,R", "y", attribute("hidden_size", 4))
            .output("y"));
    refused(
        "MatMul 'm': weights of (5, 2) for rows of 4 values",
        withGruBatchFirst().weights("V", 5, 2).node("MatMul", "m", "y,V", "z").output("z"));
    refused(
        "Add 'a': a constant of (5) for values of (batch, time, 4)",
        withGruBatchFirst().weights("V", 5).node("Add", "a", "y,V", "z").output("z"));
  }

  private static TestGraph lstm(AttributeProto... attributes) {
    return new TestGraph()
        .input("x", "time,batch,3")
        .weights("W", 1, 16, 3)
        .weights("R", 1, 16, 4)
        .weights("P", 1, 12)
        .node("LSTM", "lstm_1", "x,W,R,,,,,", "y", attributes)
        .output("y");
  }

  @Test
  void recurrentNodesThatAStreamCannotRun() {
    refused(
        "LSTM 'lstm_1': direction=bidirectional needs the end of a sequence before its first"
            + " output; a stream runs forward only. Its forward half can be streamed only if the"
            + " model is retrained without the other",
        lstm(attribute("direction", "bidirectional")));
    refused(
        "LSTM 'lstm_1': direction=reverse needs the end of a sequence before its first output; a"
            + " stream runs forward only. Train a forward layer",
        lstm(attribute("direction", "reverse")));
    refused("LSTM 'lstm_1': layout is 2, expected 0 or 1", lstm(attribute("layout", 2)));
    refused("LSTM 'lstm_1': clip is 0.0, expected above 0", lstm(attribute("clip", 0f)));
    refused(
        "LSTM 'lstm_1': activation 'Gelu', supported are Affine, Relu, LeakyRelu, ThresholdedRelu,"
            + " Tanh, ScaledTanh, Sigmoid, HardSigmoid, Elu, Softsign, Softplus",
        lstm(names("activations", "Sigmoid", "Gelu", "Tanh")));
    refused(
        "LSTM 'lstm_1': activations [Sigmoid, Tanh], expected 3, as in [Sigmoid, Tanh, Tanh]",
        lstm(names("activations", "Sigmoid", "Tanh")));
    refused(
        "LSTM 'lstm_1': activation ScaledTanh without a value in activation_beta, for which ONNX has"
            + " no default",
        lstm(
            names("activations", "Sigmoid", "ScaledTanh", "Tanh"),
            floatList("activation_alpha", 0.5f)));
  }

  @Test
  void weightsOfOtherCells() {
    refused(
        "LSTM 'p': P is (16), expected (12) from hidden_size 4",
        new TestGraph()
            .input("x", "time,batch,3")
            .weights("W", 1, 16, 3)
            .weights("R", 1, 16, 4)
            .weights("P", 1, 16)
            .node("LSTM", "p", "x,W,R,,,,,P", "y")
            .output("y"));
    for (AttributeProto[] attributes :
        new AttributeProto[][] {
          {}, {attribute("hidden_size", 4)}, {attribute("hidden_size", 2)},
        }) {
      refused(
          "LSTM 'projected': R is (16, 2): 4 neurons projected to 2 (PyTorch's proj_size), which"
              + " ONNX's LSTM has no place for. Train without a projection",
          new TestGraph()
              .input("x", "time,batch,3")
              .weights("W", 1, 16, 3)
              .weights("R", 1, 16, 2)
              .node("LSTM", "projected", "x,W,R", "y", attributes)
              .output("y"));
    }
  }

  @Test
  void whatMixesSteps() {
    refused(
        "ReduceMean 'mean': averages over the steps (pooling over time); a stream has one step at a"
            + " time. Take the last step instead, and retrain",
        withGruBatchFirst().node("ReduceMean", "mean", "y", "z", list("axes", 1)).output("z"));
    refused(
        "Conv 'c': a convolution over the steps; a stream has one step at a time. Retrain without it,"
            + " with earlier values among the features",
        withGruBatchFirst().weights("K", 4, 4, 3).node("Conv", "c", "y,K", "z").output("z"));
    refused(
        "MatMul 'att': multiplies two computed values, as attention to all steps does. Take the"
            + " recurrent layer's last step in its place, and retrain",
        withGruBatchFirst()
            .node("Transpose", "t", "y", "yt", list("perm", 0, 2, 1))
            .node("MatMul", "att", "y,yt", "z")
            .output("z"));
    refused(
        "Softmax 's': runs over steps or series, which mixes them, as attention does. Take the"
            + " recurrent layer's last step in its place, and retrain",
        withGruBatchFirst().node("Softmax", "s", "y", "z", attribute("axis", 1)).output("z"));
    refused(
        "Gather 'third': takes step 3 of a sequence; a stream can take every step or the last one",
        withGruBatchFirst()
            .scalar("i", 3)
            .node("Gather", "third", "y,i", "z", attribute("axis", 1))
            .output("z"));
    refused(
        "Slice 'tail': takes 2 steps of a sequence; a stream can take every step or the last one",
        withGruBatchFirst()
            .longs("from", -2)
            .longs("to", Long.MAX_VALUE)
            .node("Slice", "tail", "y,from,to,one", "z")
            .output("z"));
    refused(
        "Slice 'flip': reverses the steps; a stream runs forward only",
        withGruBatchFirst()
            .longs("from", -1)
            .longs("to", Long.MIN_VALUE)
            .longs("back", -1)
            .node("Slice", "flip", "y,from,to,one,back", "z")
            .output("z"));
    refused(
        "Slice 'rows': takes parts of the axis of series; only the last step behind a recurrent"
            + " layer can be taken",
        withGruBatchFirst()
            .longs("from", 0)
            .longs("zero", 0)
            .node("Slice", "rows", "y,from,one,zero", "z")
            .output("z"));
    refused(
        "Add 'mix': combines the last step with every step, which mixes steps",
        withGru().node("Add", "mix", "g,gh", "z").output("z"));
    refused(
        "Reshape 'mixed': reshapes (batch, time, 4) to (batch, 4, time), which mixes steps or series",
        withGruBatchFirst().longs("s", 0, 4, -1).node("Reshape", "mixed", "y,s", "z").output("z"));
    refused(
        "Expand 'repeat': repeats a value along steps or series, which mixes them",
        withGru()
            .node("Shape", "shape", "g", "s")
            .node("Expand", "repeat", "gh,s", "z")
            .output("z"));
    refused(
        "GRU 'second': runs over the last step of another layer, not over the stream's steps",
        withGru()
            .weights("W2", 1, 6, 4)
            .weights("R2", 1, 6, 2)
            .node("GRU", "second", "gh,W2,R2", "z", attribute("linear_before_reset", 1))
            .output("z"));
  }

  @Test
  void whatWasExportedInTraining() {
    refused(
        "BatchNormalization 'b': training_mode=1 takes statistics over the batch. Export in eval"
            + " mode",
        withGru()
            .weights("s", 4)
            .node("BatchNormalization", "b", "g,s,s,s,s", "z", attribute("training_mode", 1))
            .output("z"));
    refused(
        "BatchNormalization 'b': its channels (axis 1) are steps or series, not features",
        withGruBatchFirst()
            .weights("s", 4)
            .node("BatchNormalization", "b", "y,s,s,s,s", "z")
            .output("z"));
  }

  @Test
  void attentionByWeightsOfTheSteps() {
    refused(
        "MatMul 'att': multiplies along the axis of steps or series, which mixes them, as attention"
            + " does. Take the recurrent layer's last step in its place, and retrain",
        withGruBatchFirst()
            .weights("V", 6, 2)
            .node("Transpose", "t", "y", "yt", list("perm", 0, 2, 1))
            .node("MatMul", "att", "yt,V", "z")
            .output("z"));
  }

  @Test
  void anOutputThatNoInputReaches() {
    refused(
        "test: inputs []: found 0 inputs of data, expected one (batch, steps, features)",
        new TestGraph()
            .weights("x", 5, 1, 3)
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("GRU", "g", "x,W,R", "y")
            .output("y"));
  }

  @Test
  void theNumberOfStepsCannotGoIntoTheArithmetic() {
    refused(
        "Cast 'float': computes with the number of steps or of series, which a stream does not have",
        withGruBatchFirst()
            .node("Shape", "shape", "y", "s")
            .scalar("i", 1)
            .node("Gather", "time", "s,i", "t")
            .node("Cast", "float", "t", "f", attribute("to", 1))
            .node("Div", "mean", "y,f", "z")
            .output("z"));
    refused(
        "Add 'position': a constant that differs from step to step or from series to series",
        new TestGraph()
            .input("x", "1,6,3")
            .weights("P", 1, 6, 3)
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("Add", "position", "x,P", "xp")
            .node("Transpose", "t", "xp", "xt", list("perm", 1, 0, 2))
            .node("GRU", "g", "xt,W,R", "y", attribute("linear_before_reset", 1))
            .output("y"));
  }

  @Test
  void statesThatDifferOrAreComputed() {
    refused(
        "GRU 'g': initial_h differs from series to series of the batch",
        new TestGraph()
            .input("x", "time,2,3")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .weights("h", 1, 2, 4)
            .node("GRU", "g", "x,W,R,,,h", "y")
            .output("y"));
    refused(
        "GRU 'second': initial_h is computed from the data (as a decoder's is); only a constant or"
            + " a graph input is read",
        withGru()
            .node("GRU", "second", "xt,W,R,B,,gh", "z", attribute("linear_before_reset", 1))
            .output("z"));
    refused(
        "GRU 'g': initial_h is (1, batch, 5), expected (1, batch, 4)",
        new TestGraph()
            .input("x", "time,batch,3")
            .input("h", "1,batch,5")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("GRU", "g", "x,W,R,,,h", "y")
            .output("y"));
    refused(
        "Tanh 't': computes with the initial state 'h'; only a recurrent node can take it",
        new TestGraph()
            .input("x", "time,batch,3")
            .input("h", "1,batch,4")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("Tanh", "t", "h", "th")
            .node("GRU", "g", "x,W,R,,,th", "y")
            .output("y"));
  }

  @Test
  void filesOutsideWhatIsRead() {
    refused(
        "test: operator set 6, expected 7 to 26. Export with opset_version=18",
        withGru().opset(6).output("g"));
    refused(
        "test: operator set 99, expected 7 to 26. Export with opset_version=18",
        withGru().opset(99).output("g"));
    refused(
        "Mystery 'm': domain 'com.example' is not ONNX's own. Export without custom operators",
        withGru().node("com.example", "Mystery", "m", "g", "z").output("z"));
    refused(
        "QuantizeLinear 'q': quantised weights or values; only floats are read. Export the model"
            + " before quantisation",
        withGru().node("QuantizeLinear", "q", "g", "z").output("z"));
    refused(
        "DynamicQuantizeLSTM 'q': quantised weights or values; only floats are read. Export the"
            + " model before quantisation",
        withGru().node("com.microsoft", "DynamicQuantizeLSTM", "q", "g", "z").output("z"));
    refused(
        "MaxPool 'm': pools over the steps; a stream has one step at a time. Take the recurrent"
            + " layer's last step in its place, and retrain",
        withGru().node("MaxPool", "m", "g", "z").output("z"));
    refused(
        "MultiHeadAttention 'a': attends to all steps; a stream has one step at a time. Take the"
            + " recurrent layer's last step in its place, and retrain",
        withGru().node("com.microsoft", "MultiHeadAttention", "a", "g", "z").output("z"));
    refused(
        "test: input 'x' is STRING, expected FLOAT",
        new TestGraph()
            .input("x", DataType.STRING, "time,batch,3")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("GRU", "g", "x,W,R", "y")
            .output("y"));
    refused(
        "test: inputs [x, z]: found 2 inputs of data, expected one (batch, steps, features)."
            + " Take all features of a step in one input of floats, and slice and cast it inside the"
            + " graph; put what never changes into the graph as a constant",
        withGru().input("z", "batch,time,4").node("Add", "a", "g,z", "s").output("s"));
    refused(
        "Add 'a': value 'nowhere' is used before a node makes it, or never made",
        withGru().node("Add", "a", "g,nowhere", "s").output("s"));
    refused("test: the graph has no output", withGru());
    refused(
        "test: metadata 'features' names 2 (a,b), the graph has 3",
        withGru().metadata("features", "a,b").output("g"));
  }

  @Test
  void unknownOperatorNamesTheWayOutAndOnlyOperatorsNearIt() {
    String out =
        ". Write this part of the network with operators that are read (model/docs/onnx.md lists"
            + " them), and export it again";
    refused(
        "Det 'd': operator not supported" + out, withGru().node("Det", "d", "g", "z").output("z"));
    refused(
        "InstanceNormalization 'n': operator not supported; near it are BatchNormalization,"
            + " LayerNormalization"
            + out,
        withGru().node("InstanceNormalization", "n", "g", "z").output("z"));
    refused(
        "ReduceSumOfAll 'r': operator not supported; near it are ReduceSum, ReduceLogSum,"
            + " ReduceSumSquare, ReduceLogSumExp, Sum"
            + out,
        withGru().node("ReduceSumOfAll", "r", "g", "z").output("z"));
  }

  @Test
  void bytesThatAreNotOnnx() {
    refused(
        "empty: not an ONNX model: no graph in 0 bytes",
        new OnnxFile("empty", new byte[0], Map.of()));
    byte[] whole = GoldenCase.load("03-lstm-dense-every-step").onnx().model();
    byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
    String message =
        assertThrows(OnnxException.class, new OnnxFile("half", half, Map.of())::read).getMessage();
    assertTrue(
        message.startsWith(
            "half: not an ONNX model, or a damaged one (" + half.length + " bytes): "),
        message);
  }
}
