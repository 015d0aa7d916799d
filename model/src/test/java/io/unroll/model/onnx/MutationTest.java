package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A damaged file is read or refused; nothing else comes out. */
final class MutationTest {
  private static final int MUTATIONS = 100;

  @Test
  void damagedFilesAreReadOrRefused() {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    for (String name :
        List.of(
            "01-basic-rnn-cell",
            "04-lstm-2layer-dropout-last-step-sigmoid",
            "05-gru-2layer-layernorm-softmax",
            "07-gru-skip-connection",
            "10-lstm-weights-computed-in-graph",
            "11-torch-default-exporter-lstm-2layer",
            "12-torch-default-exporter-gru-fixed-axes")) {
      OnnxFile good = GoldenCase.load(name).onnx();
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] bytes = mutated(good.model(), random);
        String where = name + " mutation " + i + ", " + Seeds.message(seed);
        try {
          RecurrentModel model = new OnnxFile(name, bytes, good.externalData()).read();
          assertNotNull(model.id(), where);
        } catch (OnnxException refusal) {
          assertNotNull(refusal.getMessage(), where);
          assertFalse(refusal.getMessage().isBlank(), where);
        } catch (RuntimeException e) {
          throw new AssertionError(where, e);
        }
      }
    }
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = good.clone();
    // Names, shapes and attributes stand at both ends of a file, weights in the middle.
    int span = Math.max(1, bytes.length / (1 + random.nextInt(8)));
    int start = random.nextBoolean() ? 0 : bytes.length - span;
    switch (random.nextInt(4)) {
      case 0 -> bytes[start + random.nextInt(span)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        for (int i = 0; i < 5; i++) {
          bytes[start + random.nextInt(span)] = (byte) random.nextInt(256);
        }
      }
      case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      default -> {
        int from = random.nextInt(bytes.length);
        int count = random.nextInt(Math.min(40, bytes.length - from));
        System.arraycopy(good, random.nextInt(bytes.length - count), bytes, from, count);
      }
    }
    return bytes;
  }
}
