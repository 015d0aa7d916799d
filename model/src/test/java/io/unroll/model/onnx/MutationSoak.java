package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * The long forms of {@link MutationTest}, on demand, with another seed each time:
 *
 * <pre>mvn test -pl model -Dtest=MutationSoak#fiftyThousand</pre>
 */
final class MutationSoak {
  @Test
  void fiftyThousand() {
    assertEquals(50_000, DamagedFiles.check(50_000));
  }

  @Test
  void aMillion() {
    assertEquals(1_000_000, DamagedFiles.check(1_000_000));
  }
}
