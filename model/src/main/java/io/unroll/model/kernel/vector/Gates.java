package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.Approximations.C2;
import static io.unroll.model.kernel.vector.Approximations.C3;
import static io.unroll.model.kernel.vector.Approximations.C4;
import static io.unroll.model.kernel.vector.Approximations.C5;
import static io.unroll.model.kernel.vector.Approximations.C6;
import static io.unroll.model.kernel.vector.Approximations.EXPONENT_AT;
import static io.unroll.model.kernel.vector.Approximations.EXPONENT_BIAS;
import static io.unroll.model.kernel.vector.Approximations.LN2_HIGH;
import static io.unroll.model.kernel.vector.Approximations.LN2_LOW;
import static io.unroll.model.kernel.vector.Approximations.LOG2_E;
import static io.unroll.model.kernel.vector.Approximations.LOWEST;
import static io.unroll.model.kernel.vector.Approximations.ROUNDER;
import static io.unroll.model.kernel.vector.Approximations.SIGMOID_BIAS;
import static io.unroll.model.kernel.vector.Approximations.SIGMOID_HIGHEST;
import static io.unroll.model.kernel.vector.Approximations.SIGMOID_SCALE;
import static io.unroll.model.kernel.vector.Approximations.T2;
import static io.unroll.model.kernel.vector.Approximations.T3;
import static io.unroll.model.kernel.vector.Approximations.T4;
import static io.unroll.model.kernel.vector.Approximations.T5;
import static io.unroll.model.kernel.vector.Approximations.T6;
import static io.unroll.model.kernel.vector.Approximations.TANH_HIGHEST;
import static io.unroll.model.kernel.vector.Lanes.F;
import static io.unroll.model.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Passes over vectors that stand {@code step} floats apart: the functions of {@link Approximations}
 * in lanes, written out in each pass. A method that takes and gives vectors would be tidier; the
 * JIT of Java 17 allocates them at times, and the same work then takes ten times as long.
 */
final class Gates {
  private static final int SIGN = 1 << 31;

  private Gates() {}

  /** {@code y = σ(x)} for {@code count} vectors. */
  static void sigmoid(int count, float[] x, int x0, int xs, float[] y, int y0, int ys) {
    for (int i = 0; i < count; i++) {
      FloatVector v = FloatVector.fromArray(F, x, x0 + i * xs);
      v = v.blend(LOWEST, v.compare(VectorOperators.LT, LOWEST));
      v = v.blend(SIGMOID_HIGHEST, v.compare(VectorOperators.GT, SIGMOID_HIGHEST));
      FloatVector s = v.fma(FloatVector.broadcast(F, -LOG2_E), FloatVector.broadcast(F, ROUNDER));
      FloatVector k = s.sub(FloatVector.broadcast(F, ROUNDER));
      FloatVector r = k.fma(FloatVector.broadcast(F, -LN2_HIGH), v.neg());
      r = k.fma(FloatVector.broadcast(F, -LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, C6), FloatVector.broadcast(F, C5));
      p = p.fma(r, FloatVector.broadcast(F, C4));
      p = p.fma(r, FloatVector.broadcast(F, C3));
      p = p.fma(r, FloatVector.broadcast(F, C2));
      p = p.fma(r, FloatVector.broadcast(F, 1));
      p = p.fma(r, FloatVector.broadcast(F, 1));
      IntVector e =
          s.reinterpretAsInts().add(SIGMOID_BIAS).lanewise(VectorOperators.LSHL, EXPONENT_AT);
      p = p.mul(e.reinterpretAsFloats());
      FloatVector scale = FloatVector.broadcast(F, SIGMOID_SCALE);
      scale.div(p.add(scale)).intoArray(y, y0 + i * ys);
    }
  }

  /**
   * {@code y = SIGMOID_SCALE / σ(x)} for {@code count} vectors: what {@link #memory} and {@link
   * #output} divide by, once for two functions.
   */
  static void logistic(int count, float[] x, int x0, int xs, float[] y, int y0, int ys) {
    for (int i = 0; i < count; i++) {
      FloatVector v = FloatVector.fromArray(F, x, x0 + i * xs);
      v = v.blend(LOWEST, v.compare(VectorOperators.LT, LOWEST));
      v = v.blend(SIGMOID_HIGHEST, v.compare(VectorOperators.GT, SIGMOID_HIGHEST));
      FloatVector s = v.fma(FloatVector.broadcast(F, -LOG2_E), FloatVector.broadcast(F, ROUNDER));
      FloatVector k = s.sub(FloatVector.broadcast(F, ROUNDER));
      FloatVector r = k.fma(FloatVector.broadcast(F, -LN2_HIGH), v.neg());
      r = k.fma(FloatVector.broadcast(F, -LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, C6), FloatVector.broadcast(F, C5));
      p = p.fma(r, FloatVector.broadcast(F, C4));
      p = p.fma(r, FloatVector.broadcast(F, C3));
      p = p.fma(r, FloatVector.broadcast(F, C2));
      p = p.fma(r, FloatVector.broadcast(F, 1));
      p = p.fma(r, FloatVector.broadcast(F, 1));
      IntVector e =
          s.reinterpretAsInts().add(SIGMOID_BIAS).lanewise(VectorOperators.LSHL, EXPONENT_AT);
      p.fma(e.reinterpretAsFloats(), FloatVector.broadcast(F, SIGMOID_SCALE))
          .intoArray(y, y0 + i * ys);
    }
  }

  /** {@code y = tanh(x)} for {@code count} vectors. */
  static void tanh(int count, float[] x, int x0, int xs, float[] y, int y0, int ys) {
    for (int i = 0; i < count; i++) {
      FloatVector v = FloatVector.fromArray(F, x, x0 + i * xs);
      FloatVector b = v.abs();
      b = b.blend(TANH_HIGHEST, b.compare(VectorOperators.GT, TANH_HIGHEST));
      FloatVector s =
          b.fma(FloatVector.broadcast(F, -2 * LOG2_E), FloatVector.broadcast(F, ROUNDER));
      FloatVector k = s.sub(FloatVector.broadcast(F, ROUNDER));
      FloatVector r = k.fma(FloatVector.broadcast(F, LN2_HIGH / 2), b);
      r = k.fma(FloatVector.broadcast(F, LN2_LOW / 2), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, T6), FloatVector.broadcast(F, T5));
      p = p.fma(r, FloatVector.broadcast(F, T4));
      p = p.fma(r, FloatVector.broadcast(F, T3));
      p = p.fma(r, FloatVector.broadcast(F, T2));
      p = p.fma(r, FloatVector.broadcast(F, 2));
      p = p.mul(r);
      FloatVector e =
          s.reinterpretAsInts()
              .add(EXPONENT_BIAS)
              .lanewise(VectorOperators.LSHL, EXPONENT_AT)
              .reinterpretAsFloats();
      FloatVector t = e.fma(p, FloatVector.broadcast(F, 1).sub(e));
      t = t.div(FloatVector.broadcast(F, 2).sub(t));
      t.reinterpretAsInts()
          .or(v.reinterpretAsInts().and(SIGN))
          .reinterpretAsFloats()
          .intoArray(y, y0 + i * ys);
    }
  }

  /**
   * {@code c' = f c + i tanh(g)} for {@code count} vectors. One division serves i and tanh.
   *
   * @param g at g0 a vector each: i as {@link #logistic} gives it, o, f, and the sum of g
   */
  static void memory(
      int count, float[] g, int g0, int gs, float[] c, int c0, int cs, float[] y, int y0, int ys) {
    for (int i = 0; i < count; i++) {
      int at = g0 + i * gs;
      FloatVector v = FloatVector.fromArray(F, g, at + 3 * L);
      FloatVector b = v.abs();
      b = b.blend(TANH_HIGHEST, b.compare(VectorOperators.GT, TANH_HIGHEST));
      FloatVector s =
          b.fma(FloatVector.broadcast(F, -2 * LOG2_E), FloatVector.broadcast(F, ROUNDER));
      FloatVector k = s.sub(FloatVector.broadcast(F, ROUNDER));
      FloatVector r = k.fma(FloatVector.broadcast(F, LN2_HIGH / 2), b);
      r = k.fma(FloatVector.broadcast(F, LN2_LOW / 2), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, T6), FloatVector.broadcast(F, T5));
      p = p.fma(r, FloatVector.broadcast(F, T4));
      p = p.fma(r, FloatVector.broadcast(F, T3));
      p = p.fma(r, FloatVector.broadcast(F, T2));
      p = p.fma(r, FloatVector.broadcast(F, 2));
      p = p.mul(r);
      FloatVector e =
          s.reinterpretAsInts()
              .add(EXPONENT_BIAS)
              .lanewise(VectorOperators.LSHL, EXPONENT_AT)
              .reinterpretAsFloats();
      FloatVector t = e.fma(p, FloatVector.broadcast(F, 1).sub(e));
      FloatVector both = FloatVector.fromArray(F, g, at);
      t = t.div(FloatVector.broadcast(F, 2).sub(t).mul(both)).mul(SIGMOID_SCALE);
      t = t.reinterpretAsInts().or(v.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
      FloatVector.fromArray(F, g, at + 2 * L)
          .fma(FloatVector.fromArray(F, c, c0 + i * cs), t)
          .intoArray(y, y0 + i * ys);
    }
  }

  /**
   * {@code y = h = o tanh(c)} for {@code count} vectors, with one division.
   *
   * @param g o as {@link #logistic} gives it, at o0
   */
  static void output(
      int count,
      float[] g,
      int o0,
      int os,
      float[] c,
      int c0,
      int cs,
      float[] h,
      int h0,
      int hs,
      float[] y,
      int y0,
      int ys) {
    for (int i = 0; i < count; i++) {
      FloatVector v = FloatVector.fromArray(F, c, c0 + i * cs);
      FloatVector b = v.abs();
      b = b.blend(TANH_HIGHEST, b.compare(VectorOperators.GT, TANH_HIGHEST));
      FloatVector s =
          b.fma(FloatVector.broadcast(F, -2 * LOG2_E), FloatVector.broadcast(F, ROUNDER));
      FloatVector k = s.sub(FloatVector.broadcast(F, ROUNDER));
      FloatVector r = k.fma(FloatVector.broadcast(F, LN2_HIGH / 2), b);
      r = k.fma(FloatVector.broadcast(F, LN2_LOW / 2), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, T6), FloatVector.broadcast(F, T5));
      p = p.fma(r, FloatVector.broadcast(F, T4));
      p = p.fma(r, FloatVector.broadcast(F, T3));
      p = p.fma(r, FloatVector.broadcast(F, T2));
      p = p.fma(r, FloatVector.broadcast(F, 2));
      p = p.mul(r);
      FloatVector e =
          s.reinterpretAsInts()
              .add(EXPONENT_BIAS)
              .lanewise(VectorOperators.LSHL, EXPONENT_AT)
              .reinterpretAsFloats();
      FloatVector t = e.fma(p, FloatVector.broadcast(F, 1).sub(e));
      FloatVector both = FloatVector.fromArray(F, g, o0 + i * os);
      t = t.div(FloatVector.broadcast(F, 2).sub(t).mul(both)).mul(SIGMOID_SCALE);
      t = t.reinterpretAsInts().or(v.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
      t.intoArray(h, h0 + i * hs);
      t.intoArray(y, y0 + i * ys);
    }
  }

  /**
   * The candidate's sum, {@code x·W + r (h·R + b)}, where that of x is, for {@code count} vectors.
   *
   * @param g z, r and the sums of x and of h, a vector each, at g0. Modified.
   */
  static void reset(int count, float[] g, int g0, int gs) {
    for (int i = 0; i < count; i++) {
      int at = g0 + i * gs;
      FloatVector.fromArray(F, g, at + L)
          .fma(FloatVector.fromArray(F, g, at + 3 * L), FloatVector.fromArray(F, g, at + 2 * L))
          .intoArray(g, at + 2 * L);
    }
  }

  /**
   * {@code y = next = (1 - z) g + z h} for {@code count} vectors.
   *
   * @param g z at g0, g two vectors behind it
   */
  static void update(
      int count,
      float[] g,
      int g0,
      int gs,
      float[] h,
      int h0,
      int hs,
      float[] next,
      int n0,
      int ns,
      float[] y,
      int y0,
      int ys) {
    for (int i = 0; i < count; i++) {
      int at = g0 + i * gs;
      FloatVector z = FloatVector.fromArray(F, g, at);
      FloatVector rest =
          FloatVector.broadcast(F, 1).sub(z).mul(FloatVector.fromArray(F, g, at + 2 * L));
      FloatVector v = z.fma(FloatVector.fromArray(F, h, h0 + i * hs), rest);
      v.intoArray(next, n0 + i * ns);
      v.intoArray(y, y0 + i * ys);
    }
  }
}
