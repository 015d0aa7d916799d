package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The numbers of steps and of series are no numbers that a stream has: nothing may be computed with
 * them, nor with how long a constant is along them.
 */
final class OpenExtentsTest {
  /** y (batch, steps, 4), its shape, and ones (batch, steps, 4) and counts (steps) beside it. */
  private static TestGraph graph() {
    return TestGraph.withGruBatchFirst()
        .longs("zero", 0)
        .longs("twoBack", -2)
        .longs("ten", 10)
        .longs("stepsAxis", 1)
        .scalar("first", 0)
        .scalar("once", 1)
        .floats("unit", new float[] {1}, 1)
        .weights("table", 2000, 4)
        .weights("column", 4, 1)
        .node("Shape", "shape", "y", "shape")
        .node("Gather", "steps", "shape,one", "steps")
        .node("Gather", "stepsScalar", "shape,once", "count")
        .node("Expand", "ones", "unit,shape", "ones");
  }

  private static TestGraph plus(TestGraph graph) {
    return graph.node("Add", "sum", "y,v", "z").output("z");
  }

  private static TestGraph computing(String what) {
    TestGraph g = graph();
    return switch (what) {
      case "Shape" ->
          plus(
              g.node("Shape", "again", "ones", "s")
                  .node("Cast", "number", "s", "f", attribute("to", 1))
                  .node("ReduceSum", "all", "f", "v"));
      case "Size" ->
          plus(
              g.node("Size", "size", "ones", "s")
                  .node("Cast", "number", "s", "v", attribute("to", 1)));
      case "ReduceSum" -> plus(g.node("ReduceSum", "count", "ones", "v"));
      case "Softmax" -> plus(g.node("Softmax", "share", "ones", "v", attribute("axis", 1)));
      case "MatMul" ->
          plus(
              g.node("Expand", "row", "unit,steps", "r")
                  .node("Unsqueeze", "column1", "r,one", "c")
                  .node("MatMul", "product", "r,c", "v"));
      case "Gather" -> plus(g.node("Gather", "entry", "table,steps", "v"));
      case "Gather of features" -> g.node("Gather", "v", "y,steps", "z", attribute("axis", 2));
      case "Slice" ->
          plus(
              g.node("Slice", "few", "table,zero,steps", "part")
                  .node("ReduceMax", "largest", "part", "v", list("axes", 0)));
      case "Slice of features" -> g.longs("last", 2).node("Slice", "few", "y,zero,steps,last", "z");
      case "Slice of open" ->
          plus(
              g.node("Slice", "some", "ones,zero,twoBack,stepsAxis", "few")
                  .node("Shape", "again", "few", "s")
                  .node("Cast", "number", "s", "f", attribute("to", 1))
                  .node("ReduceSum", "all", "f", "v"));
      case "Concat" ->
          plus(
              g.node("Concat", "longer", "ones,ones", "l", attribute("axis", 1))
                  .node("ReduceMax", "largest", "l", "v"));
      case "Where" ->
          plus(
              g.floats("two", new float[] {2}, 1)
                  .node("Less", "short", "steps,ten", "few")
                  .node("Where", "v1", "few,unit,two", "v"));
      case "Add" ->
          g.node("Expand", "row", "unit,steps", "r")
              .node("Unsqueeze", "beside", "r,one", "c")
              .node("MatMul", "one", "y,column", "narrow")
              .node("Transpose", "t", "r", "v")
              .node("Add", "wide", "narrow,v", "z");
      default -> throw new IllegalArgumentException(what);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Shape",
        "Size",
        "ReduceSum",
        "Softmax",
        "MatMul",
        "Gather",
        "Gather of features",
        "Slice",
        "Slice of features",
        "Slice of open",
        "Concat",
        "Where",
        "Add"
      })
  void numbersOfStepsAreRefused(String what) {
    String message =
        assertThrows(OnnxException.class, () -> computing(what).output("z").file().read())
            .getMessage();
    assertEquals(
        "computes with the number of steps or of series, which a stream does not have",
        message.substring(message.indexOf(": ") + 2));
  }

  /** Arranging by them stays: a start of a state through functions of constants of open extents. */
  @Test
  void aStartOfOpenExtentsIsRead() throws OnnxException {
    TestGraph graph =
        TestGraph.withGru()
            .longs("one", 1)
            .longs("four", 4)
            .weights("start", 1, 1, 4)
            .weights("W2", 1, 12, 4)
            .weights("R2", 1, 12, 4)
            .longs("from", 1)
            .longs("to", 2)
            .node("Shape", "shape", "xt", "shape")
            .node("Slice", "series", "shape,from,to", "batch")
            .node("Concat", "dims", "one,batch,four", "dims", attribute("axis", 0))
            .node("Expand", "wide", "start,dims", "h1")
            .node("Tanh", "bounded", "h1", "h2")
            .node("Slice", "all", "h2,zero,batch,one", "h3")
            .longs("zero", 0)
            .node("Squeeze", "flat", "g,one", "gs")
            .node("GRU", "gru_2", "gs,W2,R2,,,h3", "y,yh", attribute("hidden_size", 4))
            .output("y");
    assertEquals(8, graph.file().read().stateLayout().size());
  }

  /** 2018 is twice the first placeholder that a file without it would have. */
  @Test
  void anExtentOfTheFileIsNeverTakenForAnOpenOne() throws OnnxException {
    TestGraph wide =
        new TestGraph()
            .input("x", "batch,time,3")
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .weights("up", 4, 2018)
            .weights("table", 2018, 4)
            .node("Transpose", "turn", "x", "xt", list("perm", 1, 0, 2))
            .node("GRU", "gru_1", "xt,W,R", "g", attribute("hidden_size", 4))
            .node("MatMul", "widen", "g,up", "w")
            .node("MatMul", "narrow", "w,table", "n")
            .node("Shape", "shape", "table", "s")
            .node("Cast", "float", "s", "f", attribute("to", 1))
            .node("ReduceMax", "rows", "f", "m")
            .node("Div", "mean", "n,m", "z")
            .output("z");
    assertEquals(4, wide.file().read().outputSize());
  }
}
