package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.GruTiles.ROWS;
import static io.unroll.model.kernel.vector.GruTiles.WIDTH;
import static io.unroll.model.kernel.vector.Lanes.AHEAD;
import static io.unroll.model.kernel.vector.Lanes.L;
import static io.unroll.model.kernel.vector.Lanes.TILE;

import io.unroll.model.kernel.CellStep;
import io.unroll.model.kernel.SplitWeights;

/**
 * The standard GRU that resets after the candidate's product. A tile is the three gates of a vector
 * of neurons, and four sums, the candidate's of x and of h apart:
 *
 * <pre>
 *  w     tile 0: input 0: z z.. r r.. g g..   (L floats of each gate)
 *                input 1: ...                 (in rows of W, then n rows of R)
 *        tile 1: ...
 *  bias  tile 0: z z.. r r.. g g.. g g..      (z and r: Wb + Rb; g: Wb, then Rb)
 * </pre>
 */
final class VectorGruAfter implements CellStep {
  private static final int GATES = 3;
  private static final int OF_INPUT = 2 * L;
  private static final int OF_STATE = 3 * L;

  private final int in;
  private final int n;
  private final int tiles;
  private final float[] w; // (tiles, in + n, WIDTH) from AHEAD on
  private final float[] bias; // (tiles, TILE)

  VectorGruAfter(SplitWeights weights) {
    in = weights.inputs();
    n = weights.neurons();
    float[] inputBias = weights.inputBias();
    float[] stateBias = weights.stateBias();
    tiles = Lanes.vectors(n);
    w = Lanes.weights(in + n, tiles * WIDTH);
    bias = new float[tiles * TILE];
    for (int j = 0; j < n; j++) {
      int b = j / L * TILE + j % L;
      bias[b] = inputBias[j] + stateBias[j];
      bias[b + L] = inputBias[n + j] + stateBias[n + j];
      bias[b + OF_INPUT] = inputBias[2 * n + j];
      bias[b + OF_STATE] = stateBias[2 * n + j];
      int to = AHEAD + j / L * (in + n) * WIDTH + j % L;
      for (int k = 0; k < in; k++) {
        for (int gate = 0; gate < GATES; gate++) {
          w[to + k * WIDTH + gate * L] = weights.w()[k * GATES * n + gate * n + j];
        }
      }
      for (int k = 0; k < n; k++) {
        int row = to + (in + k) * WIDTH;
        w[row] = weights.rzr()[k * 2 * n + j];
        w[row + L] = weights.rzr()[k * 2 * n + n + j];
        w[row + 2 * L] = weights.rh()[k * n + j];
      }
    }
  }

  /** The sums of a tile of rows, or of all tiles of one row; and a padded tail's h and h'. */
  @Override
  public int scratch(int rows) {
    return Math.max(rows, tiles) * TILE + 2 * rows * L;
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
    if (rows == 1) {
      row(x, state, next, at, scratch, y);
      return;
    }
    int whole = rows / ROWS * ROWS;
    for (int tile = 0; tile < tiles; tile++) {
      int b = tile * TILE;
      int v = AHEAD + tile * (in + n) * WIDTH;
      int r = v + in * WIDTH;
      for (int row = 0; row < whole; row += ROWS) {
        int o = row * TILE;
        GruTiles.rows(
            in, x, row * in, in, w, v, bias, b, 0, bias, b, 0, OF_INPUT, scratch, o, TILE);
      }
      int parts = (n + GruTiles.DEPTH - 1) / GruTiles.DEPTH;
      for (int part = 0; part < parts; part++) {
        int from = (int) ((long) n * part / parts);
        int depth = (int) ((long) n * (part + 1) / parts) - from;
        int p = r + from * WIDTH;
        for (int row = 0; row < whole; row += ROWS) {
          int h = row * stride + at + from;
          int o = row * TILE;
          if (part == 0) {
            GruTiles.rows(
                depth, state, h, stride, w, p, scratch, o, TILE, bias, b, 0, OF_STATE, scratch, o,
                TILE);
          } else {
            GruTiles.rows(
                depth, state, h, stride, w, p, scratch, o, TILE, scratch, o, TILE, OF_STATE,
                scratch, o, TILE);
          }
        }
      }
      for (int row = whole; row < rows; row++) {
        sums(tile, x, row * in, state, row * stride + at, scratch, row * TILE);
      }
      int h = at + tile * L;
      if (tile * L + L <= n) {
        finish(rows, scratch, 0, state, h, stride, next, h, stride, y, tile * L, n);
      } else {
        tail(rows, scratch, 0, state, next, stride, at, y);
      }
    }
  }

  private void row(float[] x, float[] state, float[] next, int at, float[] scratch, float[] y) {
    for (int tile = 0; tile < tiles; tile++) {
      sums(tile, x, 0, state, at, scratch, tile * TILE);
    }
    int whole = n / L;
    if (whole > 0) {
      finish(whole, scratch, 0, state, at, L, next, at, L, y, 0, L);
    }
    if (whole < tiles) {
      tail(1, scratch, whole * TILE, state, next, 0, at, y);
    }
  }

  private void sums(int tile, float[] x, int x0, float[] state, int h, float[] scratch, int o) {
    int b = tile * TILE;
    int v = AHEAD + tile * (in + n) * WIDTH;
    GruTiles.oneRow(in, x, x0, w, v, bias, b, bias, b, OF_INPUT, scratch, o);
    GruTiles.oneRow(n, state, h, w, v + in * WIDTH, scratch, o, bias, b, OF_STATE, scratch, o);
  }

  /** From the sums to h' for {@code count} vectors, each with its place and distance. */
  private static void finish(
      int count,
      float[] g,
      int g0,
      float[] h,
      int h0,
      int hs,
      float[] next,
      int n0,
      int ns,
      float[] y,
      int y0,
      int ys) {
    Gates.sigmoid(count, g, g0, TILE, g, g0, TILE);
    Gates.sigmoid(count, g, g0 + L, TILE, g, g0 + L, TILE);
    Gates.reset(count, g, g0, TILE);
    Gates.tanh(count, g, g0 + OF_INPUT, TILE, g, g0 + OF_INPUT, TILE);
    Gates.update(count, g, g0, TILE, h, h0, hs, next, n0, ns, y, y0, ys);
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
    int out = before + rows * L;
    int rest = n % L;
    int j = n - rest;
    int h = at + j;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(state, row * stride + h, scratch, before + row * L, rest);
    }
    finish(rows, scratch, sums, scratch, before, L, scratch, out, L, scratch, out, L);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(scratch, out + row * L, next, row * stride + h, rest);
      System.arraycopy(scratch, out + row * L, y, row * n + j, rest);
    }
  }
}
