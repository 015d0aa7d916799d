package io.unroll.model.cell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.model.Seeds;
import io.unroll.model.kernel.Reduction;
import io.unroll.model.kernel.TestKernel;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Nodes that choose, look up and reduce: by hand, and row by row as in a batch. */
final class NodesTest {

  private static float[] run(Function<StepGraph.Builder, Integer> nodes, int width, float[] input) {
    StepGraph.Builder builder = new StepGraph.Builder(TestKernel.create(), width);
    StepGraph graph = builder.build(nodes.apply(builder));
    int rows = input.length / width;
    Frame frame = graph.frame(rows);
    graph.run(frame, rows, input, new float[0]);
    return graph.output(frame);
  }

  private static void assertBatchIndependent(
      Function<StepGraph.Builder, Integer> nodes, int width, float[] input, String what) {
    float[] together = run(nodes, width, input);
    int rows = input.length / width;
    int out = together.length / rows;
    for (int row = 0; row < rows; row++) {
      float[] alone = run(nodes, width, Arrays.copyOfRange(input, row * width, (row + 1) * width));
      assertArrayEquals(Arrays.copyOfRange(together, row * out, (row + 1) * out), alone, what);
    }
  }

  private static int choose(StepGraph.Builder graph) {
    Pick condition = new Pick(graph, "Slice", "c", new int[] {0, 1}, StepGraph.INPUT);
    Pick yes = new Pick(graph, "Slice", "y", new int[] {2, 3}, StepGraph.INPUT);
    Literal no = new Literal(graph, "n", new float[] {-1, -2});
    Choose node = new Choose(graph, "w", condition.output(), yes.output(), no.output());
    graph.add(condition);
    graph.add(yes);
    graph.add(no);
    graph.add(node);
    return node.output();
  }

  private static int embed(StepGraph.Builder graph) {
    Embed node = new Embed(graph, "e", new float[] {1, 2, 3, 4, 5, 6}, 3, StepGraph.INPUT);
    graph.add(node);
    return node.output();
  }

  private static Function<StepGraph.Builder, Integer> reduce(Reduction f, int group) {
    return graph -> {
      Reduce node = new Reduce(graph, f.name(), "r", f, group, StepGraph.INPUT);
      graph.add(node);
      return node.output();
    };
  }

  @Test
  void choosesValueByValueAndKeepsNaN() {
    float nan = Float.NaN;
    assertArrayEquals(
        new float[] {7, -2, nan, 10},
        run(NodesTest::choose, 4, new float[] {1, 0, 7, 8, nan, 1, 9, 10}));
  }

  @Test
  void looksUpRowsFromBothEndsAndGivesNaNElsewhere() {
    float nan = Float.NaN;
    assertArrayEquals(
        new float[] {5, 6, 1, 2, nan, nan, nan, nan, nan, nan, 5, 6},
        run(NodesTest::embed, 2, new float[] {2, -3, 3, -4, 0.5f, -1}));
    assertArrayEquals(
        new float[] {nan, nan, nan, nan},
        run(NodesTest::embed, 1, new float[] {nan, Float.NEGATIVE_INFINITY}));
  }

  @Test
  void reducesGroupsOfARow() {
    float[] x = {3, 1, 3, -2, 0.5f, -2};
    assertArrayEquals(new float[] {7, -3.5f}, run(reduce(Reduction.SUM, 3), 6, x));
    assertArrayEquals(new float[] {0, 1}, run(reduce(Reduction.ARG_MAX, 3), 6, x));
    assertArrayEquals(new float[] {2, 1}, run(reduce(Reduction.ARG_MAX_LAST, 3), 6, x));
    assertArrayEquals(new float[] {1, 0}, run(reduce(Reduction.ARG_MIN, 3), 6, x));
    assertArrayEquals(new float[] {1, 2}, run(reduce(Reduction.ARG_MIN_LAST, 3), 6, x));
    assertArrayEquals(new float[] {-2}, run(reduce(Reduction.MIN, 6), 6, x));
    for (Reduction f : Reduction.values()) {
      float[] found = run(reduce(f, 2), 2, new float[] {1, Float.NaN});
      assertArrayEquals(new float[] {Float.NaN}, found, f + " keeps NaN");
    }
    float inf = Float.POSITIVE_INFINITY;
    assertArrayEquals(
        new float[] {inf}, run(reduce(Reduction.LOG_SUM_EXP, 2), 2, new float[] {1, inf}));
    assertArrayEquals(
        new float[] {-inf}, run(reduce(Reduction.LOG_SUM_EXP, 2), 2, new float[] {-inf, -inf}));
    assertArrayEquals(
        new float[] {1000.6932f},
        run(reduce(Reduction.LOG_SUM_EXP, 2), 2, new float[] {1000, 1000}));
  }

  @Test
  void rowsOfABatchHaveTheBitsOfRowsAlone() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    String what = Seeds.message(seed);
    float[] x = Models.values(random, 60, 2);
    float[] some = x.clone();
    for (int i = 0; i < some.length; i++) {
      some[i] = random.nextInt(4) - 2;
    }
    assertBatchIndependent(NodesTest::choose, 4, some, what);
    assertBatchIndependent(NodesTest::embed, 2, some, what);
    for (Reduction f : Reduction.values()) {
      assertBatchIndependent(reduce(f, 3), 6, x, f + ", " + what);
    }
    assertBatchIndependent(
        graph -> {
          Softmax node = new Softmax(graph, "s", 3, true, StepGraph.INPUT);
          graph.add(node);
          return node.output();
        },
        6,
        x,
        what);
  }

  private static void refused(String message, Function<StepGraph.Builder, Integer> nodes) {
    StepGraph.Builder graph = new StepGraph.Builder(TestKernel.create(), 4);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> nodes.apply(graph)).getMessage());
  }

  @Test
  void sizesThatDoNotFitAreRefusedWithTheNumbers() {
    refused("r: a row of 4 values, expected groups of 3", reduce(Reduction.MAX, 3));
    refused(
        "e: a table of 5 values for 2 entries",
        graph -> new Embed(graph, "e", new float[5], 2, StepGraph.INPUT).output());
    refused(
        "w: rows of 4 and 2 values for 4 conditions",
        graph ->
            new Choose(graph, "w", StepGraph.INPUT, StepGraph.INPUT, graph.register(2)).output());
  }
}
