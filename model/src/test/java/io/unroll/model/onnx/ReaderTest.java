package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;
import static io.unroll.model.onnx.TestGraph.withGru;
import static io.unroll.model.onnx.TestGraph.withGruBatchFirst;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Graphs in other shapes than the golden ones, against the plain graph's outputs. */
final class ReaderTest {
  private static final float[][][] INPUT = {
    {{0.1f, -0.4f, 0.9f}, {1.2f, 0.3f, -0.7f}, {-0.2f, 0.8f, 0.5f}, {0.6f, -1.1f, 0.2f}}
  };

  private static RecurrentModel read(TestGraph graph) throws OnnxException {
    return graph.file().read();
  }

  private static float[][] run(TestGraph graph) throws OnnxException {
    return new DynamicUnroll(read(graph)).run(INPUT).outputs()[0];
  }

  /** The GRU's outputs: [step][4]. */
  private static float[][] gru() throws OnnxException {
    return run(withGruBatchFirst().output("y"));
  }

  private static void assertRows(float[][] expected, float[][] found) {
    assertEquals(expected.length, found.length);
    for (int t = 0; t < expected.length; t++) {
      assertArrayEquals(expected[t], found[t], 1e-6f, "step " + t);
    }
  }

  private interface OfRow {
    float[] apply(float[] row);
  }

  private static float[][] each(float[][] rows, OfRow f) {
    float[][] result = new float[rows.length][];
    for (int t = 0; t < rows.length; t++) {
      result[t] = f.apply(rows[t]);
    }
    return result;
  }

  @Test
  void batchFirstLayoutIsTheSame() throws OnnxException {
    TestGraph graph =
        new TestGraph()
            .input("x", "batch,time,3")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .weights("B", 1, 24)
            .node(
                "GRU",
                "g",
                "x,W,R,B",
                "y,yh",
                attribute("layout", 1),
                attribute("linear_before_reset", 1));
    assertRows(gru(), run(graph.output("y")));
  }

  @Test
  void olderOperatorSetsHaveAxesAsAttributes() throws OnnxException {
    TestGraph graph =
        withGru()
            .opset(9)
            .node("Squeeze", "s", "g", "gs", list("axes", 1))
            .node("Slice", "s2", "gs", "half", list("axes", 2), list("starts", 1), list("ends", 3))
            .node("Unsqueeze", "u", "half", "y", list("axes", 0))
            .output("y");
    assertRows(each(gru(), r -> new float[] {r[1], r[2]}), run(graph));
  }

  @Test
  void lastStepIsSelectedInAllItsSpellings() throws OnnxException {
    List<TestGraph> spellings =
        List.of(
            withGru().output("gh"),
            withGruBatchFirst()
                .scalar("i", -1)
                .node("Gather", "n", "y,i", "z", attribute("axis", 1))
                .output("z"),
            withGruBatchFirst()
                .longs("i", -1)
                .node("Gather", "n", "y,i", "z", attribute("axis", 1))
                .output("z"),
            withGruBatchFirst()
                .longs("from", -1)
                .longs("to", Long.MAX_VALUE)
                .node("Slice", "n", "y,from,to,one", "z1")
                .node("Squeeze", "n2", "z1,one", "z")
                .output("z"),
            withGruBatchFirst() // the number of steps, counted in the graph
                .node("Shape", "n1", "y", "shape")
                .node("Gather", "n2", "shape,one", "steps")
                .node("Sub", "n3", "steps,one", "last")
                .node("Gather", "n4", "y,last", "z", attribute("axis", 1))
                .output("z"),
            withGru().longs("flat", -1, 4).node("Reshape", "n", "gh,flat", "z").output("z"));
    float[][] expected = gru();
    for (TestGraph graph : spellings) {
      RecurrentModel model = read(graph);
      assertFalse(model.everyStep());
      Unrolled unrolled = new DynamicUnroll(model).run(INPUT);
      assertArrayEquals(expected[3], unrolled.lastOutputs()[0]);
      assertRows(expected, unrolled.outputs()[0]);
    }
  }

  @Test
  void stepsThatAreMergedAndPartedAgainVanish() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .longs("rows", -1, 4)
            .weights("V", 4, 2)
            .node("Shape", "n0", "x", "shape")
            .longs("zero", 0)
            .longs("two", 2)
            .node("Slice", "n1", "shape,zero,two", "outer")
            .node("Concat", "n2", "outer,two", "target", attribute("axis", 0))
            .node("Reshape", "n3", "y,rows", "flat")
            .node("MatMul", "n4", "flat,V", "v")
            .node("Reshape", "n5", "v,target", "z")
            .output("z");
    TestGraph plain =
        withGruBatchFirst().weights("V", 4, 2).node("MatMul", "m", "y,V", "z").output("z");
    assertRows(run(plain), run(graph));
  }

  @Test
  void featuresArePartedJoinedAndTurned() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .longs("sizes", 1, 3)
            .longs("heads", 0, 0, 2, 2)
            .longs("back", 0, 0, 4)
            .node("Split", "n1", "y,sizes", "a,b", attribute("axis", 2))
            .node("Concat", "n2", "b,a", "c", attribute("axis", 2))
            .node("Reshape", "n3", "c,heads", "d")
            .node("Transpose", "n4", "d", "e", list("perm", 0, 1, 3, 2))
            .node("Reshape", "n5", "e,back", "z")
            .output("z");
    // (1, 2, 3, 0) as 2 by 2, turned
    assertRows(each(gru(), r -> new float[] {r[1], r[3], r[2], r[0]}), run(graph));
  }

  @Test
  void joiningBesideAnInnerAxisInterleaves() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .longs("heads", 0, 0, 2, 2)
            .longs("back", 0, 0, -1)
            .node("Reshape", "n1", "y,heads", "d")
            .node("Concat", "n2", "d,d", "e", attribute("axis", -1))
            .node("Reshape", "n3", "e,back", "z")
            .output("z");
    assertRows(
        each(gru(), r -> new float[] {r[0], r[1], r[0], r[1], r[2], r[3], r[2], r[3]}), run(graph));
  }

  @Test
  void constantsBroadcastAlongFeatures() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .floats("scale", new float[] {1, 2, 3, 4}, 4)
            .floats("ten", new float[] {10}, 1, 1, 1)
            .floats("half", new float[] {0.5f})
            .node("Mul", "n1", "y,scale", "a")
            .node("Sub", "n2", "ten,a", "b")
            .node("Div", "n3", "b,half", "c")
            .node("Max", "n4", "c,scale", "z")
            .output("z");
    assertRows(
        each(
            gru(),
            r -> {
              float[] y = new float[4];
              for (int j = 0; j < 4; j++) {
                y[j] = Math.max((10 - r[j] * (j + 1)) / 0.5f, j + 1);
              }
              return y;
            }),
        run(graph));
  }

  @Test
  void oneValueBroadcastsToARow() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .longs("sizes", 1, 3)
            .floats("five", new float[] {1, 2, 3, 4, 5}, 5)
            .node("Split", "n1", "y,sizes", "a,b", attribute("axis", 2))
            .node("Add", "n2", "b,a", "c")
            .node("Mul", "n3", "a,five", "d")
            .node("Concat", "n4", "c,d", "z", attribute("axis", 2))
            .output("z");
    assertRows(
        each(
            gru(),
            r ->
                new float[] {
                  r[1] + r[0],
                  r[2] + r[0],
                  r[3] + r[0],
                  r[0],
                  2 * r[0],
                  3 * r[0],
                  4 * r[0],
                  5 * r[0]
                }),
        run(graph));
  }

  @Test
  void constantPartsAreJoined() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .floats("c", new float[] {7, 8}, 1, 1, 2)
            .node("Shape", "n0", "x", "shape")
            .longs("zero", 0)
            .longs("two", 2)
            .node("Slice", "n1", "shape,zero,two", "outer")
            .node("Concat", "n2", "outer,two", "target", attribute("axis", 0))
            .node("Expand", "n3", "c,target", "wide")
            .node("Concat", "n4", "wide,y", "z", attribute("axis", 2))
            .output("z");
    assertRows(each(gru(), r -> new float[] {7, 8, r[0], r[1], r[2], r[3]}), run(graph));
  }

  @Test
  void batchNormalizationIsAScaleAndAnOffset() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .floats("scale", new float[] {1, 2, 3, 4}, 4)
            .floats("offset", new float[] {4, 3, 2, 1}, 4)
            .floats("mean", new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 4)
            .floats("var", new float[] {1, 4, 9, 16}, 4)
            .node("Transpose", "n1", "y", "t", list("perm", 0, 2, 1))
            .node(
                "BatchNormalization",
                "n2",
                "t,scale,offset,mean,var",
                "z",
                attribute("epsilon", 0f))
            .output("z");
    assertRows(
        each(
            gru(),
            r -> {
              float[] y = new float[4];
              for (int j = 0; j < 4; j++) {
                y[j] = (r[j] - 0.1f * (j + 1)) / (j + 1) * (j + 1) + 4 - j;
              }
              return y;
            }),
        run(graph));
  }

  @Test
  void softmaxAndLayerNormRunWithinGroups() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst()
            .longs("heads", 0, 0, 2, 2)
            .node("Reshape", "n1", "y,heads", "d")
            .node("Softmax", "n2", "d", "z", attribute("axis", -1))
            .output("z");
    assertRows(
        each(
            gru(),
            r -> {
              float[] y = new float[4];
              for (int j = 0; j < 4; j++) {
                int pair = j / 2 * 2;
                double sum = Math.exp(r[pair]) + Math.exp(r[pair + 1]);
                y[j] = (float) (Math.exp(r[j]) / sum);
              }
              return y;
            }),
        run(graph));
  }

  @Test
  void gemmFoldsItsFactors() throws OnnxException {
    TestGraph graph =
        withGru()
            .floats("V", new float[] {1, 0, 0, 0, 0, 1, 0, 0}, 2, 4)
            .floats("c", new float[] {10}, 1)
            .longs("flat", -1, 4)
            .node("Reshape", "n1", "gh,flat", "h")
            .node(
                "Gemm",
                "n2",
                "h,V,c",
                "z",
                attribute("transB", 1),
                attribute("alpha", 2f),
                attribute("beta", 0.5f))
            .output("z");
    assertRows(each(gru(), r -> new float[] {2 * r[0] + 5, 2 * r[1] + 5}), run(graph));
  }

  @Test
  void learnedInitialStateIsExpandedOverTheBatch() throws OnnxException {
    TestGraph graph =
        new TestGraph()
            .input("x", "batch,time,3")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .floats("learned", new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 1, 1, 4)
            .longs("zero", 0)
            .longs("one", 1)
            .longs("four", 4)
            .node("Shape", "n0", "x", "shape")
            .node("Slice", "n1", "shape,zero,one", "batchSize")
            .node("Concat", "n2", "one,batchSize,four", "target", attribute("axis", 0))
            .node("Expand", "n3", "learned,target", "h0")
            .node("Transpose", "n4", "x", "xt", list("perm", 1, 0, 2))
            .node("GRU", "g", "xt,W,R,,,h0", "y")
            .output("y");
    RecurrentModel model = read(graph);
    float[] state = new float[6];
    model.initialState(state, 1);
    assertArrayEquals(new float[] {0, 0.1f, 0.2f, 0.3f, 0.4f, 0}, state);
  }

  @Test
  void sequenceLengthsAreAcceptedAndIgnored() throws OnnxException {
    TestGraph graph =
        new TestGraph()
            .input("x", "time,batch,3")
            .input("lengths", DataType.INT32, "batch")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .weights("B", 1, 24)
            .node("GRU", "g", "x,W,R,B,lengths", "y", attribute("linear_before_reset", 1))
            .output("y");
    assertRows(gru(), run(graph));
  }

  @Test
  void lstmCellStateCanBeTheOutput() throws OnnxException {
    TestGraph graph =
        new TestGraph()
            .input("x", "time,batch,3")
            .weights("W", 1, 16, 3)
            .weights("R", 1, 16, 4)
            .node("LSTM", "l", "x,W,R", ",,c")
            .output("c");
    RecurrentModel model = read(graph);
    Unrolled unrolled = new DynamicUnroll(model).run(INPUT);
    assertFalse(model.everyStep());
    float[] c = java.util.Arrays.copyOfRange(unrolled.finalStates()[0], 4, 8);
    assertArrayEquals(c, unrolled.lastOutputs()[0]);
  }

  @Test
  void oneFeatureMayComeWithoutAnAxis() throws OnnxException {
    TestGraph graph =
        new TestGraph()
            .input("x", "batch,time")
            .longs("two", 2)
            .weights("W", 1, 4, 1)
            .weights("R", 1, 4, 4)
            .node("Unsqueeze", "u", "x,two", "x3")
            .node("RNN", "r", "x3,W,R", "y", attribute("layout", 1))
            .output("y");
    RecurrentModel model = read(graph);
    assertEquals(1, model.inputSize());
    assertTrue(model.everyStep());
  }

  @Test
  void sequenceWithoutBatchAxisStreams() throws OnnxException {
    TestGraph graph =
        new TestGraph()
            .input("x", "time,3")
            .longs("one", 1)
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .weights("B", 1, 24)
            .node("Unsqueeze", "u", "x,one", "x3")
            .node("GRU", "g", "x3,W,R,B", "y", attribute("linear_before_reset", 1))
            .output("y");
    assertRows(gru(), run(graph));
  }

  @Test
  void onlyWhatTheFirstOutputNeedsIsRead() throws OnnxException {
    TestGraph graph =
        withGruBatchFirst().node("TopK", "unsupported", "y", "t").output("y").output("t");
    assertRows(gru(), run(graph));
  }

  @Test
  void namesComeFromTheMetadata() throws OnnxException {
    RecurrentModel model =
        read(
            withGruBatchFirst()
                .metadata("features", "a, b,c")
                .metadata("outputs", "p,q,r,s")
                .output("y"));
    assertEquals(List.of("a", "b", "c"), model.featureNames());
    assertEquals(List.of("p", "q", "r", "s"), model.outputNames());
    assertEquals(List.of(), read(withGru().output("g")).featureNames());
  }

  private static void putHalf(java.nio.ByteBuffer buffer, int bits) {
    buffer.putShort((short) bits);
  }

  @Test
  void halfPrecisionConstantsAreWidened() throws OnnxException {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    putHalf(bytes, 0x3c00); // 1
    putHalf(bytes, 0xc000); // -2
    putHalf(bytes, 0x0001); // 2^-24
    putHalf(bytes, 0x7bff); // 65504
    TestGraph graph =
        withGruBatchFirst()
            .initializer(
                TensorProto.newBuilder()
                    .setName("half")
                    .setDataType(DataType.FLOAT16_VALUE)
                    .addDims(4)
                    .setRawData(ByteString.copyFrom(bytes.array()))
                    .build())
            .node("Mul", "m", "y,half", "z")
            .output("z");
    assertRows(
        each(gru(), r -> new float[] {r[0], -2 * r[1], r[2] * 0x1p-24f, r[3] * 65504}), run(graph));
  }

  @Test
  void fileThatHasAPlaceholdersNumberAsAnExtentIsReadRight() throws OnnxException {
    // 1009 is the first placeholder that the reader would take.
    TestGraph graph =
        withGruBatchFirst()
            .weights("V", 4, 1009)
            .longs("target", 0, 0, 1009)
            .node("MatMul", "m", "y,V", "v")
            .node("Reshape", "r", "v,target", "z")
            .output("z");
    assertEquals(1009, read(graph).outputSize());
  }
}
