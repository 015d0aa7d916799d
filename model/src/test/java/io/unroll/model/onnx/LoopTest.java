package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.body;
import static io.unroll.model.onnx.TestGraph.list;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OrtException;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import io.unroll.model.StateLayout;
import io.unroll.model.onnx.OnnxRuntime.Values;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Scan and Loop over the steps, as TensorFlow's exports and scripted PyTorch write them: ONNX
 * Runtime over the whole sequence against stepping here.
 */
final class LoopTest {
  /** What is compared here and not in {@link OperatorComparisonTest}. */
  static final Set<String> OPERATORS =
      Set.of("Scan", "Loop", "SequenceEmpty", "SequenceInsert", "SequenceAt", "ConcatFromSequence");

  private static final int F = 3;
  private static final int N = 4;

  private final long seed = Seeds.seed();
  private final Random random = Seeds.random(seed);

  private float[][][] input(int batch, int steps) {
    float[][][] x = new float[batch][steps][F];
    for (float[][] sample : x) {
      for (float[] row : sample) {
        for (int j = 0; j < row.length; j++) {
          row[j] = (float) random.nextGaussian();
        }
      }
    }
    return x;
  }

  /** Compares every output, whatever the batch and the number of steps. */
  private RecurrentModel same(TestGraph graph, boolean timeMajor)
      throws OnnxException, OrtException {
    OnnxFile file = graph.file();
    RecurrentModel model = file.read();
    for (int[] shape : new int[][] {{1, 1}, {2, 5}, {4, 4}, {3, 7}}) {
      float[][][] x = input(shape[0], shape[1]);
      Values values = timeMajor ? Values.timeMajor(x) : Values.batchFirst(x);
      float[] expected =
          OnnxRuntime.run(file, Map.of("x", values)).values().iterator().next().data();
      Unrolled unrolled = new DynamicUnroll(model).run(x);
      int width = model.outputSize();
      for (int b = 0; b < shape[0]; b++) {
        for (int t = 0; t < shape[1]; t++) {
          if (!model.everyStep() && t < shape[1] - 1) {
            continue;
          }
          for (int j = 0; j < width; j++) {
            int row = !model.everyStep() ? b : timeMajor ? t * shape[0] + b : b * shape[1] + t;
            float found =
                model.everyStep() ? unrolled.outputs()[b][t][j] : unrolled.lastOutputs()[b][j];
            assertTrue(
                GoldenCase.close(expected[row * width + j], found),
                "sample %d step %d output %d: expected %s, found %s, %s"
                    .formatted(b, t, j, expected[row * width + j], found, Seeds.message(seed)));
          }
        }
      }
    }
    return model;
  }

  /** {@code y = h' = tanh(x·W + h·R + b)} on (batch, F) and (batch, N). */
  private static TestGraph plainCell(TestGraph body) {
    return body.node("MatMul", "xw", "xt,W", "xw")
        .node("MatMul", "hr", "h_in,R", "hr")
        .node("Add", "sum", "xw,hr", "sum")
        .node("Add", "biased", "sum,b", "biased")
        .node("Tanh", "tanh", "biased", "h_out");
  }

  private static TestGraph weights(TestGraph graph) {
    return graph.weights("W", F, N).weights("R", N, N).weights("b", N);
  }

  /** zeros (batch, N), the batch taken from x. */
  private static TestGraph zeros(TestGraph graph, int batchAxis) {
    return graph
        .node("Shape", "shape", "x", "shape")
        .longs("batchAxis", batchAxis)
        .node("Gather", "batch", "shape,batchAxis", "batch")
        .longs("neurons", N)
        .node("Concat", "dims", "batch,neurons", "dims", attribute("axis", 0))
        .node("ConstantOfShape", "zeros", "dims", "h0");
  }

  private static TestGraph scanBody() {
    return plainCell(new TestGraph().input("h_in", "batch," + N).input("xt", "batch," + F))
        .node("Identity", "y", "h_out", "yt")
        .output("h_out", DataType.FLOAT, "batch," + N)
        .output("yt", DataType.FLOAT, "batch," + N);
  }

  @Test
  void scanOverTimeMajorSteps() throws OnnxException, OrtException {
    RecurrentModel model =
        same(
            zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
                .node(
                    "Scan",
                    "scan_1",
                    "h0,x",
                    "h,y",
                    body("body", scanBody()),
                    attribute("num_scan_inputs", 1))
                .output("y"),
            true);
    assertTrue(model.everyStep());
    assertEquals(List.of(new StateLayout.Slot("scan_1.h_in", 0, N)), model.stateLayout().slots());
  }

  @Test
  void scanOverBatchFirstStepsFromAStateOfItsOwn() throws OnnxException, OrtException {
    RecurrentModel model =
        same(
            weights(new TestGraph().input("x", "batch,time," + F))
                .floats("start", new float[] {0.5f, -1, 0.25f, 2}, 1, N)
                .node("Shape", "shape", "x", "shape")
                .longs("zero", 0)
                .longs("neurons", N)
                .node("Gather", "batch", "shape,zero", "batch")
                .node("Concat", "dims", "batch,neurons", "dims", attribute("axis", 0))
                .node("Expand", "start_1", "start,dims", "h0")
                .node(
                    "Scan",
                    "scan_1",
                    "h0,x",
                    "h,y",
                    body("body", scanBody()),
                    attribute("num_scan_inputs", 1),
                    list("scan_input_axes", 1),
                    list("scan_output_axes", 1))
                .weights("head", N, 2)
                .node("MatMul", "dense", "y,head", "z")
                .output("z"),
            false);
    float[] initial = new float[N];
    model.initialState(initial, 0);
    assertEquals(2, initial[3]);
  }

  @Test
  void scanForItsLastState() throws OnnxException, OrtException {
    RecurrentModel model =
        same(
            zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
                .node(
                    "Scan",
                    "scan_1",
                    "h0,x",
                    "h,y",
                    body("body", scanBody()),
                    attribute("num_scan_inputs", 1))
                .output("h"),
            true);
    assertEquals(false, model.everyStep());
  }

  /** A loop as TensorFlow's converter leaves it: a counter and the input are carried as well. */
  private static TestGraph tensorFlowLoop(String limit) {
    TestGraph body =
        new TestGraph()
            .input("i", DataType.INT64, "")
            .input("go", DataType.BOOL, "")
            .input("time", DataType.INT64, "")
            .input("h_in", "batch," + N)
            .input("x_in", "t,batch," + F)
            .scalar("one", 1)
            .node("Gather", "read", "x_in,time", "xt", attribute("axis", 0));
    plainCell(body)
        .node("Add", "next", "time,one", "time_out")
        .node("Less", "more", "time_out,steps", "more")
        .node("Add", "done", "i,one", "i_next")
        .node("Less", "under", "i_next," + limit, "under")
        .node("And", "both", "more,under", "go_out")
        .node("Identity", "pass", "x_in", "x_out")
        .node("Identity", "y", "h_out", "yt")
        .output("go_out", DataType.BOOL, "")
        .output("time_out", DataType.INT64, "")
        .output("h_out", DataType.FLOAT, "batch," + N)
        .output("x_out", DataType.FLOAT, "t,batch," + F)
        .output("yt", DataType.FLOAT, "batch," + N);
    return zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
        .scalar("first", 0)
        .node("Gather", "steps", "shape,first", "steps")
        .node("Less", "any", "first,steps", "any")
        .node("Loop", "while", "steps,any,first,h0,x", "ends,h,xs,y", body("body", body));
  }

  /** Files of each kind of loop, for tests that damage them. */
  static List<OnnxFile> files() {
    TestGraph scan =
        zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
            .node(
                "Scan",
                "scan_1",
                "h0,x",
                "h,y",
                body("body", scanBody()),
                attribute("num_scan_inputs", 1));
    return List.of(
        scan.output("y").file(),
        tensorFlowLoop("steps").output("y").file(),
        scriptedLoop(false).file());
  }

  /**
   * The same as tf2onnx 1.16 wires a while_loop: 32-bit counters, the step read by a vector of one
   * index, and a condition that looks at this iteration's number and at the next time.
   */
  private static TestGraph tf2onnxLoop() {
    TestGraph body =
        new TestGraph()
            .input("i", DataType.INT64, "")
            .input("go", DataType.BOOL, "")
            .input("time", DataType.INT32, "")
            .input("h_in", "batch," + N)
            .initializer(whole32("one", 1))
            .longs("front", 0)
            .node("Identity", "most_in", "most", "most_body")
            .node("Unsqueeze", "vector", "time,front", "at")
            .node("Gather", "read", "x,at", "row", attribute("axis", 0))
            .node("Squeeze", "flat", "row,front", "xt");
    plainCell(body)
        .node("Add", "next", "time,one", "time_out")
        .node("Cast", "wide", "i", "i32", attribute("to", DataType.INT32.getNumber()))
        .node("Less", "under", "i32,most_body", "under")
        .node("Less", "more", "time_out,most_body", "more")
        .node("And", "both", "under,more", "go_out")
        .node("Identity", "y", "h_out", "yt")
        .output("go_out", DataType.BOOL, "")
        .output("time_out", DataType.INT32, "")
        .output("h_out", DataType.FLOAT, "batch," + N)
        .output("yt", DataType.FLOAT, "batch," + N);
    return zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
        .scalar("first", 0)
        .initializer(whole32("zero", 0))
        .node("Gather", "steps", "shape,first", "steps")
        .node("Cast", "narrow", "steps", "most", attribute("to", DataType.INT32.getNumber()))
        .node("Cast", "trips", "most", "M", attribute("to", DataType.INT64.getNumber()))
        .node("Less", "under0", "zero,most", "under0")
        .node("And", "any", "under0,under0", "any")
        .node("Loop", "while", "M,any,zero,h0", "ends,h,y", body("body", body));
  }

  private static TensorProto whole32(String name, int value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(DataType.INT32.getNumber())
        .addInt32Data(value)
        .build();
  }

  @Test
  void loopAsTensorFlowsConverterWiresIt() throws OnnxException, OrtException {
    assertTrue(same(tf2onnxLoop().output("y"), true).everyStep());
    assertEquals(false, same(tf2onnxLoop().output("h"), true).everyStep());
  }

  @Test
  void loopWithACounterAndACondition() throws OnnxException, OrtException {
    RecurrentModel model = same(tensorFlowLoop("steps").output("y"), true);
    assertEquals(List.of(new StateLayout.Slot("while.h_in", 0, N)), model.stateLayout().slots());
    assertEquals(false, same(tensorFlowLoop("steps").output("h"), true).everyStep());
  }

  @Test
  void loopBetweenLayers() throws OnnxException, OrtException {
    TestGraph graph =
        tensorFlowLoop("steps")
            .weights("W2", 1, 12, N)
            .weights("R2", 1, 12, 4)
            .node("GRU", "gru_1", "y,W2,R2", "g", attribute("hidden_size", 4))
            .longs("axis1", 1)
            .node("Squeeze", "sq", "g,axis1", "s")
            .node("Add", "skip", "s,y", "z")
            .output("z");
    assertEquals(2 * N, same(graph, true).stateLayout().size());
  }

  /** A loop as scripted PyTorch writes it: outputs are appended to a list and stacked. */
  private static TestGraph scriptedLoop(boolean last) {
    TestGraph body =
        new TestGraph()
            .input("i", DataType.INT64, "")
            .input("go", DataType.BOOL, "")
            .input("h_in", "batch," + N)
            .sequenceInput("list")
            .longs("front", 0)
            .node("Unsqueeze", "start", "i,front", "from")
            .scalar("one", 1)
            .node("Add", "plus", "i,one", "next")
            .node("Unsqueeze", "end", "next,front", "to")
            .longs("timeAxis", 1)
            .node("Slice", "step", "x,from,to,timeAxis", "x1")
            .node("Squeeze", "flat", "x1,timeAxis", "xt");
    plainCell(body)
        .node("SequenceInsert", "append", "list,h_out", "list_out")
        .node("Identity", "still", "go", "go_out")
        .output("go_out", DataType.BOOL, "")
        .output("h_out", DataType.FLOAT, "batch," + N)
        .sequenceOutput("list_out");
    TestGraph graph =
        zeros(weights(new TestGraph().input("x", "batch,time," + F)), 0)
            .scalar("timeIndex", 1)
            .scalar("minus", -1)
            .node("Gather", "steps", "shape,timeIndex", "steps")
            .node("SequenceEmpty", "empty", "", "list0")
            .initializer(
                TensorProto.newBuilder()
                    .setName("yes")
                    .setDataType(DataType.BOOL.getNumber())
                    .addInt32Data(1)
                    .build())
            .node("Loop", "loop_1", "steps,yes,h0,list0", "h,all", body("body", body));
    return last
        ? graph.node("SequenceAt", "at", "all,minus", "y").output("y")
        : graph
            .node(
                "ConcatFromSequence",
                "stack",
                "all",
                "y",
                attribute("axis", 1),
                attribute("new_axis", 1))
            .output("y");
  }

  @Test
  void loopThatCollectsAList() throws OnnxException, OrtException {
    assertTrue(same(scriptedLoop(false), false).everyStep());
    assertEquals(false, same(scriptedLoop(true), false).everyStep());
  }

  private static void refused(String message, TestGraph graph) {
    assertEquals(
        message, assertThrows(OnnxException.class, () -> graph.file().read()).getMessage());
  }

  @Test
  void loopsThatAreNoStreamAreRefused() {
    refused(
        "Scan 's': scans its inputs in reverse, from the end of a sequence; a stream runs forward"
            + " only. Train a forward layer",
        zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
            .node(
                "Scan",
                "s",
                "h0,x",
                "h,y",
                body("body", scanBody()),
                attribute("num_scan_inputs", 1),
                list("scan_input_directions", 1))
            .output("y"));
    refused(
        "Loop 'while': runs 5 times over an axis of time steps; only a loop over every step is a"
            + " stream. Export the body as one step, and name its states",
        tensorFlowLoop("five").scalar("five", 5).output("y"));
    refused(
        "Loop 'l': 1 inputs and 1 outputs, its body has 0 and 0",
        new TestGraph()
            .input("x", "batch,3")
            .node("Loop", "l", "x", "y", body("body", new TestGraph()))
            .output("y"));
    refused(
        "Loop 'l': has no body",
        new TestGraph().input("x", "batch,3").node("Loop", "l", "x", "y").output("y"));
  }

  @Test
  void aLoopThatLooksAheadIsRefused() {
    TestGraph body =
        new TestGraph()
            .input("i", DataType.INT64, "")
            .input("go", DataType.BOOL, "")
            .input("h_in", "batch," + N)
            .scalar("one", 1)
            .node("Add", "ahead", "i,one", "j")
            .node("Gather", "read", "x,j", "xt", attribute("axis", 0));
    plainCell(body).node("Identity", "still", "go", "go_out").output("go_out").output("h_out");
    refused(
        "Loop 'l': Gather 'read': reads step i+1 in iteration i, which mixes steps",
        zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
            .scalar("first", 0)
            .node("Gather", "steps", "shape,first", "steps")
            .node("Loop", "l", "steps,,h0", "h", body("body", body))
            .output("h"));
  }

  @Test
  void aLoopThatEndsByItsDataIsRefused() {
    TestGraph body =
        new TestGraph()
            .input("i", DataType.INT64, "")
            .input("go", DataType.BOOL, "")
            .input("h_in", "batch," + N)
            .node("Gather", "read", "x,i", "xt", attribute("axis", 0));
    plainCell(body).output("h_out").output("h_out");
    refused(
        "Loop 'l': its end depends on the data; a loop over the steps ends with the sequence."
            + " Export the body as one step, and name its states",
        zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
            .scalar("first", 0)
            .node("Gather", "steps", "shape,first", "steps")
            .node("Loop", "l", "steps,,h0", "h", body("body", body))
            .output("h"));
  }

  @Test
  void aLoopOverSomethingElseIsRefused() {
    TestGraph body =
        new TestGraph()
            .input("i", DataType.INT64, "")
            .input("go", DataType.BOOL, "")
            .input("h_in", "batch," + N)
            .node("MatMul", "m", "h_in,R", "h_out")
            .node("Identity", "still", "go", "go_out")
            .output("go_out")
            .output("h_out");
    refused(
        "Loop 'l': reads no step of the input at its iteration's number: not a loop over the steps."
            + " Export the body as one step, and name its states",
        zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
            .scalar("ten", 10)
            .node("Loop", "l", "ten,,h0", "h", body("body", body))
            .node("Add", "a", "h,x", "y")
            .output("y"));
  }

  /** A body (batch, 4) that hands on a value from outside, the same in each iteration. */
  private static TestGraph handingOn(String outside, String carried, String given) {
    TestGraph body =
        new TestGraph()
            .input("h_in", "batch," + N)
            .input("xt", "batch," + F)
            .node("Tanh", "tanh", outside, "h_out")
            .node("Identity", "same", "h_in", "y_in")
            .output(carried)
            .output(given);
    return zeros(weights(new TestGraph().input("x", "time,batch," + F)), 1)
        .weights("W2", 1, 12, F)
        .weights("R2", 1, 12, N)
        .node("GRU", "gru_1", "x,W2,R2", "g,gh", attribute("hidden_size", N))
        .longs("front", 0)
        .longs("axis1", 1)
        .node("Squeeze", "flat", "gh,front", "last")
        .node("Squeeze", "all", "g,axis1", "every")
        .node("Scan", "s", "h0,x", "h,y", body("body", body), attribute("num_scan_inputs", 1))
        .output("y");
  }

  @Test
  void anIterationThatTakesOtherStepsIsRefused() {
    String message = "Scan 's': gives out other steps than its own, which mixes steps";
    refused(message, handingOn("last", "h_out", "y_in"));
    refused(message, handingOn("last", "h_in", "h_out"));
    refused(message, handingOn("every", "h_in", "h_out"));
  }

  @Test
  void scanOverAsManyStepsAsSeries() throws OnnxException, OrtException {
    OnnxFile file =
        zeros(weights(new TestGraph().input("x", "4,4," + F)), 1)
            .node(
                "Scan",
                "scan_1",
                "h0,x",
                "h,y",
                body("body", scanBody()),
                attribute("num_scan_inputs", 1))
            .output("y")
            .file();
    float[][][] x = input(4, 4);
    float[] expected = OnnxRuntime.run(file, Map.of("x", Values.timeMajor(x))).get("y").data();
    float[][][] found = new DynamicUnroll(file.read()).run(x).outputs();
    for (int i = 0; i < expected.length; i++) {
      float one = found[i / N % 4][i / N / 4][i % N];
      assertTrue(GoldenCase.close(expected[i], one), i + ", " + Seeds.message(seed));
    }
  }
}
