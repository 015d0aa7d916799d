package io.unroll.job.life;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FeaturesTest {
  private static String rejected(Transform transform, double value, double before) {
    Features features = new Features(List.of(new Feature("x", transform)));
    return features.apply(
        "A", new double[] {value}, new double[] {before}, new double[0], 0, 0, new float[1], 0);
  }

  /** The factor may be what makes it too large. */
  @Test
  void anOverflowNamesAllThatMadeIt() {
    assertEquals(
        "feature 'x': 1.0E39 x diff of 3.0 after 1.0 is not finite in float32",
        rejected(Transform.diff(1e39), 3, 1));
    assertEquals(
        "feature 'x': diff of 1.0E300 after 1.0 is not finite in float32",
        rejected(Transform.diff(1), 1e300, 1));
  }
}
