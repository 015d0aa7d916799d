package io.unroll.model.cell;

import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.GruForm;
import io.unroll.model.kernel.LstmForm;
import io.unroll.model.kernel.RnnForm;

/**
 * The ONNX equations, written out naively in double, from weights as ONNX has them: gates one below
 * the other, {@code w (gates·n, in)}, {@code r (gates·n, n)}, {@code wb} and {@code rb (gates·n)}.
 */
public final class CellOracle {
  private CellOracle() {}

  private static double sum(CellWeights w, int row, float[] x, boolean input) {
    double sum = input ? w.wb()[row] : w.rb()[row];
    int n = input ? w.inputs() : w.neurons();
    for (int i = 0; i < n; i++) {
      sum += (double) (input ? w.w() : w.r())[row * n + i] * x[i];
    }
    return sum;
  }

  private static double sum(CellWeights w, int row, double[] h) {
    double sum = w.rb()[row];
    for (int i = 0; i < w.neurons(); i++) {
      sum += w.r()[row * w.neurons() + i] * h[i];
    }
    return sum;
  }

  /** ONNX's text for each activation. */
  static double activation(Activation f, double x) {
    double alpha = f.alpha();
    double beta = f.beta();
    return switch (f.function()) {
      case AFFINE -> alpha * x + beta;
      case RELU -> Math.max(0, x);
      case LEAKY_RELU -> x >= 0 ? x : alpha * x;
      case THRESHOLDED_RELU -> x > alpha ? x : 0;
      case TANH -> Math.tanh(x);
      case SCALED_TANH -> alpha * Math.tanh(beta * x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case HARD_SIGMOID -> Math.min(Math.max(alpha * x + beta, 0), 1);
      case ELU -> x >= 0 ? x : alpha * Math.expm1(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      default -> throw new IllegalArgumentException(f.toString());
    };
  }

  private static double clipped(Activation f, double clip, double x) {
    return activation(f, Math.max(-clip, Math.min(clip, x)));
  }

  /** h' of the plain cell. */
  public static double[] rnn(CellWeights w, RnnForm form, float[] x, double[] h) {
    double[] next = new double[w.neurons()];
    for (int j = 0; j < next.length; j++) {
      next[j] = clipped(form.f(), form.clip(), sum(w, j, x, true) + sum(w, j, h));
    }
    return next;
  }

  /** h' and c' of the standard form. */
  public static double[][] lstm(CellWeights w, float[] x, double[] h, double[] c) {
    return lstm(w, LstmForm.STANDARD, x, h, c);
  }

  /** h' and c'. */
  public static double[][] lstm(CellWeights w, LstmForm form, float[] x, double[] h, double[] c) {
    int n = w.neurons();
    double clip = form.clip();
    double[] p = new double[3 * n];
    for (int j = 0; j < form.peepholes().length; j++) {
      p[j] = form.peepholes()[j];
    }
    double[][] next = new double[2][n];
    for (int j = 0; j < n; j++) {
      double[] gate = new double[4];
      for (int g = 0; g < 4; g++) {
        gate[g] = sum(w, g * n + j, x, true) + sum(w, g * n + j, h);
      }
      double i = clipped(form.f(), clip, gate[0] + p[j] * c[j]);
      double f =
          form.inputForget() ? 1 - i : clipped(form.f(), clip, gate[2] + p[2 * n + j] * c[j]);
      next[1][j] = f * c[j] + i * clipped(form.g(), clip, gate[3]);
      double o = clipped(form.f(), clip, gate[1] + p[n + j] * next[1][j]);
      next[0][j] = o * activation(form.h(), next[1][j]);
    }
    return next;
  }

  /** h' of a standard form. */
  public static double[] gru(CellWeights w, boolean linearBeforeReset, float[] x, double[] h) {
    return gru(w, GruForm.standard(linearBeforeReset), x, h);
  }

  /** h'. */
  public static double[] gru(CellWeights w, GruForm form, float[] x, double[] h) {
    int n = w.neurons();
    double[] r = new double[n];
    double[] z = new double[n];
    double[] reset = new double[n];
    for (int j = 0; j < n; j++) {
      z[j] = clipped(form.f(), form.clip(), sum(w, j, x, true) + sum(w, j, h));
      r[j] = clipped(form.f(), form.clip(), sum(w, n + j, x, true) + sum(w, n + j, h));
      reset[j] = r[j] * h[j];
    }
    double[] next = new double[n];
    for (int j = 0; j < n; j++) {
      double input = sum(w, 2 * n + j, x, true);
      double candidate =
          clipped(
              form.g(),
              form.clip(),
              form.linearBeforeReset()
                  ? input + r[j] * sum(w, 2 * n + j, h)
                  : input + sum(w, 2 * n + j, reset));
      next[j] = (1 - z[j]) * candidate + z[j] * h[j];
    }
    return next;
  }
}
