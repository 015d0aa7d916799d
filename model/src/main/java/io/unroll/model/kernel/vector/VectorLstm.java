package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.Lanes.AHEAD;
import static io.unroll.model.kernel.vector.Lanes.L;
import static io.unroll.model.kernel.vector.Lanes.TILE;

import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.StackedWeights;

/**
 * The standard LSTM. A tile is the four gates of a vector of neurons:
 *
 * <pre>
 *  w     tile 0: input 0: i i.. o o.. f f.. g g..   (L floats of each gate)
 *                input 1: ...                       (in + n rows)
 *        tile 1: ...                                ((n + L - 1) / L tiles)
 * </pre>
 *
 * or, where {@link Lanes#PANEL} is half a tile, i and o of all inputs, then f and g of all inputs.
 *
 * <p>Tiles are the outer loop, so a tile's weights stay in the nearest cache while all rows pass;
 * what follows the sums happens per tile, too. A single row finishes all its sums first: its gates
 * are then passes over several vectors.
 */
final class VectorLstm implements CellStep {
  private static final int GATES = 4;

  private final int in;
  private final int n;
  private final int count; // in + n
  private final int tiles;
  private final float[] w; // (tiles, in + n, TILE) from AHEAD on
  private final float[] bias; // (tiles, TILE)

  VectorLstm(StackedWeights weights) {
    in = weights.inputs();
    n = weights.neurons();
    count = in + n;
    tiles = Lanes.vectors(n);
    w = Lanes.weights(count, tiles * TILE);
    bias = new float[tiles * TILE];
    for (int j = 0; j < n; j++) {
      for (int gate = 0; gate < GATES; gate++) {
        bias[j / L * TILE + gate * L + j % L] = weights.bias()[gate * n + j];
        for (int k = 0; k < count; k++) {
          w[Lanes.place(j / L, count, k, gate) + j % L] = weights.w()[k * GATES * n + gate * n + j];
        }
      }
    }
  }

  /**
   * The rows' x over h; the sums of a tile of rows, or of all tiles of one row; and a padded tail's
   * c, c' and h'.
   */
  @Override
  public int scratch(int rows) {
    return rows * count + Math.max(rows, tiles) * TILE + 3 * rows * L;
  }

  @Override
  public void run(
      int rows,
      float[] x,
      float[] state,
      float[] next,
      int stride,
      int at,
      float[] scratch,
      float[] y) {
    Blocks.pack(rows, in, x, n, state, at, stride, scratch);
    int sums = rows * count;
    if (rows == 1) {
      row(state, next, at, scratch, sums, y);
      return;
    }
    for (int tile = 0; tile < tiles; tile++) {
      Product.tile(
          rows,
          count,
          scratch,
          w,
          AHEAD + tile * count * TILE,
          bias,
          tile * TILE,
          scratch,
          sums,
          TILE);
      int h = at + tile * L;
      int c = h + n;
      if (tile * L + L <= n) {
        finish(
            rows, scratch, sums, state, c, stride, next, c, stride, next, h, stride, y, tile * L,
            n);
      } else {
        tail(rows, scratch, sums, state, next, stride, at, y);
      }
    }
  }

  private void row(float[] state, float[] next, int at, float[] scratch, int sums, float[] y) {
    for (int tile = 0; tile < tiles; tile++) {
      Tiles.oneByFour(
          count,
          scratch,
          0,
          w,
          AHEAD + tile * count * TILE,
          bias,
          tile * TILE,
          scratch,
          sums + tile * TILE);
    }
    int whole = n / L;
    int c = at + n;
    if (whole > 0) {
      finish(whole, scratch, sums, state, c, L, next, c, L, next, at, L, y, 0, L);
    }
    if (whole < tiles) {
      tail(1, scratch, sums + whole * TILE, state, next, 0, at, y);
    }
  }

  /** From the sums to c' and h' for {@code count} vectors, each with its place and distance. */
  private static void finish(
      int count,
      float[] g,
      int g0,
      float[] c,
      int c0,
      int cs,
      float[] nextC,
      int nc0,
      int ncs,
      float[] nextH,
      int nh0,
      int nhs,
      float[] y,
      int y0,
      int ys) {
    Gates.logistic(count, g, g0, TILE, g, g0, TILE);
    Gates.logistic(count, g, g0 + L, TILE, g, g0 + L, TILE);
    Gates.sigmoid(count, g, g0 + 2 * L, TILE, g, g0 + 2 * L, TILE);
    Gates.memory(count, g, g0, TILE, c, c0, cs, nextC, nc0, ncs);
    Gates.output(count, g, g0 + L, TILE, nextC, nc0, ncs, nextH, nh0, nhs, y, y0, ys);
  }

  /** The last neurons, fewer than a vector: by way of padded copies behind the sums. */
  private void tail(
      int rows,
      float[] scratch,
      int sums,
      float[] state,
      float[] next,
      int stride,
      int at,
      float[] y) {
    int before = sums + rows * TILE;
    int after = before + rows * L;
    int out = after + rows * L;
    int rest = n % L;
    int j = n - rest;
    int h = at + j;
    int c = h + n;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(state, row * stride + c, scratch, before + row * L, rest);
    }
    finish(
        rows, scratch, sums, scratch, before, L, scratch, after, L, scratch, out, L, scratch, out,
        L);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(scratch, after + row * L, next, row * stride + c, rest);
      System.arraycopy(scratch, out + row * L, next, row * stride + h, rest);
      System.arraycopy(scratch, out + row * L, y, row * n + j, rest);
    }
  }
}
