package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.Draws;
import io.unroll.model.Seeds;
import io.unroll.model.onnx.OnnxRuntime.Values;
import io.unroll.model.onnx.OperatorCase.Mode;
import io.unroll.model.onnx.OperatorCase.Result;
import io.unroll.model.onnx.Scene.Domain;
import io.unroll.model.onnx.Scene.Var;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operator in random small graphs, over shapes, axes, attributes and operator sets: stepping
 * here gives what ONNX Runtime makes of the whole sequence.
 */
final class OperatorComparisonTest {
  /** Graphs per operator and case. */
  private static final int RUNS = Draws.of(12, 40);

  private static final int NEWEST_OPSET = 26;

  private static final Map<String, List<OperatorCase>> CASES = cases();

  private static Map<String, List<OperatorCase>> cases() {
    Map<String, List<OperatorCase>> cases = new TreeMap<>();
    for (var part :
        List.<Consumer<BiConsumer<String, OperatorCase>>>of(
            ElementwiseCases::addTo,
            WholeCases::addTo,
            ReducingCases::addTo,
            RearrangingCases::addTo,
            SelectingCases::addTo,
            ShapeCases::addTo)) {
      part.accept((op, one) -> cases.computeIfAbsent(op, o -> new ArrayList<>()).add(one));
    }
    return cases;
  }

  private static Stream<String> operators() {
    return StreamSupport.stream(Operators.names().spliterator(), false);
  }

  @Test
  void everyOperatorHasItsGraphs() {
    TreeSet<String> without = new TreeSet<>(operators().toList());
    without.removeAll(CASES.keySet());
    without.removeAll(LoopTest.OPERATORS);
    assertEquals(new TreeSet<>(), without);
  }

  /** The others are compared as whole loops, in {@link LoopTest}. */
  private static Stream<String> compared() {
    return operators().filter(op -> !LoopTest.OPERATORS.contains(op));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("compared")
  void steppingGivesWhatOnnxRuntimeGives(String op) throws Exception {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed + op.hashCode());
    int asked = 0;
    for (OperatorCase one : Objects.requireNonNull(CASES.get(op), op)) {
      for (int run = 0; run < RUNS; run++) {
        String where = op + " graph " + asked++ + ", " + Seeds.message(seed);
        boolean folded =
            one.mode() == Mode.CONSTANTS_ONLY || (one.mode() == Mode.BOTH && run % 4 == 0);
        int opset = one.since() + random.nextInt(NEWEST_OPSET - one.since() + 1);
        ask(one, random, opset, folded, where);
      }
    }
  }

  /** Whole numbers in: a row of a table for each, as torch.nn.Embedding and Keras write it. */
  @Test
  void embeddedTokensGiveWhatOnnxRuntimeGives() throws Exception {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (int run = 0; run < RUNS; run++) {
      int words = 1 + random.nextInt(9);
      int width = 1 + random.nextInt(4);
      int opset = 7 + random.nextInt(NEWEST_OPSET - 7 + 1);
      boolean wide = random.nextBoolean();
      TestGraph graph =
          new TestGraph()
              .opset(opset)
              .input("x", wide ? DataType.INT64 : DataType.INT32, "time,batch")
              .weights("table", words, width)
              .weights("W", 1, 12L, width)
              .weights("R", 1, 12, 4)
              .node("Gather", "embed", "table,x", "e", attribute("axis", 0L))
              .node("GRU", "g", "e,W,R", "y", attribute("hidden_size", 4L))
              .output("y");
      float[][][] input = new float[Scene.BATCH_SIZE][Scene.STEPS][1];
      for (float[][] sample : input) {
        for (float[] row : sample) {
          row[0] = random.nextInt(words);
        }
      }
      new ComparedGraph(graph.file(), new Var("y", List.of(Scene.TIME, 1, Scene.BATCH, 4)), 0)
          .compare(
              input,
              Values.timeMajor(input).as(Scene.STEPS, Scene.BATCH_SIZE),
              false,
              "graph " + run + ", " + Seeds.message(seed));
    }
  }

  private static void ask(OperatorCase one, Random random, int opset, boolean folded, String where)
      throws Exception {
    Scene scene = new Scene(random, opset, folded, one.domain(), one.result() == Result.JUMPS);
    Var value = one.maker().make(scene);
    ComparedGraph graph = ComparedGraph.of(scene, value);
    float[][][] input = input(random, one.domain());
    Values x = scene.timeMajor() ? Values.timeMajor(input) : Values.batchFirst(input);
    graph.compare(input, x, one.result() != Result.CLOSE, where);
  }

  private static float[][][] input(Random random, Domain domain) {
    float[][][] input = new float[Scene.BATCH_SIZE][Scene.STEPS][Scene.WIDTH];
    for (float[][] sample : input) {
      for (float[] row : sample) {
        for (int i = 0; i < row.length; i++) {
          row[i] = domain.draw(random);
        }
      }
    }
    return input;
  }
}
