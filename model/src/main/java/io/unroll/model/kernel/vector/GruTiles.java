package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.Lanes.F;
import static io.unroll.model.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The sums of a GRU that resets after the product, a vector of neurons at a time. There are four
 * sums (z, r, and the candidate's of x and of h apart) and each product adds to three of them:
 * {@code third} says which the third is.
 */
final class GruTiles {
  /** Floats of a row of weights: three vectors. */
  static final int WIDTH = 3 * L;

  /** The most inputs that pass at once: 19 KiB of weights. */
  static final int DEPTH = 1600 / L;

  /** Rows whose sums stay in registers together. */
  static final int ROWS = Lanes.PANEL == 4 ? 4 : 3;

  private GruTiles() {}

  /**
   * {@link #ROWS} rows, {@code out = from + x·w}.
   *
   * @param x (ROWS, count) at x0, rows {@code xs} apart
   * @param w (count, WIDTH) at wAt
   * @param from z and r at f0, rows {@code fs} apart
   * @param bias what the third sum starts from: (TILE) at biasAt, rows {@code biasStep} apart
   * @param third 2 L or 3 L
   * @param out (4, TILE) at o0, rows {@code os} apart; may be {@code from}. Modified.
   */
  static void rows(
      int count,
      float[] x,
      int x0,
      int xs,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      int fs,
      float[] bias,
      int biasAt,
      int biasStep,
      int third,
      float[] out,
      int o0,
      int os) {
    if (ROWS == 4) {
      fourRows(count, x, x0, xs, w, wAt, from, f0, fs, bias, biasAt, biasStep, third, out, o0, os);
    } else {
      threeRows(count, x, x0, xs, w, wAt, from, f0, fs, bias, biasAt, biasStep, third, out, o0, os);
    }
  }

  /** With 32 registers. */
  private static void fourRows(
      int count,
      float[] x,
      int x0,
      int xs,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      int fs,
      float[] bias,
      int biasAt,
      int biasStep,
      int third,
      float[] out,
      int o0,
      int os) {
    FloatVector a0 = FloatVector.fromArray(F, from, f0);
    FloatVector a1 = FloatVector.fromArray(F, from, f0 + L);
    FloatVector a2 = FloatVector.fromArray(F, bias, biasAt + third);
    FloatVector b0 = FloatVector.fromArray(F, from, f0 + fs);
    FloatVector b1 = FloatVector.fromArray(F, from, f0 + fs + L);
    FloatVector b2 = FloatVector.fromArray(F, bias, biasAt + biasStep + third);
    FloatVector c0 = FloatVector.fromArray(F, from, f0 + 2 * fs);
    FloatVector c1 = FloatVector.fromArray(F, from, f0 + 2 * fs + L);
    FloatVector c2 = FloatVector.fromArray(F, bias, biasAt + 2 * biasStep + third);
    FloatVector d0 = FloatVector.fromArray(F, from, f0 + 3 * fs);
    FloatVector d1 = FloatVector.fromArray(F, from, f0 + 3 * fs + L);
    FloatVector d2 = FloatVector.fromArray(F, bias, biasAt + 3 * biasStep + third);
    int x1 = x0 + xs;
    int x2 = x1 + xs;
    int x3 = x2 + xs;
    for (int k = 0; k < count; k++) {
      int at = wAt + k * WIDTH;
      FloatVector w0 = FloatVector.fromArray(F, w, at);
      FloatVector w1 = FloatVector.fromArray(F, w, at + L);
      FloatVector w2 = FloatVector.fromArray(F, w, at + 2 * L);
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      a2 = v.fma(w2, a2);
      v = FloatVector.broadcast(F, x[x1 + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      b2 = v.fma(w2, b2);
      v = FloatVector.broadcast(F, x[x2 + k]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      c2 = v.fma(w2, c2);
      v = FloatVector.broadcast(F, x[x3 + k]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      d2 = v.fma(w2, d2);
    }
    a0.intoArray(out, o0);
    a1.intoArray(out, o0 + L);
    a2.intoArray(out, o0 + third);
    b0.intoArray(out, o0 + os);
    b1.intoArray(out, o0 + os + L);
    b2.intoArray(out, o0 + os + third);
    c0.intoArray(out, o0 + 2 * os);
    c1.intoArray(out, o0 + 2 * os + L);
    c2.intoArray(out, o0 + 2 * os + third);
    d0.intoArray(out, o0 + 3 * os);
    d1.intoArray(out, o0 + 3 * os + L);
    d2.intoArray(out, o0 + 3 * os + third);
  }

  /** With 16 registers: twelve sums and the weights would need all of them. */
  private static void threeRows(
      int count,
      float[] x,
      int x0,
      int xs,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      int fs,
      float[] bias,
      int biasAt,
      int biasStep,
      int third,
      float[] out,
      int o0,
      int os) {
    FloatVector a0 = FloatVector.fromArray(F, from, f0);
    FloatVector a1 = FloatVector.fromArray(F, from, f0 + L);
    FloatVector a2 = FloatVector.fromArray(F, bias, biasAt + third);
    FloatVector b0 = FloatVector.fromArray(F, from, f0 + fs);
    FloatVector b1 = FloatVector.fromArray(F, from, f0 + fs + L);
    FloatVector b2 = FloatVector.fromArray(F, bias, biasAt + biasStep + third);
    FloatVector c0 = FloatVector.fromArray(F, from, f0 + 2 * fs);
    FloatVector c1 = FloatVector.fromArray(F, from, f0 + 2 * fs + L);
    FloatVector c2 = FloatVector.fromArray(F, bias, biasAt + 2 * biasStep + third);
    int x1 = x0 + xs;
    int x2 = x1 + xs;
    for (int k = 0; k < count; k++) {
      int at = wAt + k * WIDTH;
      FloatVector w0 = FloatVector.fromArray(F, w, at);
      FloatVector w1 = FloatVector.fromArray(F, w, at + L);
      FloatVector w2 = FloatVector.fromArray(F, w, at + 2 * L);
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      a2 = v.fma(w2, a2);
      v = FloatVector.broadcast(F, x[x1 + k]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      b2 = v.fma(w2, b2);
      v = FloatVector.broadcast(F, x[x2 + k]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      c2 = v.fma(w2, c2);
    }
    a0.intoArray(out, o0);
    a1.intoArray(out, o0 + L);
    a2.intoArray(out, o0 + third);
    b0.intoArray(out, o0 + os);
    b1.intoArray(out, o0 + os + L);
    b2.intoArray(out, o0 + os + third);
    c0.intoArray(out, o0 + 2 * os);
    c1.intoArray(out, o0 + 2 * os + L);
    c2.intoArray(out, o0 + 2 * os + third);
  }

  /** The same for one row. */
  static void oneRow(
      int count,
      float[] x,
      int x0,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      float[] bias,
      int biasAt,
      int third,
      float[] out,
      int o0) {
    FloatVector a = FloatVector.fromArray(F, from, f0);
    FloatVector b = FloatVector.fromArray(F, from, f0 + L);
    FloatVector c = FloatVector.fromArray(F, bias, biasAt + third);
    for (int k = 0; k < count; k++) {
      int at = wAt + k * WIDTH;
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a = v.fma(FloatVector.fromArray(F, w, at), a);
      b = v.fma(FloatVector.fromArray(F, w, at + L), b);
      c = v.fma(FloatVector.fromArray(F, w, at + 2 * L), c);
    }
    a.intoArray(out, o0);
    b.intoArray(out, o0 + L);
    c.intoArray(out, o0 + third);
  }
}
