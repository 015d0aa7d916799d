package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.model.Draws;
import org.junit.jupiter.api.Test;

/**
 * A damaged file is read or refused; nothing else comes out. {@code -Druns=1000000} damages that
 * many.
 */
final class MutationTest {
  @Test
  void damagedFilesAreReadOrRefused() {
    int files = Draws.of(2_000, 20_000);
    assertEquals(files, DamagedFiles.check(files));
  }
}
