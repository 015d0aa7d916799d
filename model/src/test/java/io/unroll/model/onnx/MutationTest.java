package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A damaged file is read or refused; nothing else comes out. {@link MutationSoak} does more. */
final class MutationTest {
  @Test
  void damagedFilesAreReadOrRefused() {
    assertEquals(5_000, DamagedFiles.check(5_000));
  }
}
