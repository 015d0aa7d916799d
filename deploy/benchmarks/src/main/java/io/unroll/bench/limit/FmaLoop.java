package io.unroll.bench.limit;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Fused multiply-adds on registers alone: what no kernel on one thread can exceed. Twelve
 * independent sums, because two units with a latency of four or five cycles need eight to ten, and
 * sixteen registers hold twelve and the two factors.
 */
public final class FmaLoop {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int SUMS = 12;

  private FmaLoop() {}

  /** The vectors that the loop (and a kernel of the preferred species) computes with. */
  public static String species() {
    return SPECIES.vectorBitSize() + " bits, " + SPECIES.length() + " floats";
  }

  /** Floating point operations of {@link #run}. */
  public static double flops(int rounds) {
    return 2.0 * SUMS * SPECIES.length() * rounds;
  }

  /**
   * Runs the loop: each sum takes the product of the same two numbers, which is added where the sum
   * stands. With the sum as a factor the JIT would copy the addend first, and those copies take
   * their time, too.
   *
   * @param factor small, both of them: the sums stay finite
   * @return what depends on every sum, so that none is left out
   */
  public static float run(int rounds, float factor, float other) {
    FloatVector f = FloatVector.broadcast(SPECIES, factor);
    FloatVector g = FloatVector.broadcast(SPECIES, other);
    FloatVector s0 = FloatVector.broadcast(SPECIES, 0);
    FloatVector s1 = FloatVector.broadcast(SPECIES, 1);
    FloatVector s2 = FloatVector.broadcast(SPECIES, 2);
    FloatVector s3 = FloatVector.broadcast(SPECIES, 3);
    FloatVector s4 = FloatVector.broadcast(SPECIES, 4);
    FloatVector s5 = FloatVector.broadcast(SPECIES, 5);
    FloatVector s6 = FloatVector.broadcast(SPECIES, 6);
    FloatVector s7 = FloatVector.broadcast(SPECIES, 7);
    FloatVector s8 = FloatVector.broadcast(SPECIES, 8);
    FloatVector s9 = FloatVector.broadcast(SPECIES, 9);
    FloatVector s10 = FloatVector.broadcast(SPECIES, 10);
    FloatVector s11 = FloatVector.broadcast(SPECIES, 11);
    for (int i = 0; i < rounds; i++) {
      s0 = f.fma(g, s0);
      s1 = f.fma(g, s1);
      s2 = f.fma(g, s2);
      s3 = f.fma(g, s3);
      s4 = f.fma(g, s4);
      s5 = f.fma(g, s5);
      s6 = f.fma(g, s6);
      s7 = f.fma(g, s7);
      s8 = f.fma(g, s8);
      s9 = f.fma(g, s9);
      s10 = f.fma(g, s10);
      s11 = f.fma(g, s11);
    }
    FloatVector low = s0.add(s1).add(s2.add(s3)).add(s4.add(s5));
    FloatVector high = s6.add(s7).add(s8.add(s9)).add(s10.add(s11));
    return low.add(high).lane(0);
  }
}
