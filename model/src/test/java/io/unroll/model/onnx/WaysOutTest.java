package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;
import static io.unroll.model.onnx.TestGraph.withGruBatchFirst;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A refusal names a way out that works: each graph is refused, then read with its advice followed.
 */
final class WaysOutTest {
  private static final Map<String, String> STATE = Map.of("s_in", "s_out");

  private static void refused(String message, OnnxFile file) {
    assertEquals(message, assertThrows(OnnxException.class, file::read).getMessage());
  }

  /** One step: a state (batch, 4) that is its last value and the input's four. */
  private static TestGraph step() {
    return new TestGraph()
        .input("x", "batch,4")
        .input("s_in", "batch,4")
        .node("Add", "keep", "x,s_in", "s_out");
  }

  private static OnnxFile file(TestGraph graph) {
    return graph.output("y").output("s_out").file().withStates(STATE);
  }

  /** The same over whole sequences, (batch, time, 4), behind a GRU. */
  private static OnnxFile sequence(TestGraph graph) {
    return graph.output("z").file();
  }

  @Test
  void convolutionWithinOneStep() throws OnnxException {
    String advice =
        "Conv 'c': a convolution within one step, which is not read. Write it as a dense layer on"
            + " the flattened values, with the same weights, and export it again";
    TestGraph row = step().longs("two", 1).node("Unsqueeze", "u", "s_out,two", "row");
    refused(advice, file(row.weights("K", 1, 1, 4).node("Conv", "c", "row,K", "y")));
    file(step().weights("K", 4, 1).node("MatMul", "c", "s_out,K", "y")).read();
    // In each step of a sequence, batch and time folded into one axis.
    refused(
        advice,
        sequence(
            withGruBatchFirst()
                .longs("folded", -1, 1, 4)
                .weights("K", 1, 1, 4)
                .node("Reshape", "fold", "y,folded", "rows")
                .node("Conv", "c", "rows,K", "z")));
    refused(
        "ConvTranspose 'c'" + advice.substring(advice.indexOf(':')),
        file(
            step()
                .longs("two", 1)
                .node("Unsqueeze", "u", "s_out,two", "row")
                .weights("K", 1, 1, 4)
                .node("ConvTranspose", "c", "row,K", "y")));
  }

  @Test
  void convolutionOfKernelOneAtEveryStep() throws OnnxException {
    refused(
        "Conv 'c': a convolution of kernel 1, which is not read. It is a dense layer at every step:"
            + " write it so (nn.Linear, channels last), with the same weights, and export it again",
        sequence(
            withGruBatchFirst()
                .node("Transpose", "t", "y", "yt", list("perm", 0, 2, 1))
                .weights("K", 2, 4, 1)
                .node("Conv", "c", "yt,K", "z")));
    sequence(withGruBatchFirst().weights("K", 4, 2).node("MatMul", "c", "y,K", "z")).read();
    refused(
        "Conv 'c': a convolution over the steps; a stream has one step at a time. Retrain without"
            + " it, with earlier values among the features",
        sequence(
            withGruBatchFirst()
                .node("Transpose", "t", "y", "yt", list("perm", 0, 2, 1))
                .weights("K", 2, 4, 3)
                .node("Conv", "c", "yt,K", "z")));
  }

  @Test
  void convolutionWithoutAState() {
    refused(
        "Conv 'c': a convolution over the steps; a stream has one step at a time, and no node keeps"
            + " anything from one to the next. If it looks back only, export one step of it, and"
            + " keep the earlier values that it needs in a named state",
        new TestGraph()
            .input("x", "batch,3,time")
            .weights("K", 2, 3, 3)
            .node("Conv", "c", "x,K", "y")
            .output("y")
            .file());
    // A step whose states are not named yet: that comes first.
    refused(
        "test: no recurrent node. If the graph is one step, name its states: states: {INPUT:"
            + " OUTPUT}; its inputs are x, s_in, its outputs y, s_out",
        step()
            .longs("two", 1)
            .node("Unsqueeze", "u", "s_out,two", "row")
            .weights("K", 1, 1, 4)
            .node("Conv", "c", "row,K", "y")
            .output("y")
            .output("s_out")
            .file());
  }

  @Test
  void productsWithinOneStep() throws OnnxException {
    String advice = ". Write it as products and sums (Mul, ReduceSum), and export it again";
    refused(
        "MatMul 'm': multiplies two computed values, which is not read" + advice,
        file(pairs().node("MatMul", "m", "a,b", "y")));
    refused(
        "MatMul 'm': weights of (2, 2, 2), expected rank 2" + advice,
        file(pairs().weights("W", 2, 2, 2).node("MatMul", "m", "a,W", "y")));
    refused(
        "MatMul 'm': weights of (2, 2, 2) on the left, expected rank 2" + advice,
        file(pairs().weights("W", 2, 2, 2).node("MatMul", "m", "W,a", "y")));
    refused(
        "Einsum 'm': operator not supported" + advice,
        file(pairs().node("Einsum", "m", "a,b", "y")));
    file(pairs()
            .longs("last", -1)
            .longs("third", -3)
            .longs("second", -2)
            .node("Unsqueeze", "u", "a,last", "au")
            .node("Unsqueeze", "v", "b,third", "bv")
            .node("Mul", "w", "au,bv", "ab")
            .node("ReduceSum", "r", "ab,second", "y", attribute("keepdims", 0)))
        .read();
    // Within each step of a sequence too.
    refused(
        "MatMul 'm': multiplies two computed values, which is not read" + advice,
        sequence(
            withGruBatchFirst()
                .longs("square", 0, 0, 2, 2)
                .node("Reshape", "r", "y,square", "a")
                .node("MatMul", "m", "a,a", "z")));
  }

  /** Two matrices of each step, (batch, 2, 2). */
  private static TestGraph pairs() {
    return step()
        .longs("square", -1, 2, 2)
        .node("Reshape", "ra", "s_out,square", "a")
        .node("Reshape", "rb", "x,square", "b");
  }

  @Test
  void whatElseRunsWithinOneStep() throws OnnxException {
    refused(
        "CumSum 'c': a running sum within one step, which is not read. Write it as a MatMul by a"
            + " constant triangle of ones, and export it again",
        file(step().scalar("axis", 1).node("CumSum", "c", "s_out,axis", "y")));
    file(step()
            .floats("T", new float[] {1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1}, 4, 4)
            .node("MatMul", "c", "s_out,T", "y"))
        .read();
    refused(
        "CumSum 'c': runs along an axis as a whole; a stream has one step at a time. Keep what it"
            + " sums in a recurrent layer",
        sequence(withGruBatchFirst().scalar("axis", 1).node("CumSum", "c", "y,axis", "z")));
    refused(
        "MaxPool 'p': pools within one step, which is not read. Write it as reductions of slices"
            + " (ReduceMax, ReduceMean), and export it again",
        file(pairs().node("MaxPool", "p", "a", "y")));
    refused(
        "Attention 'a': attention within one step, which is not read. Write it as products and sums"
            + " (Mul, ReduceSum) and Softmax, and export it again",
        file(pairs().node("Attention", "a", "a,b,b", "y")));
    refused(
        "Softmax 's': runs over series, which mixes them",
        file(step().node("Softmax", "s", "s_out", "y", attribute("axis", 0))));
    refused(
        "MatMul 'm': multiplies along the axis of series, which mixes them",
        file(
            step()
                .node("Transpose", "t", "s_out", "st", list("perm", 1, 0))
                .weights("W", 3, 2)
                .node("MatMul", "m", "st,W", "y")));
  }

  private static TestGraph gru(TestGraph graph) {
    return graph
        .weights("W", 1, 6, 3)
        .weights("R", 1, 6, 2)
        .node("GRU", "g", "xt,W,R", "y", attribute("linear_before_reset", 1))
        .output("y");
  }

  @Test
  void inputsInAnotherLayout() throws OnnxException {
    String timeLast =
        "The input is (batch, 3, time): export it as (batch, steps, features), and transpose it"
            + " inside the graph";
    refused(
        "GRU 'g': its features run along the steps or the series of the input. " + timeLast,
        gru(new TestGraph()
                .input("x", "batch,3,time")
                .node("Transpose", "t", "x", "xt", list("perm", 2, 0, 1)))
            .file());
    refused(
        "MatMul 'm': multiplies along the axis of steps or series, which mixes them. " + timeLast,
        gru(new TestGraph()
                .input("x", "batch,3,time")
                .weights("D", 3, 3)
                .node("Transpose", "t", "x", "xn", list("perm", 2, 0, 1))
                .node("MatMul", "m", "xn,D", "xt"))
            .file());
    gru(new TestGraph()
            .input("x", "batch,steps,3")
            .node("Transpose", "inside", "x", "xl", list("perm", 0, 2, 1))
            .node("Transpose", "t", "xl", "xt", list("perm", 2, 0, 1)))
        .file()
        .read();
    refused(
        "GRU 'g': its features run along the steps or the series of the input. The input is (batch,"
            + " time, 3, 1): export it as (batch, steps, features), and reshape it inside the graph",
        gru(new TestGraph()
                .input("x", "batch,time,3,1")
                .longs("flat", 0, 0, 3)
                .node("Reshape", "r", "x,flat", "rows")
                .node("Transpose", "t", "rows", "xt", list("perm", 1, 0, 2)))
            .file());
    refused(
        "GRU 'g': its features run along the steps or the series of the input. The input is (time,"
            + " batch, values): export it with its axis of features fixed",
        gru(new TestGraph().input("x", "time,batch,values").node("Identity", "t", "x", "xt"))
            .file());
  }

  @Test
  void severalStepsInOneCall() throws OnnxException {
    Map<String, String> state = Map.of("h0", "hn");
    refused(
        "GRU 'g': runs over 2 steps within one step. Export it over one: with an axis of 1",
        chunk("2,1,3").withStates(state));
    chunk("1,1,3").withStates(state).read();
    refused(
        "GRU 'g': runs along the open axis 'batch' within one step, from row to row. Export with"
            + " that axis fixed at 1",
        chunk("batch,1,3").withStates(state));
  }

  private static OnnxFile chunk(String extents) {
    return new TestGraph()
        .input("x", extents)
        .input("h0", extents.startsWith("b") ? "1,batch,2" : "1,1,2")
        .weights("W", 1, 6, 3)
        .weights("R", 1, 6, 2)
        .node("GRU", "g", "x,W,R,,,h0", "y,hn", attribute("linear_before_reset", 1))
        .output("y")
        .output("hn")
        .file();
  }

  @Test
  void furtherInputs() throws OnnxException {
    refused(
        "test: inputs [kind, x]: found 2 inputs of data, expected one (batch, steps, features). Take"
            + " all features of a step in one input of floats, and slice and cast it inside the"
            + " graph; put what never changes into the graph as a constant",
        gru(new TestGraph()
                .input("kind", DataType.INT64, "time,batch,1")
                .input("x", "time,batch,2")
                .node("Cast", "c", "kind", "k", attribute("to", 1))
                .node("Concat", "both", "k,x", "xt", attribute("axis", -1)))
            .file());
    gru(new TestGraph()
            .input("x", "time,batch,3")
            .longs("zero", 0)
            .longs("one", 1)
            .longs("three", 3)
            .longs("axis", 2)
            .node("Slice", "s1", "x,zero,one,axis", "kf")
            .node("Cast", "c1", "kf", "kind", attribute("to", 7))
            .node("Cast", "c2", "kind", "k", attribute("to", 1))
            .node("Slice", "s2", "x,one,three,axis", "reals")
            .node("Concat", "both", "k,reals", "xt", attribute("axis", -1)))
        .file()
        .read();
    refused(
        "test: inputs [x, lengths]: found 2 inputs of data, expected one (batch, steps, features)."
            + " 'lengths' has the lengths of padded sequences, and a stream has no padding: export"
            + " without them (without pack_padded_sequence)",
        new TestGraph()
            .input("x", "time,batch,3")
            .input("lengths", DataType.INT64, "batch")
            .weights("W", 1, 6, 3)
            .weights("R", 1, 6, 2)
            .node("Gather", "sorted", "x,lengths", "xs", attribute("axis", 1))
            .node("GRU", "g", "xs,W,R,,lengths", "y", attribute("linear_before_reset", 1))
            .output("y")
            .file());
  }
}
