package io.unroll.local;

import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.kernel.UnaryFunction;

/**
 * The models of {@code missing.yaml} and {@code irregular.yaml}, made by hand: the next day's
 * temperature is mostly the day's and a little of what the day before had said.
 */
final class FeatureModels {
  private static final int OUTPUTS = 2; // maximum, minimum

  /** Degrees C for each m/s of wind, and the wind where none was measured, m/s. */
  private static final float OF_WIND = -0.05f;

  private static final float MEAN_WIND = 3;

  private FeatureModels() {}

  /**
   *
   *
   * <pre>
   * h' = 0.85 temp + 0.1 h - 0.05 rain - 0.05 (wind if there is one, else 3)
   * </pre>
   *
   * <p>Inputs: rain, maximum, minimum, wind, whether there is a wind.
   */
  static RecurrentModel missing() {
    float[][] w = new float[OUTPUTS][];
    float[] bias = new float[OUTPUTS];
    for (int i = 0; i < OUTPUTS; i++) {
      w[i] = new float[] {-0.05f, 0, 0, OF_WIND, -OF_WIND * MEAN_WIND};
      w[i][1 + i] = 0.85f;
      bias[i] = OF_WIND * MEAN_WIND;
    }
    return model("missing", w, bias);
  }

  /**
   *
   *
   * <pre>
   * h' = 0.8 temp + 0.1 h + 0.1 season(day) - 0.3 ln(1 + rain) - 0.1 days
   * </pre>
   *
   * <p>Inputs: the logarithm, maximum, minimum, days since the step before, sine and cosine of the
   * year.
   */
  static RecurrentModel irregular() {
    float[][] w = new float[OUTPUTS][];
    float[] bias = new float[OUTPUTS];
    for (int i = 0; i < OUTPUTS; i++) {
      float[] season = SeasonDecoder.SEASON[i]; // sine, cosine, constant
      w[i] = new float[] {-0.3f, 0, 0, -0.1f, 0.1f * season[0], 0.1f * season[1]};
      w[i][1 + i] = 0.8f;
      bias[i] = 0.1f * season[2];
    }
    return model("irregular", w, bias);
  }

  private static RecurrentModel model(String name, float[][] rows, float[] bias) {
    int inputs = rows[0].length;
    float[] w = new float[OUTPUTS * inputs]; // (neurons, inputs)
    float[] r = new float[OUTPUTS * OUTPUTS];
    for (int i = 0; i < OUTPUTS; i++) {
      System.arraycopy(rows[i], 0, w, i * inputs, inputs);
      r[i * OUTPUTS + i] = 0.1f;
    }
    return RecurrentModel.builder()
        .name(name)
        .inputs(inputs)
        .rnn(
            new CellWeights(name, inputs, OUTPUTS, w, r, bias, new float[OUTPUTS]),
            RnnForm.of(new Activation(UnaryFunction.AFFINE, 1, 0)))
        .outputs("temp_max", "temp_min")
        .build();
  }
}
