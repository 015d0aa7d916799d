package io.unroll.job.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.life.Scale.Online;
import io.unroll.model.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MomentsTest {
  private static final Online ALL = new Online(Online.FOREVER);

  /** Against the two passes of a textbook, over what is weighted as the half-life says. */
  @Test
  void scaledIsWhatTwoPassesGive() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      Online scale = random.nextBoolean() ? ALL : new Online(0.5 + 50 * random.nextDouble());
      double offset = random.nextGaussian() * 1000;
      double[] values = random.doubles(1 + random.nextInt(200)).map(v -> v * 3 + offset).toArray();
      double[] moments = new double[Moments.SIZE];
      for (int n = 0; n < values.length; n++) {
        double scaled = Moments.scaled(values[n], scale, moments, 0);
        Moments.add(values[n], scale, moments, 0);
        String where = "value " + n + " of run " + run + ", " + Seeds.message(seed);
        double[] expected = twoPasses(values, n, scale);
        assertEquals(
            expected[1] == 0 ? 0 : (values[n] - expected[0]) / expected[1], scaled, 1e-6, where);
        assertEquals(values[n], Moments.undone(scaled, moments, 0), 1e-6, where);
      }
    }
  }

  private static double[] twoPasses(double[] values, int last, Online scale) {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i <= last; i++) {
      sum += weight(last - i, scale) * values[i];
      weights += weight(last - i, scale);
    }
    double mean = sum / weights;
    double squares = 0;
    for (int i = 0; i <= last; i++) {
      squares += weight(last - i, scale) * (values[i] - mean) * (values[i] - mean);
    }
    return new double[] {mean, last == 0 ? 0 : Math.sqrt(squares / weights)};
  }

  private static double weight(int age, Online scale) {
    return scale.halfLife() == Online.FOREVER ? 1 : Math.pow(0.5, age / scale.halfLife());
  }

  @Test
  void equalValuesAreInTheMiddle() {
    double[] moments = new double[Moments.SIZE];
    for (int i = 0; i < 5; i++) {
      assertEquals(0, Moments.scaled(7.5, ALL, moments, 0));
      Moments.add(7.5, ALL, moments, 0);
    }
    assertEquals(7.5, Moments.undone(0, moments, 0));
  }

  @Test
  void aValueThatWouldSpoilThemForEverIsNone() {
    double[] moments = new double[Moments.SIZE];
    assertTrue(Double.isNaN(Moments.scaled(1e200, ALL, moments, 0)));
    Moments.add(1, ALL, moments, 0);
    assertTrue(Double.isNaN(Moments.scaled(1e200, ALL, moments, 0)));
    assertEquals(1, Moments.scaled(3e38, ALL, moments, 0), 1e-9);
  }

  /** Where all but the last value is forgotten, rounding leaves no variance below 0. */
  @Test
  void aTinyHalfLife() {
    Online scale = new Online(0.01);
    double[] moments = new double[Moments.SIZE];
    for (double value : new double[] {1, 1e16, 0.1, 0.3, 0.1, 0.7, 0.3, 1.1, 0.2, 0.9}) {
      assertTrue(Double.isFinite(Moments.scaled(value, scale, moments, 0)));
      Moments.add(value, scale, moments, 0);
      assertTrue(Double.isFinite(Moments.undone(0.5, moments, 0)));
    }
  }
}
