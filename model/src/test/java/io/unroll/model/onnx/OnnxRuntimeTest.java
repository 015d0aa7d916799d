package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.withGruBatchFirst;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.unroll.model.GoldenCase;
import io.unroll.model.onnx.OnnxRuntime.Values;
import io.unroll.model.unroll.DynamicUnroll;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The other implementation is asked the right question, and answers it. */
final class OnnxRuntimeTest {
  private static final float[][][] INPUT = {{{0.1f, -0.4f, 0.9f}, {1.2f, 0.3f, -0.7f}}};

  @Test
  void givesEveryOutput() throws Exception {
    OnnxFile file = withGruBatchFirst().output("y").output("gh").file();
    Map<String, Values> outputs = OnnxRuntime.run(file, Map.of("x", Values.batchFirst(INPUT)));
    assertEquals(List.of("y", "gh"), List.copyOf(outputs.keySet()));
    Values y = outputs.get("y");
    assertArrayEquals(new long[] {1, 2, 4}, y.dims());
    float[][] expected = new DynamicUnroll(file.read()).run(INPUT).outputs()[0];
    assertArrayEquals(expected[1], Arrays.copyOfRange(y.data(), 4, 8), 1e-6f);
    assertArrayEquals(expected[1], outputs.get("gh").data(), 1e-6f);
  }

  @Test
  void takesAndGivesWholeNumbers() throws Exception {
    OnnxFile file =
        new TestGraph()
            .input("x", DataType.INT64, "batch,time")
            .node("Neg", "n", "x", "y")
            .output("y")
            .file();
    Values y =
        OnnxRuntime.run(file, Map.of("x", new Values(new long[] {1, 2}, new float[] {3, 4})))
            .get("y");
    assertTrue(Arrays.equals(new float[] {-3, -4}, y.data()), Arrays.toString(y.data()));
  }

  @Test
  void readsExternalData() throws Exception {
    GoldenCase golden = GoldenCase.load("11-torch-default-exporter-lstm-2layer");
    assertEquals(1, golden.onnx().externalData().size());
    try (OnnxRuntime runtime = new OnnxRuntime(golden.onnx())) {
      String input = runtime.inputs().iterator().next();
      Values y =
          runtime.run(Map.of(input, Values.batchFirst(golden.input()))).values().iterator().next();
      assertArrayEquals(Values.batchFirst(golden.output()).data(), y.data(), 1e-5f);
    }
  }
}
