package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.Blocks.SIZE;
import static io.unroll.model.kernel.vector.Lanes.F;
import static io.unroll.model.kernel.vector.Lanes.L;
import static io.unroll.model.kernel.vector.Lanes.PANEL;
import static io.unroll.model.kernel.vector.Lanes.PANEL_WIDTH;
import static io.unroll.model.kernel.vector.Lanes.TILE;

import jdk.incubator.vector.FloatVector;

/**
 * {@code out = from + x·w} for a tile: a few rows by a few vectors of columns, the sums in
 * registers all the way. Each value is one chain of fma over x, in every one of these methods, so
 * it does not matter which of them a row meets, nor where a chain is put down and taken up again.
 *
 * <p>With 32 registers, four rows by four vectors: per input four loads of weights, four values of
 * x spread over the lanes straight from memory, and 16 fma. With 16 registers, four rows by two
 * vectors: as many sums as keep two units busy, and what the JIT needs besides. One loop over one
 * block of x: with two (x, then h), or with an address per row, the JIT has not enough address
 * registers, or spends as many instructions on addresses as on sums.
 */
final class Tiles {
  private Tiles() {}

  /**
   * A block of rows by a panel of four vectors.
   *
   * @param x (count, 4) at x0
   * @param w (count, TILE) at wAt
   * @param from (4, TILE) at f0, rows {@code fs} apart
   * @param out (4, TILE) at o0, rows {@code os} apart; may be {@code from}. Modified.
   */
  static void fourByFour(
      int count,
      float[] x,
      int x0,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      int fs,
      float[] out,
      int o0,
      int os) {
    FloatVector a0 = FloatVector.fromArray(F, from, f0);
    FloatVector a1 = FloatVector.fromArray(F, from, f0 + L);
    FloatVector a2 = FloatVector.fromArray(F, from, f0 + 2 * L);
    FloatVector a3 = FloatVector.fromArray(F, from, f0 + 3 * L);
    FloatVector b0 = FloatVector.fromArray(F, from, f0 + fs);
    FloatVector b1 = FloatVector.fromArray(F, from, f0 + fs + L);
    FloatVector b2 = FloatVector.fromArray(F, from, f0 + fs + 2 * L);
    FloatVector b3 = FloatVector.fromArray(F, from, f0 + fs + 3 * L);
    FloatVector c0 = FloatVector.fromArray(F, from, f0 + 2 * fs);
    FloatVector c1 = FloatVector.fromArray(F, from, f0 + 2 * fs + L);
    FloatVector c2 = FloatVector.fromArray(F, from, f0 + 2 * fs + 2 * L);
    FloatVector c3 = FloatVector.fromArray(F, from, f0 + 2 * fs + 3 * L);
    FloatVector d0 = FloatVector.fromArray(F, from, f0 + 3 * fs);
    FloatVector d1 = FloatVector.fromArray(F, from, f0 + 3 * fs + L);
    FloatVector d2 = FloatVector.fromArray(F, from, f0 + 3 * fs + 2 * L);
    FloatVector d3 = FloatVector.fromArray(F, from, f0 + 3 * fs + 3 * L);
    for (int k = 0; k < count; k++) {
      int p = x0 + k * SIZE;
      int at = wAt + k * TILE;
      FloatVector w0 = FloatVector.fromArray(F, w, at);
      FloatVector w1 = FloatVector.fromArray(F, w, at + L);
      FloatVector w2 = FloatVector.fromArray(F, w, at + 2 * L);
      FloatVector w3 = FloatVector.fromArray(F, w, at + 3 * L);
      FloatVector v = FloatVector.broadcast(F, x[p]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      a2 = v.fma(w2, a2);
      a3 = v.fma(w3, a3);
      v = FloatVector.broadcast(F, x[p + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      b2 = v.fma(w2, b2);
      b3 = v.fma(w3, b3);
      v = FloatVector.broadcast(F, x[p + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      c2 = v.fma(w2, c2);
      c3 = v.fma(w3, c3);
      v = FloatVector.broadcast(F, x[p + 3]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      d2 = v.fma(w2, d2);
      d3 = v.fma(w3, d3);
    }
    a0.intoArray(out, o0);
    a1.intoArray(out, o0 + L);
    a2.intoArray(out, o0 + 2 * L);
    a3.intoArray(out, o0 + 3 * L);
    b0.intoArray(out, o0 + os);
    b1.intoArray(out, o0 + os + L);
    b2.intoArray(out, o0 + os + 2 * L);
    b3.intoArray(out, o0 + os + 3 * L);
    c0.intoArray(out, o0 + 2 * os);
    c1.intoArray(out, o0 + 2 * os + L);
    c2.intoArray(out, o0 + 2 * os + 2 * L);
    c3.intoArray(out, o0 + 2 * os + 3 * L);
    d0.intoArray(out, o0 + 3 * os);
    d1.intoArray(out, o0 + 3 * os + L);
    d2.intoArray(out, o0 + 3 * os + 2 * L);
    d3.intoArray(out, o0 + 3 * os + 3 * L);
  }

  /**
   * A block of rows by a panel of two vectors: {@code w (count, 2 L)}. Two inputs to a pass, which
   * the JIT does not do by itself: one spends a third of its instructions on the loop.
   */
  static void fourByTwo(
      int count,
      float[] x,
      int x0,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      int fs,
      float[] out,
      int o0,
      int os) {
    FloatVector a0 = FloatVector.fromArray(F, from, f0);
    FloatVector a1 = FloatVector.fromArray(F, from, f0 + L);
    FloatVector b0 = FloatVector.fromArray(F, from, f0 + fs);
    FloatVector b1 = FloatVector.fromArray(F, from, f0 + fs + L);
    FloatVector c0 = FloatVector.fromArray(F, from, f0 + 2 * fs);
    FloatVector c1 = FloatVector.fromArray(F, from, f0 + 2 * fs + L);
    FloatVector d0 = FloatVector.fromArray(F, from, f0 + 3 * fs);
    FloatVector d1 = FloatVector.fromArray(F, from, f0 + 3 * fs + L);
    int k = 0;
    for (; k + 1 < count; k += 2) {
      int p = x0 + k * SIZE;
      int at = wAt + k * (2 * L);
      FloatVector w0 = FloatVector.fromArray(F, w, at);
      FloatVector w1 = FloatVector.fromArray(F, w, at + L);
      FloatVector v = FloatVector.broadcast(F, x[p]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[p + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(F, x[p + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(F, x[p + 3]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
      w0 = FloatVector.fromArray(F, w, at + 2 * L);
      w1 = FloatVector.fromArray(F, w, at + 3 * L);
      v = FloatVector.broadcast(F, x[p + 4]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[p + 5]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(F, x[p + 6]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(F, x[p + 7]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
    }
    if (k < count) {
      int p = x0 + k * SIZE;
      int at = wAt + k * (2 * L);
      FloatVector w0 = FloatVector.fromArray(F, w, at);
      FloatVector w1 = FloatVector.fromArray(F, w, at + L);
      FloatVector v = FloatVector.broadcast(F, x[p]);
      a0 = v.fma(w0, a0);
      a1 = v.fma(w1, a1);
      v = FloatVector.broadcast(F, x[p + 1]);
      b0 = v.fma(w0, b0);
      b1 = v.fma(w1, b1);
      v = FloatVector.broadcast(F, x[p + 2]);
      c0 = v.fma(w0, c0);
      c1 = v.fma(w1, c1);
      v = FloatVector.broadcast(F, x[p + 3]);
      d0 = v.fma(w0, d0);
      d1 = v.fma(w1, d1);
    }
    a0.intoArray(out, o0);
    a1.intoArray(out, o0 + L);
    b0.intoArray(out, o0 + os);
    b1.intoArray(out, o0 + os + L);
    c0.intoArray(out, o0 + 2 * os);
    c1.intoArray(out, o0 + 2 * os + L);
    d0.intoArray(out, o0 + 3 * os);
    d1.intoArray(out, o0 + 3 * os + L);
  }

  /**
   * One row by the four vectors of a tile, whatever its panels.
   *
   * @param w panels of (count, PANEL_WIDTH) at wAt
   */
  static void oneByFour(
      int count, float[] x, int x0, float[] w, int wAt, float[] from, int f0, float[] out, int o0) {
    FloatVector a = FloatVector.fromArray(F, from, f0);
    FloatVector b = FloatVector.fromArray(F, from, f0 + L);
    FloatVector c = FloatVector.fromArray(F, from, f0 + 2 * L);
    FloatVector d = FloatVector.fromArray(F, from, f0 + 3 * L);
    int second = PANEL == 4 ? 2 * L : count * PANEL_WIDTH;
    for (int k = 0; k < count; k++) {
      int at = wAt + k * PANEL_WIDTH;
      FloatVector v = FloatVector.broadcast(F, x[x0 + k]);
      a = v.fma(FloatVector.fromArray(F, w, at), a);
      b = v.fma(FloatVector.fromArray(F, w, at + L), b);
      c = v.fma(FloatVector.fromArray(F, w, at + second), c);
      d = v.fma(FloatVector.fromArray(F, w, at + second + L), d);
    }
    a.intoArray(out, o0);
    b.intoArray(out, o0 + L);
    c.intoArray(out, o0 + 2 * L);
    d.intoArray(out, o0 + 3 * L);
  }

  /** Two blocks of rows by one vector: {@code w (count, L)}. */
  static void eightByOne(
      int count,
      float[] x,
      int x0,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      int fs,
      float[] out,
      int o0,
      int os) {
    FloatVector a = FloatVector.fromArray(F, from, f0);
    FloatVector b = FloatVector.fromArray(F, from, f0 + fs);
    FloatVector c = FloatVector.fromArray(F, from, f0 + 2 * fs);
    FloatVector d = FloatVector.fromArray(F, from, f0 + 3 * fs);
    FloatVector e = FloatVector.fromArray(F, from, f0 + 4 * fs);
    FloatVector f = FloatVector.fromArray(F, from, f0 + 5 * fs);
    FloatVector g = FloatVector.fromArray(F, from, f0 + 6 * fs);
    FloatVector h = FloatVector.fromArray(F, from, f0 + 7 * fs);
    int second = x0 + SIZE * count;
    for (int k = 0; k < count; k++) {
      int p = x0 + k * SIZE;
      int q = second + k * SIZE;
      FloatVector v = FloatVector.fromArray(F, w, wAt + k * L);
      a = FloatVector.broadcast(F, x[p]).fma(v, a);
      b = FloatVector.broadcast(F, x[p + 1]).fma(v, b);
      c = FloatVector.broadcast(F, x[p + 2]).fma(v, c);
      d = FloatVector.broadcast(F, x[p + 3]).fma(v, d);
      e = FloatVector.broadcast(F, x[q]).fma(v, e);
      f = FloatVector.broadcast(F, x[q + 1]).fma(v, f);
      g = FloatVector.broadcast(F, x[q + 2]).fma(v, g);
      h = FloatVector.broadcast(F, x[q + 3]).fma(v, h);
    }
    a.intoArray(out, o0);
    b.intoArray(out, o0 + os);
    c.intoArray(out, o0 + 2 * os);
    d.intoArray(out, o0 + 3 * os);
    e.intoArray(out, o0 + 4 * os);
    f.intoArray(out, o0 + 5 * os);
    g.intoArray(out, o0 + 6 * os);
    h.intoArray(out, o0 + 7 * os);
  }

  /** A block of rows by one vector: {@code w (count, L)}. */
  static void fourByOne(
      int count,
      float[] x,
      int x0,
      float[] w,
      int wAt,
      float[] from,
      int f0,
      int fs,
      float[] out,
      int o0,
      int os) {
    FloatVector a = FloatVector.fromArray(F, from, f0);
    FloatVector b = FloatVector.fromArray(F, from, f0 + fs);
    FloatVector c = FloatVector.fromArray(F, from, f0 + 2 * fs);
    FloatVector d = FloatVector.fromArray(F, from, f0 + 3 * fs);
    for (int k = 0; k < count; k++) {
      int p = x0 + k * SIZE;
      FloatVector v = FloatVector.fromArray(F, w, wAt + k * L);
      a = FloatVector.broadcast(F, x[p]).fma(v, a);
      b = FloatVector.broadcast(F, x[p + 1]).fma(v, b);
      c = FloatVector.broadcast(F, x[p + 2]).fma(v, c);
      d = FloatVector.broadcast(F, x[p + 3]).fma(v, d);
    }
    a.intoArray(out, o0);
    b.intoArray(out, o0 + os);
    c.intoArray(out, o0 + 2 * os);
    d.intoArray(out, o0 + 3 * os);
  }

  /** One row by one vector: {@code w (count, L)}. */
  static void oneByOne(
      int count, float[] x, int x0, float[] w, int wAt, float[] from, int f0, float[] out, int o0) {
    FloatVector a = FloatVector.fromArray(F, from, f0);
    for (int k = 0; k < count; k++) {
      a = FloatVector.broadcast(F, x[x0 + k]).fma(FloatVector.fromArray(F, w, wAt + k * L), a);
    }
    a.intoArray(out, o0);
  }
}
