package io.unroll.model.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector species of the process: the one that the JVM prefers, at most 512 bits. Mixing two
 * makes everything slow on Java 17. No result depends on it.
 */
final class Lanes {
  /** With more lanes than that, 512 bits are used of them. */
  private static final int MOST = 16;

  static final VectorSpecies<Float> F =
      FloatVector.SPECIES_PREFERRED.length() > MOST
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  /** Floats of a vector: 4, 8 or 16 where the kernel runs. */
  static final int L = F.length();

  /** Floats of a tile's row: four vectors. */
  static final int TILE = 4 * L;

  /**
   * Vectors of a panel, whose sums for four rows stay in registers together. Lanes of 512 bits, or
   * of 128 where there is fused multiply-add (ARM64), come with 32 registers: a whole tile. Lanes
   * of 256 bits come with 16 (AVX2): half a tile.
   */
  static final int PANEL = L == 8 ? 2 : 4;

  /** Floats of a panel's row. */
  static final int PANEL_WIDTH = PANEL * L;

  /**
   * Floats left free before packed weights. An array's floats begin 16 bytes behind its header, and
   * G1 puts large arrays at the beginning of a region: 48 bytes more, and no load of 64 bytes meets
   * two cache lines, which is worth 10 to 20 % of a large product. Small arrays lie as they lie.
   */
  static final int AHEAD = 12;

  private Lanes() {}

  /** Room for packed weights, from {@link #AHEAD} on. */
  static float[] weights(int rows, int width) {
    return new float[Math.addExact(AHEAD, Math.multiplyExact(rows, width))];
  }

  /**
   * Where a vector of packed weights begins: the panels of a tile stand one behind the other.
   *
   * @param count inputs of a tile
   * @param k the input
   * @param vector of the tile, 0 to 3
   */
  static int place(int tile, int count, int k, int vector) {
    return AHEAD
        + tile * count * TILE
        + vector / PANEL * count * PANEL_WIDTH
        + k * PANEL_WIDTH
        + vector % PANEL * L;
  }

  /** Vectors that hold n floats, the last perhaps not full. */
  static int vectors(int n) {
    return (n + L - 1) / L;
  }
}
