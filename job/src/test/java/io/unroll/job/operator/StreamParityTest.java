package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.model.Seeds;
import io.unroll.model.cell.Models;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.onnx.RandomFiles;
import io.unroll.model.unroll.DynamicUnroll;
import io.unroll.model.unroll.StaticUnroll;
import io.unroll.model.unroll.Unrolled;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One cell, three ways to unroll it, one answer: over random shapes, lengths and kinds of cell the
 * stream gives what dynamic and static unrolling give, bit for bit.
 */
final class StreamParityTest {
  @ParameterizedTest
  @EnumSource(Models.Kind.class)
  void streamIsDynamicIsStatic(Models.Kind kind) throws Exception {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int run = 0; run < 12; run++) {
      Backend backend = run % 4 == 0 ? Backend.ROCKSDB : Backend.HEAP;
      check(random, kind, backend, kind + ", run " + run + ", " + Seeds.message(seed));
    }
  }

  private static void check(Random random, Models.Kind kind, Backend backend, String where)
      throws Exception {
    int inputs = 1 + random.nextInt(6);
    List<Integer> neurons =
        IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> 1 + random.nextInt(20)).toList();
    OnnxFile file = RandomFiles.stack(random, kind, inputs, neurons, 1 + random.nextInt(4));
    int batch = 1 + random.nextInt(6);
    int steps = 1 + random.nextInt(12);
    float[][][] input = new float[batch][steps][];
    int[] lengths = new int[batch];
    for (int row = 0; row < batch; row++) {
      lengths[row] = 1 + random.nextInt(steps);
      for (int t = 0; t < steps; t++) {
        input[row][t] = Models.values(random, inputs, 1);
      }
    }
    Unrolled dynamic = new DynamicUnroll(TestModels.read(file)).run(input, lengths, null);
    Unrolled fixed =
        new StaticUnroll(TestModels.read(file), steps, batch).run(input, lengths, null);

    SequenceConfig config =
        TestModels.config(file, Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.STEP);
    try (SequenceHarness harness = SequenceHarness.open(backend, config)) {
      for (int t = 0; t < steps; t++) {
        for (int row = 0; row < batch; row++) {
          if (t < lengths[row]) {
            harness.observe(observation(row, t, input[row][t], t == lengths[row] - 1));
          }
        }
      }
      List<Prediction> predictions = harness.predictions();
      assertEquals(IntStream.of(lengths).sum(), predictions.size(), where);
      for (Prediction p : predictions) {
        int row = Integer.parseInt(p.series);
        int t = (int) p.step;
        assertArrayEquals(dynamic.outputs()[row][t], p.output, where);
        assertArrayEquals(fixed.outputs()[row][t], p.output, where);
      }
    }
  }

  private static Observation observation(int row, int t, float[] features, boolean end) {
    double[] raw = new double[features.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = features[i];
    }
    Observation observation = Observation.of(Integer.toString(row), 1000L + t, raw);
    return end ? observation.andEnd() : observation;
  }
}
