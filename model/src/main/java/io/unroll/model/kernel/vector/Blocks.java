package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.Lanes.F;
import static io.unroll.model.kernel.vector.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rows as the tiles read them: four at a time, their values taking turns, so that one address
 * serves all four. Rows that are left over stand one behind the other.
 *
 * <pre>
 *  rows 0 to 3: input 0: a b c d   input 1: a b c d   ...   (count inputs)
 *  rows 4 to 7: ...
 *  row 8:       input 0, input 1, ...
 * </pre>
 *
 * Row {@code r} of a block of four, and a row that is left over, begin at {@code r * count}.
 */
final class Blocks {
  /** Rows of a block. */
  static final int SIZE = 4;

  // Lane l of the vector at a quarter of L inputs: input l / 4 of that quarter, row l % 4.
  private static final VectorShuffle<Float> FIRST = quarter(0);
  private static final VectorShuffle<Float> SECOND = quarter(1);
  private static final VectorShuffle<Float> THIRD = quarter(2);
  private static final VectorShuffle<Float> FOURTH = quarter(3);
  private static final VectorMask<Float> B = lanesOf(1);
  private static final VectorMask<Float> C = lanesOf(2);
  private static final VectorMask<Float> D = lanesOf(3);

  private Blocks() {}

  private static VectorShuffle<Float> quarter(int quarter) {
    return VectorShuffle.fromOp(F, lane -> quarter * L / SIZE + lane / SIZE);
  }

  private static VectorMask<Float> lanesOf(int row) {
    boolean[] lanes = new boolean[L];
    for (int lane = row; lane < L; lane += SIZE) {
      lanes[lane] = true;
    }
    return VectorMask.fromArray(F, lanes, 0);
  }

  /** Rows in blocks of four. */
  static int blocked(int rows) {
    return rows / SIZE * SIZE;
  }

  /**
   * Puts rows of x into blocks.
   *
   * @param x (rows, in)
   * @param packed (rows, in) in blocks, from its beginning. Modified.
   */
  static void pack(int rows, int in, float[] x, float[] packed) {
    pack(rows, in, x, 0, x, 0, 0, packed);
  }

  /**
   * Puts rows of x and of the state, side by side, into blocks.
   *
   * @param x (rows, in)
   * @param state (rows, stride), n values from {@code at} on
   * @param packed (rows, in + n) in blocks, from its beginning. Modified.
   */
  static void pack(
      int rows, int in, float[] x, int n, float[] state, int at, int stride, float[] packed) {
    int count = in + n;
    int blocked = blocked(rows);
    for (int row = 0; row < blocked; row += SIZE) {
      four(in, x, row * in, in, packed, row * count);
      four(n, state, row * stride + at, stride, packed, row * count + in * SIZE);
    }
    for (int row = blocked; row < rows; row++) {
      System.arraycopy(x, row * in, packed, row * count, in);
      System.arraycopy(state, row * stride + at, packed, row * count + in, n);
    }
  }

  private static void four(int count, float[] x, int x0, int xs, float[] packed, int to) {
    int x1 = x0 + xs;
    int x2 = x1 + xs;
    int x3 = x2 + xs;
    int whole = count / L * L;
    for (int k = 0; k < whole; k += L) {
      FloatVector a = FloatVector.fromArray(F, x, x0 + k);
      FloatVector b = FloatVector.fromArray(F, x, x1 + k);
      FloatVector c = FloatVector.fromArray(F, x, x2 + k);
      FloatVector d = FloatVector.fromArray(F, x, x3 + k);
      int at = to + k * SIZE;
      a.rearrange(FIRST)
          .blend(b.rearrange(FIRST), B)
          .blend(c.rearrange(FIRST), C)
          .blend(d.rearrange(FIRST), D)
          .intoArray(packed, at);
      a.rearrange(SECOND)
          .blend(b.rearrange(SECOND), B)
          .blend(c.rearrange(SECOND), C)
          .blend(d.rearrange(SECOND), D)
          .intoArray(packed, at + L);
      a.rearrange(THIRD)
          .blend(b.rearrange(THIRD), B)
          .blend(c.rearrange(THIRD), C)
          .blend(d.rearrange(THIRD), D)
          .intoArray(packed, at + 2 * L);
      a.rearrange(FOURTH)
          .blend(b.rearrange(FOURTH), B)
          .blend(c.rearrange(FOURTH), C)
          .blend(d.rearrange(FOURTH), D)
          .intoArray(packed, at + 3 * L);
    }
    for (int k = whole; k < count; k++) {
      int at = to + k * SIZE;
      packed[at] = x[x0 + k];
      packed[at + 1] = x[x1 + k];
      packed[at + 2] = x[x2 + k];
      packed[at + 3] = x[x3 + k];
    }
  }
}
