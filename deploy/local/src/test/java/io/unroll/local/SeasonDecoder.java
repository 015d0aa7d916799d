package io.unroll.local;

import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.UnaryFunction;

/**
 * The decoder of {@code forecast.yaml}, made by hand: a temperature falls back to the season's.
 *
 * <pre>
 * h' = stay * (OF_FED * fed + (1 - OF_FED) * h) + (1 - stay) * season(day)
 * </pre>
 *
 * <p>{@code fed} is the day's temperature, later what was forecast, which is h as well; h starts
 * from the encoder's forecast of the next day.
 */
final class SeasonDecoder {
  private static final int OUTPUTS = 2;
  private static final int INPUTS = 2 * OUTPUTS;
  private static final float OF_FED = 0.25f;

  /** How much of what is above the season's stays for a day: maximum, minimum. */
  private static final float[] STAY = {0.8f, 0.85f};

  /**
   * Sine, cosine, constant of the year: maximum, minimum, degrees C. Least squares over both cities
   * without the last 364 days.
   */
  static final float[][] SEASON = {{-3.803f, -9.940f, 16.520f}, {-3.731f, -8.139f, 8.467f}};

  private SeasonDecoder() {}

  static RecurrentModel model() {
    float[] w = new float[OUTPUTS * INPUTS]; // (neurons, fed and sine and cosine)
    float[] r = new float[OUTPUTS * OUTPUTS];
    float[] bias = new float[OUTPUTS];
    for (int i = 0; i < OUTPUTS; i++) {
      float leaves = 1 - STAY[i];
      w[i * INPUTS + i] = OF_FED * STAY[i];
      w[i * INPUTS + OUTPUTS] = leaves * SEASON[i][0];
      w[i * INPUTS + OUTPUTS + 1] = leaves * SEASON[i][1];
      r[i * OUTPUTS + i] = (1 - OF_FED) * STAY[i];
      bias[i] = leaves * SEASON[i][2];
    }
    return RecurrentModel.builder()
        .name("season")
        .inputs(INPUTS)
        .rnn(
            new CellWeights("season", INPUTS, OUTPUTS, w, r, bias, new float[OUTPUTS]),
            RnnForm.of(new Activation(UnaryFunction.AFFINE, 1, 0)))
        .outputs("temp_max", "temp_min")
        .build();
  }
}
