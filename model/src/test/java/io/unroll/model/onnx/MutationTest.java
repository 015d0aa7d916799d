package io.unroll.model.onnx;

import org.junit.jupiter.api.Test;

/** A damaged file is read or refused; nothing else comes out. {@link MutationSoak} does more. */
final class MutationTest {
  @Test
  void damagedFilesAreReadOrRefused() {
    DamagedFiles.check(5_000);
  }
}
