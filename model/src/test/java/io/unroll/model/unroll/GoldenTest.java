package io.unroll.model.unroll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The training framework's own outputs, over every step, by both ways to unroll. */
final class GoldenTest {

  static Stream<GoldenCase> cases() {
    return GoldenCase.STREAMABLE.stream()
        .filter(name -> !name.startsWith("06")) // starts from states of its own: OwnCasesTest
        .map(GoldenCase::load);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wholeBatchGivesTheFrameworksOutputs(GoldenCase golden) {
    RecurrentModel model = golden.model();
    float[][][] input = golden.input();
    Unrolled dynamic = new DynamicUnroll(model).run(input);
    Unrolled fixed = new StaticUnroll(model, input[0].length, input.length).run(input);
    assertSame(dynamic, fixed);
    assertEquals(golden.field("output").get(0).get(0).isArray(), model.everyStep());
    if (model.everyStep()) {
      for (int b = 0; b < input.length; b++) {
        assertSteps(golden.output()[b], dynamic.outputs()[b], golden + " sample " + b);
      }
    } else {
      for (int b = 0; b < input.length; b++) {
        assertClose(golden.vectors()[b], dynamic.lastOutputs()[b], golden + " sample " + b);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachSampleAloneHasTheBitsOfTheBatch(GoldenCase golden) {
    RecurrentModel model = golden.model();
    float[][][] input = golden.input();
    Unrolled batch = new DynamicUnroll(model).run(input);
    for (int b = 0; b < input.length; b++) {
      Unrolled alone = new DynamicUnroll(model).run(new float[][][] {input[b]});
      assertArrayEquals(batch.outputs()[b], alone.outputs()[0]);
      assertArrayEquals(batch.finalStates()[b], alone.finalStates()[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lengthsEndEachSampleOnItsOwn(GoldenCase golden) {
    RecurrentModel model = golden.model();
    float[][][] input = golden.input();
    int[] lengths = golden.lengths();
    Unrolled dynamic = new DynamicUnroll(model).run(input, lengths, null);
    Unrolled fixed =
        new StaticUnroll(model, input[0].length, input.length).run(input, lengths, null);
    assertSame(dynamic, fixed);
    for (int b = 0; b < input.length; b++) {
      String sample = golden + " sample " + b;
      if (golden.name().startsWith("01")) {
        assertSteps(
            GoldenCase.floats3(golden.field("output_masked"))[b], dynamic.outputs()[b], sample);
        assertClose(
            GoldenCase.floats2(golden.field("final_state_by_length"))[b],
            dynamic.finalStates()[b],
            sample);
        continue;
      }
      if (model.everyStep()) {
        float[][] real = Arrays.copyOf(dynamic.outputs()[b], lengths[b]);
        assertSteps(golden.outputByLength()[b], real, sample);
      } else {
        assertClose(golden.vectorsByLength()[b], dynamic.lastOutputs()[b], sample);
      }
      float[] zeros = new float[model.outputSize()];
      for (int t = lengths[b]; t < input[b].length; t++) {
        assertArrayEquals(zeros, dynamic.outputs()[b][t], sample + " step " + t);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyKernelAgreesWithThePlainOne(GoldenCase golden) throws OnnxException {
    float[][][] input = golden.input();
    Unrolled plain = new DynamicUnroll(golden.onnx().read(Kernels.named(Kernels.PLAIN))).run(input);
    for (String kernel : Kernels.names()) {
      RecurrentModel model = golden.onnx().read(Kernels.named(kernel));
      assertEquals(kernel, model.kernel());
      Unrolled other = new DynamicUnroll(model).run(input);
      for (int b = 0; b < input.length; b++) {
        for (int t = 0; t < plain.outputs()[b].length; t++) {
          assertAgree(plain.outputs()[b][t], other.outputs()[b][t], golden + " on " + kernel);
        }
        assertAgree(plain.finalStates()[b], other.finalStates()[b], golden + " on " + kernel);
      }
    }
  }

  /** Over a whole sequence the differences of its steps add up, as far as the network lets them. */
  private static void assertAgree(float[] expected, float[] found, String where) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], 1e-6 * Math.max(1, Math.abs(expected[i])), where);
    }
  }

  private static void assertSame(Unrolled a, Unrolled b) {
    assertTrue(Arrays.deepEquals(a.outputs(), b.outputs()), "outputs: static and dynamic");
    assertTrue(Arrays.deepEquals(a.finalStates(), b.finalStates()), "states: static and dynamic");
    assertTrue(Arrays.deepEquals(a.lastOutputs(), b.lastOutputs()), "last: static and dynamic");
  }

  static void assertSteps(float[][] expected, float[][] found, String where) {
    assertEquals(expected.length, found.length, where);
    for (int t = 0; t < expected.length; t++) {
      assertClose(expected[t], found[t], where + " step " + t);
    }
  }

  static void assertClose(float[] expected, float[] found, String where) {
    assertEquals(expected.length, found.length, where);
    for (int i = 0; i < expected.length; i++) {
      assertTrue(
          GoldenCase.close(expected[i], found[i]),
          where + ": expected " + List.of(expected[i]) + ", found " + found[i]);
    }
  }
}
