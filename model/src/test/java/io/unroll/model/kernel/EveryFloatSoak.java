package io.unroll.model.kernel;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link FunctionsTest} for every float there is, on demand (some minutes):
 *
 * <pre>mvn test -pl model -Dtest=EveryFloatSoak</pre>
 */
final class EveryFloatSoak {

  static List<String> kernels() {
    return Kernels.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyFloat(String kernel) {
    Ulps.check(Kernels.named(kernel), 0, 1);
  }
}
