package io.unroll.model.kernel;

/**
 * What LSTM and GRU do with one row's gate sums. Blocks of n floats in ONNX's gate order. The
 * standard forms have loops of their own; those that take a form serve every other.
 */
final class Gates {
  private Gates() {}

  /**
   * gates (4n): sums of i, o, f, c. Modified. c' = f c + i g at nextC, h' = o tanh(c') at y.
   * Modified.
   */
  static void lstm(
      float[] gates, int n, float[] c, int cAt, float[] next, int nextAt, float[] y, int yAt) {
    Rows.apply(Activation.SIGMOID, 3 * n, gates, 0, gates, 0);
    Rows.apply(Activation.TANH, n, gates, 3 * n, gates, 3 * n);
    for (int j = 0; j < n; j++) {
      next[nextAt + j] = gates[2 * n + j] * c[cAt + j] + gates[j] * gates[3 * n + j];
    }
    for (int j = 0; j < n; j++) {
      y[yAt + j] = gates[n + j] * Transcendentals.tanh(next[nextAt + j]);
    }
  }

  /** The same for any form. */
  static void lstm(
      LstmForm form,
      float[] gates,
      int n,
      float[] c,
      int cAt,
      float[] next,
      int nextAt,
      float[] y,
      int yAt) {
    float[] p = form.peepholes(); // i, o, f
    float clip = form.clip();
    if (p.length > 0) {
      for (int j = 0; j < n; j++) {
        gates[j] = gates[j] + p[j] * c[cAt + j];
        gates[2 * n + j] = gates[2 * n + j] + p[2 * n + j] * c[cAt + j];
      }
    }
    Rows.activate(form.f(), clip, n, gates, 0);
    if (form.inputForget()) {
      for (int j = 0; j < n; j++) {
        gates[2 * n + j] = 1 - gates[j];
      }
    } else {
      Rows.activate(form.f(), clip, n, gates, 2 * n);
    }
    Rows.activate(form.g(), clip, n, gates, 3 * n);
    for (int j = 0; j < n; j++) {
      next[nextAt + j] = gates[2 * n + j] * c[cAt + j] + gates[j] * gates[3 * n + j];
    }
    if (p.length > 0) {
      for (int j = 0; j < n; j++) {
        gates[n + j] = gates[n + j] + p[n + j] * next[nextAt + j];
      }
    }
    Rows.activate(form.f(), clip, n, gates, n);
    for (int j = 0; j < n; j++) {
      y[yAt + j] = gates[n + j] * form.h().of(next[nextAt + j]);
    }
  }

  /** gates (3n input sums, 3n state sums): the first 2n become z and r. Modified. */
  static void updateAndReset(float[] gates, int n) {
    Rows.combine(BinaryFunction.ADD, 2 * n, gates, 0, gates, 3 * n, gates, 0);
    Rows.apply(Activation.SIGMOID, 2 * n, gates, 0, gates, 0);
  }

  /** The third block becomes tanh(input + r · state). Modified. */
  static void candidateAfterReset(float[] gates, int n) {
    for (int j = 2 * n; j < 3 * n; j++) {
      gates[j] = Transcendentals.tanh(gates[j] + gates[j - n] * gates[j + 3 * n]);
    }
  }

  /** The third block becomes tanh(input + state), the reset being in the state's sum. Modified. */
  static void candidateBeforeReset(float[] gates, int n) {
    for (int j = 2 * n; j < 3 * n; j++) {
      gates[j] = Transcendentals.tanh(gates[j] + gates[j + 3 * n]);
    }
  }

  /** The same for any form. */
  static void updateAndReset(GruForm form, float[] gates, int n) {
    Rows.combine(BinaryFunction.ADD, 2 * n, gates, 0, gates, 3 * n, gates, 0);
    Rows.activate(form.f(), form.clip(), 2 * n, gates, 0);
  }

  /** The third block becomes g of the candidate's sum, either way. Modified. */
  static void candidate(GruForm form, float[] gates, int n) {
    for (int j = 2 * n; j < 3 * n; j++) {
      float reset = form.linearBeforeReset() ? gates[j - n] : 1;
      gates[j] = gates[j] + reset * gates[j + 3 * n];
    }
    Rows.activate(form.g(), form.clip(), n, gates, 2 * n);
  }

  /** h' = (1 - z) g + z h at y. Modified. */
  static void gruOutput(float[] gates, int n, float[] h, int hAt, float[] y, int yAt) {
    for (int j = 0; j < n; j++) {
      float z = gates[j];
      y[yAt + j] = (1 - z) * gates[2 * n + j] + z * h[hAt + j];
    }
  }
}
