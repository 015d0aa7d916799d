package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.Approximations.C2;
import static io.unroll.model.kernel.vector.Approximations.C3;
import static io.unroll.model.kernel.vector.Approximations.C4;
import static io.unroll.model.kernel.vector.Approximations.C5;
import static io.unroll.model.kernel.vector.Approximations.C6;
import static io.unroll.model.kernel.vector.Approximations.EXPONENT_AT;
import static io.unroll.model.kernel.vector.Approximations.EXPONENT_BIAS;
import static io.unroll.model.kernel.vector.Approximations.HIGHEST;
import static io.unroll.model.kernel.vector.Approximations.LN2_HIGH;
import static io.unroll.model.kernel.vector.Approximations.LN2_LOW;
import static io.unroll.model.kernel.vector.Approximations.LOG2_E;
import static io.unroll.model.kernel.vector.Approximations.LOWEST;
import static io.unroll.model.kernel.vector.Approximations.ROUNDER;
import static io.unroll.model.kernel.vector.Approximations.ROUNDER_BITS;
import static io.unroll.model.kernel.vector.Lanes.F;
import static io.unroll.model.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of contiguous values: whole vectors in lanes, what is left over by the same operations
 * one value at a time. x and y may be one array at one place.
 */
final class Functions {
  private Functions() {}

  static void sigmoid(int count, float[] x, int x0, float[] y, int y0) {
    int vectors = count / L;
    Gates.sigmoid(vectors, x, x0, L, y, y0, L);
    for (int j = vectors * L; j < count; j++) {
      y[y0 + j] = Approximations.sigmoid(x[x0 + j]);
    }
  }

  static void tanh(int count, float[] x, int x0, float[] y, int y0) {
    int vectors = count / L;
    Gates.tanh(vectors, x, x0, L, y, y0, L);
    for (int j = vectors * L; j < count; j++) {
      y[y0 + j] = Approximations.tanh(x[x0 + j]);
    }
  }

  /** {@code y = e^(x - shift)}; the difference as exact as in two floats. */
  static void exp(int count, float[] x, int x0, float shift, float[] y, int y0) {
    int whole = count / L * L;
    for (int j = 0; j < whole; j += L) {
      FloatVector v = FloatVector.fromArray(F, x, x0 + j);
      FloatVector d = v.sub(FloatVector.broadcast(F, shift));
      FloatVector b = d.sub(v); // what d took of the shift, and what it lost (Knuth's two-sum)
      FloatVector lost = v.sub(d.sub(b)).sub(b.add(FloatVector.broadcast(F, shift)));
      FloatVector a = d.blend(LOWEST, d.compare(VectorOperators.LT, LOWEST));
      lost = lost.blend(0, d.compare(VectorOperators.LT, LOWEST)); // of infinities NaN
      lost = lost.blend(0, d.compare(VectorOperators.GT, HIGHEST));
      a = a.blend(HIGHEST, a.compare(VectorOperators.GT, HIGHEST));
      FloatVector s = a.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
      FloatVector k = s.sub(FloatVector.broadcast(F, ROUNDER));
      FloatVector r = k.fma(FloatVector.broadcast(F, -LN2_HIGH), a);
      r = k.fma(FloatVector.broadcast(F, -LN2_LOW), r.add(lost));
      FloatVector p = r.fma(FloatVector.broadcast(F, C6), FloatVector.broadcast(F, C5));
      p = p.fma(r, FloatVector.broadcast(F, C4));
      p = p.fma(r, FloatVector.broadcast(F, C3));
      p = p.fma(r, FloatVector.broadcast(F, C2));
      p = p.fma(r, FloatVector.broadcast(F, 1));
      p = p.fma(r, FloatVector.broadcast(F, 1));
      IntVector exponent = s.reinterpretAsInts().sub(ROUNDER_BITS);
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = exponent.sub(half);
      p =
          p.mul(
              half.add(EXPONENT_BIAS)
                  .lanewise(VectorOperators.LSHL, EXPONENT_AT)
                  .reinterpretAsFloats());
      p.mul(
              rest.add(EXPONENT_BIAS)
                  .lanewise(VectorOperators.LSHL, EXPONENT_AT)
                  .reinterpretAsFloats())
          .intoArray(y, y0 + j);
    }
    for (int j = whole; j < count; j++) {
      y[y0 + j] = Approximations.exp(x[x0 + j], shift);
    }
  }

  static void relu(int count, float[] x, float[] y) {
    int whole = count / L * L;
    for (int j = 0; j < whole; j += L) {
      FloatVector v = FloatVector.fromArray(F, x, j);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(y, j);
    }
    for (int j = whole; j < count; j++) {
      y[j] = x[j] <= 0 ? 0 : x[j];
    }
  }

  static void leakyRelu(int count, float alpha, float[] x, float[] y) {
    int whole = count / L * L;
    for (int j = 0; j < whole; j += L) {
      FloatVector v = FloatVector.fromArray(F, x, j);
      v.blend(v.mul(FloatVector.broadcast(F, alpha)), v.compare(VectorOperators.LT, 0))
          .intoArray(y, j);
    }
    for (int j = whole; j < count; j++) {
      y[j] = x[j] < 0 ? alpha * x[j] : x[j];
    }
  }

  static void hardSigmoid(int count, float alpha, float beta, float[] x, float[] y) {
    int whole = count / L * L;
    for (int j = 0; j < whole; j += L) {
      FloatVector v =
          FloatVector.fromArray(F, x, j)
              .mul(FloatVector.broadcast(F, alpha))
              .add(FloatVector.broadcast(F, beta));
      v = v.blend(0, v.compare(VectorOperators.LT, 0));
      v.blend(1, v.compare(VectorOperators.GT, 1)).intoArray(y, j);
    }
    for (int j = whole; j < count; j++) {
      float line = alpha * x[j] + beta;
      y[j] = line < 0 ? 0 : line > 1 ? 1 : line;
    }
  }

  static void clip(int count, float least, float most, float[] x, float[] y) {
    int whole = count / L * L;
    for (int j = 0; j < whole; j += L) {
      FloatVector v = FloatVector.fromArray(F, x, j);
      v = v.blend(least, v.compare(VectorOperators.LT, least));
      v.blend(most, v.compare(VectorOperators.GT, most)).intoArray(y, j);
    }
    for (int j = whole; j < count; j++) {
      float above = x[j] < least ? least : x[j];
      y[j] = above > most ? most : above;
    }
  }

  /** Softmax of n values at {@code at}, the sum in double, in four parts. */
  static void softmax(int n, float[] x, float[] y, int at) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = at; j < at + n; j++) {
      max = x[j] > max ? x[j] : max; // a NaN shows in the sum
    }
    exp(n, x, at, max, y, at);
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int j = at;
    for (; j + 3 < at + n; j += 4) {
      a += y[j];
      b += y[j + 1];
      c += y[j + 2];
      d += y[j + 3];
    }
    for (; j < at + n; j++) {
      a += y[j];
    }
    float sum = (float) ((a + b) + (c + d));
    for (int i = at; i < at + n; i++) {
      y[i] = y[i] / sum;
    }
  }

  /** Times 0, every number is 0; infinities and NaN are not, and stay in the sum. */
  static boolean finite(float[] x, int from, int count) {
    int whole = count / (4 * L) * (4 * L);
    float rest = 0;
    for (int i = from + whole; i < from + count; i++) {
      rest += x[i] * 0;
    }
    return rest == 0 && (whole == 0 || finiteVectors(x, from, whole));
  }

  /** Four vectors at least: sums that begin as constants are objects at times. */
  private static boolean finiteVectors(float[] x, int from, int count) {
    FloatVector zero = FloatVector.broadcast(F, 0);
    FloatVector a = FloatVector.fromArray(F, x, from).mul(zero);
    FloatVector b = FloatVector.fromArray(F, x, from + L).mul(zero);
    FloatVector c = FloatVector.fromArray(F, x, from + 2 * L).mul(zero);
    FloatVector d = FloatVector.fromArray(F, x, from + 3 * L).mul(zero);
    for (int i = 4 * L; i < count; i += 4 * L) {
      a = FloatVector.fromArray(F, x, from + i).fma(zero, a);
      b = FloatVector.fromArray(F, x, from + i + L).fma(zero, b);
      c = FloatVector.fromArray(F, x, from + i + 2 * L).fma(zero, c);
      d = FloatVector.fromArray(F, x, from + i + 3 * L).fma(zero, d);
    }
    return a.add(b).add(c.add(d)).compare(VectorOperators.EQ, 0).allTrue();
  }
}
