package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;
import static io.unroll.model.onnx.TestGraph.withGruBatchFirst;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.kernel.TestKernel;
import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.Test;

/** What single operators do to a step, by answers worked out by hand. */
final class StepOperatorTest {
  private static final float[] X = {1.5f, -2.25f, 0.75f};

  /**
   * A graph in which something makes z (batch, steps, k) of x (batch, steps, 3), cast to floats.
   */
  private static float[] step(TestGraph graph, float... x) throws OnnxException {
    return step(TestKernel.create(), graph, x);
  }

  private static float[] step(Kernel kernel, TestGraph graph, float... x) throws OnnxException {
    RecurrentModel model = read(kernel, graph);
    Workspace workspace = model.workspace(1);
    FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
    model.step(FMatrixRMaj.wrap(1, x.length, x.clone()), state, workspace);
    assertTrue(workspace.advanced(0), "the step counts: " + workspace.output());
    float[] row = Arrays.copyOf(workspace.output().data, model.outputSize());
    return Arrays.copyOf(row, row.length - 4);
  }

  private static boolean advances(TestGraph graph, float... x) throws OnnxException {
    RecurrentModel model = read(TestKernel.create(), graph);
    Workspace workspace = model.workspace(1);
    FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
    model.step(FMatrixRMaj.wrap(1, x.length, x.clone()), state, workspace);
    return workspace.advanced(0);
  }

  /** With the recurrent layer's y behind z, since only what an output needs is read. */
  private static RecurrentModel read(Kernel kernel, TestGraph graph) throws OnnxException {
    return graph
        .node("Cast", "float", "z", "zf", attribute("to", DataType.FLOAT_VALUE))
        .node("Concat", "both", "zf,y", "out", attribute("axis", 2))
        .output("out")
        .file()
        .read(kernel);
  }

  private static void gives(float[] expected, TestGraph graph) throws OnnxException {
    assertArrayEquals(expected, step(graph, X), 1e-6f);
  }

  private static float[] of(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void refused(String message, TestGraph graph) {
    graph.node("Add", "after", "z,y", "sum").output("sum");
    assertEquals(
        message, assertThrows(OnnxException.class, () -> graph.file().read()).getMessage());
  }

  private static TestGraph op(String op, AttributeProto... attributes) {
    return withGruBatchFirst().node(op, "n", "x", "z", attributes);
  }

  @Test
  void constantsFoldToTheBitsOfThePlainKernelsStep() throws OnnxException {
    String[] plain = {
      "Tanh",
      "Sigmoid",
      "Relu",
      "Neg",
      "Abs",
      "Exp",
      "Reciprocal",
      "Sin",
      "Cos",
      "Erf",
      "Floor",
      "Ceil",
      "Round",
      "Sign",
      "Softplus",
      "Softsign",
      "HardSwish",
      "Mish",
      "LeakyRelu",
      "ThresholdedRelu",
      "Elu",
      "Celu",
      "Swish",
      "HardSigmoid",
      "Selu",
      "Gelu",
      "Softmax",
      "LogSoftmax",
      "Sum",
      "Mean",
      "Identity",
      "ReduceSum",
      "ReduceMean",
      "ReduceMax",
      "ReduceMin",
      "ReduceProd",
      "ReduceL1",
      "ReduceL2",
      "ReduceSumSquare",
      "ReduceLogSumExp",
      "ArgMax",
      "ArgMin"
    };
    for (String name : plain) {
      AttributeProto[] attributes = {};
      if (name.startsWith("Reduce")) {
        attributes = new AttributeProto[] {list("axes", 2)};
      } else if (name.startsWith("Arg")) {
        attributes = new AttributeProto[] {attribute("axis", -1)};
      }
      TestGraph onStep = op(name, attributes);
      TestGraph onConstant =
          withGruBatchFirst()
              .floats("c", X, 1, 1, 3)
              .floats("none", new float[3], 3)
              .node(name, "n", "c", "f", attributes)
              .node("Cast", "n1", "f", "ff", attribute("to", DataType.FLOAT_VALUE))
              .node("Mul", "n2", "x,none", "zeros")
              .node("Add", "n3", "zeros,ff", "wide")
              .node("Identity", "n4", "wide", "z");
      float[] expected = step(Kernels.named(Kernels.PLAIN), onStep, X);
      float[] found = step(onConstant, X);
      assertArrayEquals(
          expected, Arrays.copyOf(found, expected.length), 0f, name + " of a constant");
    }
  }

  @Test
  void attributesHaveTheirDefaults() throws OnnxException {
    gives(of(1.5, -0.0225, 0.75), op("LeakyRelu"));
    gives(of(1.5, 0, 0), op("ThresholdedRelu"));
    gives(of(0.8, 0.05, 0.65), op("HardSigmoid"));
    gives(
        of(1.5 * 1.050701, 1.050701 * 1.6732632 * Math.expm1(-2.25), 0.75 * 1.050701), op("Selu"));
    gives(of(1.5, 2 * Math.expm1(-1.125), 0.75), op("Celu", attribute("alpha", 2f)));
    gives(of(1.399789198, -0.027505063, 0.580029486), op("Gelu"));
    gives(of(1.399571577, -0.027201330, 0.579960555), op("Gelu", attribute("approximate", "tanh")));
  }

  @Test
  void comparisonsChoose() throws OnnxException {
    gives(
        of(1.5, 9, 0.75),
        withGruBatchFirst()
            .floats("c", of(1.5, 0, 0.5), 3)
            .floats("nine", of(9))
            .node("GreaterOrEqual", "n1", "x,c", "b")
            .node("Where", "n2", "b,x,nine", "z"));
    gives(
        of(0, 1, 0),
        withGruBatchFirst()
            .floats("c", of(0), 1)
            .node("Less", "n1", "x,c", "b1")
            .node("Equal", "n2", "x,x", "b2")
            .node("And", "n3", "b1,b2", "z"));
    gives(
        of(1, 0, 1),
        withGruBatchFirst()
            .floats("c", of(0), 1)
            .node("LessOrEqual", "n1", "x,c", "b1")
            .node("Not", "n2", "b1", "b2")
            .node("Xor", "n3", "b2,b1", "either")
            .node("Or", "n4", "b2,b1", "one2")
            .node("And", "n5", "either,one2", "one3")
            .node("And", "n6", "one3,b2", "z"));
  }

  @Test
  void conditionOfOneValueBroadcasts() throws OnnxException {
    gives(
        of(1.5, 2, 0.75, -1, -2, -3),
        withGruBatchFirst()
            .floats("c", of(-1, -2, -3), 3)
            .floats("d", of(1, 2, 3), 3)
            .longs("sizes", 1, 1, 1)
            .initializer(truths("t", 1, 0, 1))
            .node("Split", "n1", "x,sizes", "a,b,c0", attribute("axis", 2))
            .node("Greater", "n2", "b,a", "no")
            .node("Where", "n3", "no,x,c", "e")
            .node("Where", "n4", "t,x,d", "f")
            .node("Concat", "n5", "f,e", "z", attribute("axis", 2)));
  }

  private static ai.onnx.proto.OnnxMl.TensorProto truths(String name, int... values) {
    ai.onnx.proto.OnnxMl.TensorProto.Builder tensor =
        ai.onnx.proto.OnnxMl.TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.BOOL_VALUE)
            .addDims(values.length);
    for (int value : values) {
      tensor.addInt32Data(value);
    }
    return tensor.build();
  }

  @Test
  void questionsAboutNumbersThatAreNone() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .floats("nought", of(0), 1)
            .node("Div", "n1", "x,nought", "inf") // infinite, minus infinite, infinite
            .node("Sub", "n2", "inf,inf", "nan")
            .node("IsNaN", "n3", "nan", "a")
            .node("IsInf", "n4", "inf", "b", attribute("detect_positive", 0))
            .node("And", "n5", "a,b", "z");
    gives(of(0, 1, 0), graph);
  }

  @Test
  void castsTruncateAndTest() throws OnnxException {
    gives(of(1, -2, 0), op("Cast", attribute("to", DataType.INT64_VALUE)));
    gives(of(1, 1, 1), op("Cast", attribute("to", DataType.BOOL_VALUE)));
    gives(of(1.5, -2.25, 0.75), op("Cast", attribute("to", DataType.DOUBLE_VALUE)));
  }

  private static TestGraph whole(String... nodes) {
    TestGraph graph =
        withGruBatchFirst()
            .floats("ten", of(10), 1)
            .node("Mul", "n1", "x,ten", "x10")
            .node("Cast", "n2", "x10", "w", attribute("to", DataType.INT64_VALUE)); // 15, -22, 7
    for (int i = 0; i < nodes.length; i += 3) {
      graph.node(nodes[i], "m" + i, nodes[i + 1], nodes[i + 2]);
    }
    return graph;
  }

  @Test
  void wholeNumbersStayWhole() throws OnnxException {
    gives(of(3, -5, 1), whole("Div", "w,four", "z").longs("four", 4));
    gives(of(3, 2, 3), whole("Mod", "w,four", "z").longs("four", 4));
    gives(of(225, 484, 49), whole("Pow", "w,two", "z").longs("two", 2));
    gives(of(1, 0, 0), whole("Greater", "w,c", "z").longs("c", 7, 0, 7));
    gives(of(1, 0, 1), whole("GreaterOrEqual", "w,c", "z").longs("c", 7, 0, 7));
    gives(of(0, 1, 0), whole("Less", "w,c", "z").longs("c", 7, 0, 7));
    gives(of(0, 1, 1), whole("LessOrEqual", "w,c", "z").longs("c", 7, 0, 7));
    gives(of(0, 0, 1), whole("Equal", "c,w", "z").longs("c", 7, 0, 7));
  }

  @Test
  void wholeNumbersThatAFloatDoesNotHoldRejectTheStep() throws OnnxException {
    TestGraph product = whole("Mul", "w,c", "z").longs("c", 1 << 20);
    assertFalse(advances(product, X), "15 · 2^20 holds, 22 · 2^20 does not");
    TestGraph small = whole("Mul", "w,c", "z").longs("c", 1 << 19);
    assertTrue(advances(small, X));
    TestGraph compared = whole("Mul", "w,c", "p", "Less", "p,c", "z").longs("c", 1 << 20);
    assertFalse(advances(compared, X), "what is compared is not known");
    TestGraph large = op("Cast", attribute("to", DataType.INT32_VALUE));
    assertFalse(advances(large, 0, 1.7e7f, 0));
    TestGraph none = whole("Div", "w,c", "z").longs("c", 0);
    assertFalse(advances(none, X));
  }

  private static TestGraph tokens() {
    return new TestGraph()
        .input("t", DataType.INT64, "batch,time")
        .floats("table", of(1, 2, 3, 4, 5, 6, 7, 8), 4, 2)
        .weights("W", 1, 12, 2)
        .weights("R", 1, 12, 4)
        .node("Gather", "embed", "table,t", "z")
        .node("GRU", "g", "z,W,R", "g4,h", attribute("layout", 1))
        .longs("two", 2)
        .node("Squeeze", "s", "g4,two", "y");
  }

  @Test
  void tokensPickRowsOfATable() throws OnnxException {
    assertArrayEquals(of(5, 6), step(tokens(), 2));
    assertArrayEquals(of(7, 8), step(tokens(), -1));
    assertArrayEquals(of(1, 2), step(tokens(), -4));
    assertFalse(advances(tokens(), 4));
    assertFalse(advances(tokens(), -5));
    assertFalse(advances(tokens(), 1.5f));
    assertFalse(advances(tokens(), 1e30f));
    refused(
        "Gather 'n': indices are floats, expected whole numbers",
        withGruBatchFirst().weights("table", 4, 2).node("Gather", "n", "table,y", "z"));
    refused(
        "Gather 'n': looks up along axis 1 of a constant, expected 0",
        tokens()
            .node("Gather", "n", "table,t", "e", attribute("axis", 1))
            .node("Add", "a", "e,y", "s")
            .output("s"));
  }

  private static TestGraph oneHot() {
    return tokens()
        .scalar("depth", 3)
        .floats("values", of(-1, 5), 2)
        .node("OneHot", "n", "t,depth,values", "hot");
  }

  @Test
  void tokensBecomeRowsWithOnePlaceOn() throws OnnxException {
    assertArrayEquals(of(-1, -1, 5), hot(2));
    assertArrayEquals(of(5, -1, -1), hot(-3));
    assertArrayEquals(of(-1, -1, -1), hot(3));
  }

  private static float[] hot(float token) throws OnnxException {
    RecurrentModel model =
        oneHot()
            .node("Concat", "o", "hot,y", "out", attribute("axis", 2))
            .output("out")
            .file()
            .read();
    Workspace workspace = model.workspace(1);
    FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
    model.step(FMatrixRMaj.wrap(1, 1, new float[] {token}), state, workspace);
    return Arrays.copyOf(workspace.output().data, 3);
  }

  @Test
  void reductionsRunOverFeatures() throws OnnxException {
    gives(of(0), op("ReduceMean", list("axes", 2)));
    gives(of(4.5), op("ReduceL1", list("axes", -1)));
    gives(of(Math.sqrt(7.875)), op("ReduceL2", list("axes", 2)));
    gives(of(-2.25), op("ReduceMin", list("axes", 2)).opset(12));
    gives(of(-2.53125), op("ReduceProd", list("axes", 2)));
  }

  @Test
  void reductionsKeepOrDropAxesFromAttributeOrInput() throws OnnxException {
    TestGraph groups =
        withGruBatchFirst()
            .longs("heads", 0, 0, 3, 1)
            .longs("at", 3)
            .longs("end", -1)
            .node("Reshape", "n1", "x,heads", "d")
            .node("Concat", "n2", "d,d", "e", attribute("axis", 3)) // (.., 3, 2)
            .node("ReduceSum", "n3", "e,at", "z", attribute("keepdims", 0));
    gives(of(3, -4.5, 1.5), groups);
    TestGraph middle =
        withGruBatchFirst()
            .floats("c", of(1, 10), 2)
            .longs("heads", 0, 0, 3, 1)
            .longs("two", 2)
            .node("Reshape", "n1", "x,heads", "d")
            .node("Mul", "n2", "d,c", "e") // (.., 3, 2)
            .node("ReduceMax", "n3", "e", "k", list("axes", 2)) // (.., 1, 2)
            .node("Squeeze", "n4", "k,two", "z");
    gives(of(1.5, 15), middle);
    gives(of(1.5, -2.25, 0.75), op("ReduceSum", attribute("noop_with_empty_axes", 1)));
    gives(of(0), op("ArgMax", attribute("axis", 2)));
    gives(of(1), op("ArgMin", attribute("axis", -1)));
    TestGraph ties =
        withGruBatchFirst()
            .node("Concat", "n1", "x,x", "xx", attribute("axis", 2))
            .node(
                "ArgMax", "n2", "xx", "z", attribute("axis", 2), attribute("select_last_index", 1));
    gives(of(3), ties);
  }

  @Test
  void reductionsOfShapesFold() throws OnnxException {
    gives(
        of(1.5, -2.25, 0.75),
        withGruBatchFirst()
            .longs("four", 4)
            .longs("three", 3)
            .longs("zero", 0)
            .node("Shape", "n1", "x", "s")
            .node("Slice", "n2", "s,zero,two", "outer")
            .longs("two", 2)
            .node("ReduceProd", "n3", "outer", "rows") // batch · steps
            .node("Concat", "n4", "rows,three", "flat", attribute("axis", 0))
            .node("Reshape", "n5", "x,flat", "merged")
            .node("Reshape", "n6", "merged,s", "z"));
  }

  @Test
  void whatReducesStepsOrSeriesIsRefused() {
    refused(
        "ReduceMean 'n': averages over the steps (pooling over time); a stream has one step at a"
            + " time. Take the last step instead, and retrain",
        withGruBatchFirst().node("ReduceMean", "n", "y", "z", list("axes", 1)));
    refused(
        "ReduceMax 'n': takes the largest over the series, which mixes them",
        withGruBatchFirst().node("ReduceMax", "n", "y", "z", list("axes", 0)));
    refused(
        "ArgMax 'n': searches the steps (pooling over time); a stream has one step at a time. Take"
            + " the last step instead, and retrain",
        withGruBatchFirst().node("ArgMax", "n", "y", "z", attribute("axis", 1)));
    refused(
        "Tile 'n': repeats a value along steps or series, which mixes them",
        withGruBatchFirst().longs("r", 1, 2, 1).node("Tile", "n", "y,r", "z"));
  }

  @Test
  void softmaxRunsOverOneAxisOrBelowSet13OverAllTheRest() throws OnnxException {
    double[] e = {Math.exp(1.5), Math.exp(-2.25), Math.exp(0.75)};
    double sum = e[0] + e[1] + e[2];
    gives(of(e[0] / sum, e[1] / sum, e[2] / sum), op("Softmax"));
    TestGraph pairs = // (.., 2, 3) of x and 2x
        withGruBatchFirst()
            .opset(13)
            .floats("c", of(1, 2), 2, 1)
            .longs("heads", 0, 0, 1, 3)
            .longs("flat", 0, 0, 6)
            .node("Reshape", "n1", "x,heads", "d")
            .node("Mul", "n2", "d,c", "e")
            .node("Softmax", "n3", "e", "s", attribute("axis", 2))
            .node("Reshape", "n4", "s,flat", "z");
    float[] found = step(pairs, X);
    assertEquals(1 / (1 + Math.exp(1.5)), found[0], 1e-6);
    assertEquals(1 / (1 + Math.exp(-1.5)), found[3], 1e-6);
    TestGraph old =
        withGruBatchFirst()
            .opset(11)
            .longs("heads", 0, 0, 3, 1)
            .longs("flat", 0, 0, 3)
            .node("Identity", "i", "g", "gs0")
            .node("Reshape", "n1", "x,heads", "d")
            .node("LogSoftmax", "n2", "d", "s", attribute("axis", 2))
            .node("Reshape", "n3", "s,flat", "z");
    gives(of(1.5 - Math.log(sum), -2.25 - Math.log(sum), 0.75 - Math.log(sum)), old);
  }

  @Test
  void logSoftmaxOutlivesAnUnderflow() throws OnnxException {
    assertArrayEquals(of(0, -200, -300), step(op("LogSoftmax"), 300, 100, 0), 1e-4f);
  }

  @Test
  void clipHasItsBoundsAsAttributesOrInputs() throws OnnxException {
    gives(of(1, -1, 0.75), op("Clip", attribute("min", -1f), attribute("max", 1f)).opset(10));
    gives(
        of(1, -2.25, 0.75),
        withGruBatchFirst().floats("max", of(1)).node("Clip", "n", "x,,max", "z"));
    gives(
        of(1.5, 0, 0.75), withGruBatchFirst().floats("min", of(0)).node("Clip", "n", "x,min", "z"));
  }

  @Test
  void splitCountsItsParts() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .opset(18)
            .node("Split", "n", "x", "a,b", attribute("axis", 2), attribute("num_outputs", 2))
            .node("Concat", "n2", "b,a", "z", attribute("axis", 2));
    gives(of(0.75, 1.5, -2.25), graph);
    refused(
        "Split 'n': an axis of 3 in 2 equal parts",
        withGruBatchFirst().node("Split", "n", "x", "z,b", attribute("axis", 2)));
  }

  @Test
  void sliceOfOldOperatorSetsGoesToTheEnd() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .node(
                "Slice",
                "n",
                "x",
                "z",
                list("axes", -1),
                list("starts", 1),
                list("ends", Long.MAX_VALUE));
    gives(of(-2.25, 0.75), graph);
  }

  @Test
  void tileRepeatsRows() throws OnnxException {
    gives(
        of(1.5, -2.25, 0.75, 1.5, -2.25, 0.75),
        withGruBatchFirst().longs("r", 1, 1, 2).node("Tile", "n", "x,r", "z"));
  }

  @Test
  void weightsMayStandOnTheLeft() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .floats("A", of(1, 0, 0, 0, 1, 1), 2, 3)
            .longs("three", 3)
            .node("Unsqueeze", "n1", "x,three", "column") // (.., 3, 1)
            .node("MatMul", "n2", "A,column", "product") // (.., 2, 1)
            .node("Squeeze", "n3", "product,three", "z");
    gives(of(1.5, -1.5), graph);
  }

  @Test
  void gemmAddsWhatAStepComputes() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .floats("M", of(1, 0, 0, 0, 2, 0, 0, 0, 3), 3, 3)
            .longs("rows", -1, 3)
            .longs("three", 3)
            .node("Shape", "n0", "x", "s")
            .node("Reshape", "n1", "x,rows", "flat")
            .node("Gemm", "n2", "flat,M,flat", "sum", attribute("beta", 2f))
            .node("Reshape", "n3", "sum,s", "z");
    gives(of(1.5 + 3, -4.5 - 4.5, 2.25 + 1.5), graph);
  }

  @Test
  void sumsAndMeansTakeAnyNumberOfValues() throws OnnxException {
    TestGraph graph = withGruBatchFirst().floats("c", of(1), 1).node("Mean", "n", "x,c,x,c", "z");
    gives(of(1.25, -0.625, 0.875), graph);
    gives(of(1.5, -2.25, 0.75), op("Max"));
  }

  @Test
  void layersThatAnExporterTookApartAreTheSame() throws OnnxException {
    TestGraph norm =
        withGruBatchFirst()
            .floats("w", of(1, 2, 3), 3)
            .floats("b", of(3, 2, 1), 3)
            .floats("two", of(2))
            .floats("eps", of(1e-5))
            .node("ReduceMean", "n1", "x", "mean", list("axes", -1))
            .node("Sub", "n2", "x,mean", "d")
            .node("Pow", "n3", "d,two", "dd")
            .node("ReduceMean", "n4", "dd", "var", list("axes", -1))
            .node("Add", "n5", "var,eps", "v")
            .node("Sqrt", "n6", "v", "std")
            .node("Div", "n7", "d,std", "unit")
            .node("Mul", "n8", "unit,w", "scaled")
            .node("Add", "n9", "scaled,b", "z");
    TestGraph whole =
        withGruBatchFirst()
            .floats("w", of(1, 2, 3), 3)
            .floats("b", of(3, 2, 1), 3)
            .node("LayerNormalization", "n", "x,w,b", "z");
    gives(step(whole, X), norm);
    TestGraph gelu =
        withGruBatchFirst()
            .floats("root", of(Math.sqrt(2)))
            .floats("unit", of(1))
            .floats("half", of(0.5))
            .node("Div", "n1", "x,root", "scaled")
            .node("Erf", "n2", "scaled", "erf")
            .node("Add", "n3", "erf,unit", "both")
            .node("Mul", "n4", "x,both", "twice")
            .node("Mul", "n5", "twice,half", "z");
    gives(step(op("Gelu"), X), gelu);
  }
}
