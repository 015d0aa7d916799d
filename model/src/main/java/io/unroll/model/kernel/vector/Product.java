package io.unroll.model.kernel.vector;

import static io.unroll.model.kernel.vector.Lanes.AHEAD;
import static io.unroll.model.kernel.vector.Lanes.L;
import static io.unroll.model.kernel.vector.Lanes.PANEL;
import static io.unroll.model.kernel.vector.Lanes.PANEL_WIDTH;
import static io.unroll.model.kernel.vector.Lanes.TILE;

/**
 * {@code out = bias + x·w} with packed weights. Columns come as tiles of four vectors, each in
 * panels, then as single vectors, the last one padded:
 *
 * <pre>
 *  w     tile 0: panels of (in, PANEL_WIDTH)   tile 1: ...   vector: (in, L)   vector: ...
 * </pre>
 */
final class Product {
  /**
   * The most inputs that pass at once, all parts equally long: a panel of their weights, 25 KiB,
   * and a few rows stay in the nearest cache while the rows pass.
   */
  static final int DEPTH = 6400 / PANEL_WIDTH;

  private final int in;
  private final int out;
  private final int tiles;
  private final int vectors; // behind the tiles, the last perhaps not full
  private final float[] w;
  private final float[] bias; // (out), padded

  /**
   * @param w (in, out)
   * @param bias (out)
   */
  Product(int in, int out, float[] w, float[] bias) {
    this.in = in;
    this.out = out;
    tiles = out / TILE;
    vectors = Lanes.vectors(out - tiles * TILE);
    int width = tiles * TILE + vectors * L;
    this.w = Lanes.weights(in, width);
    this.bias = new float[width];
    System.arraycopy(bias, 0, this.bias, 0, out);
    for (int k = 0; k < in; k++) {
      for (int tile = 0; tile < tiles; tile++) {
        for (int vector = 0; vector < 4; vector += PANEL) {
          int from = k * out + tile * TILE + vector * L;
          System.arraycopy(w, from, this.w, Lanes.place(tile, in, k, vector), PANEL_WIDTH);
        }
      }
      for (int vector = 0; vector < vectors; vector++) {
        int from = tiles * TILE + vector * L;
        System.arraycopy(
            w, k * out + from, this.w, AHEAD + in * from + k * L, Math.min(L, out - from));
      }
    }
  }

  /** Floats that {@link #run} needs behind {@code pad}. */
  int scratch(int rows) {
    return out % L == 0 ? 0 : rows * L;
  }

  /**
   * @param x (rows, in) in {@link Blocks blocks} from its beginning
   * @param scratch from {@code pad} on modified
   * @param y (rows, out) at y0, rows {@code ys} apart. Modified.
   */
  void run(int rows, float[] x, float[] scratch, int pad, float[] y, int y0, int ys) {
    for (int tile = 0; tile < tiles; tile++) {
      int at = tile * TILE;
      tile(rows, in, x, w, AHEAD + in * at, bias, at, y, y0 + at, ys);
    }
    for (int vector = 0; vector < vectors; vector++) {
      int at = tiles * TILE + vector * L;
      if (at + L <= out) {
        vector(rows, x, at, y, y0 + at, ys);
      } else {
        vector(rows, x, at, scratch, pad, L);
        for (int row = 0; row < rows; row++) {
          System.arraycopy(scratch, pad + row * L, y, y0 + row * ys + at, out - at);
        }
      }
    }
  }

  /** One tile of columns for all rows: see {@link Tiles}. */
  static void tile(
      int rows,
      int in,
      float[] x,
      float[] w,
      int w0,
      float[] bias,
      int b0,
      float[] y,
      int y0,
      int ys) {
    for (int at = 0; at < TILE; at += PANEL_WIDTH) {
      panel(Blocks.blocked(rows), in, x, w, w0 + at * in, bias, b0 + at, y, y0 + at, ys);
    }
    for (int row = Blocks.blocked(rows); row < rows; row++) {
      Tiles.oneByFour(in, x, row * in, w, w0, bias, b0, y, y0 + row * ys);
    }
  }

  /** A panel of columns for the rows in blocks. */
  private static void panel(
      int rows,
      int in,
      float[] x,
      float[] w,
      int w0,
      float[] bias,
      int b0,
      float[] y,
      int y0,
      int ys) {
    int parts = (in + DEPTH - 1) / DEPTH;
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) in * part / parts);
      int depth = (int) ((long) in * (part + 1) / parts) - from;
      int v = w0 + from * PANEL_WIDTH;
      float[] sums = part == 0 ? bias : y;
      int s0 = part == 0 ? b0 : y0;
      int ss = part == 0 ? 0 : ys;
      for (int row = 0; row < rows; row += Blocks.SIZE) {
        int p = row * in + from * Blocks.SIZE;
        int s = s0 + row * ss;
        int o = y0 + row * ys;
        if (PANEL == 2) {
          Tiles.fourByTwo(depth, x, p, w, v, sums, s, ss, y, o, ys);
        } else {
          Tiles.fourByFour(depth, x, p, w, v, sums, s, ss, y, o, ys);
        }
      }
    }
  }

  /** The vector of columns from {@code at} on for all rows. */
  private void vector(int rows, float[] x, int at, float[] y, int y0, int ys) {
    int v = AHEAD + in * at;
    int row = 0;
    for (; row + 2 * Blocks.SIZE <= rows; row += 2 * Blocks.SIZE) {
      Tiles.eightByOne(in, x, row * in, w, v, bias, at, 0, y, y0 + row * ys, ys);
    }
    for (; row + Blocks.SIZE <= rows; row += Blocks.SIZE) {
      Tiles.fourByOne(in, x, row * in, w, v, bias, at, 0, y, y0 + row * ys, ys);
    }
    for (; row < rows; row++) {
      Tiles.oneByOne(in, x, row * in, w, v, bias, at, y, y0 + row * ys);
    }
  }
}
