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
   * Runs the loop.
   *
   * @param factor near 1, below: the sums stay finite and normal
   * @return what depends on every sum, so that none is left out
   */
  public static float run(int rounds, float factor, float addend) {
    FloatVector f = FloatVector.broadcast(SPECIES, factor);
    FloatVector a = FloatVector.broadcast(SPECIES, addend);
    FloatVector s0 = a;
    FloatVector s1 = a;
    FloatVector s2 = a;
    FloatVector s3 = a;
    FloatVector s4 = a;
    FloatVector s5 = a;
    FloatVector s6 = a;
    FloatVector s7 = a;
    FloatVector s8 = a;
    FloatVector s9 = a;
    FloatVector s10 = a;
    FloatVector s11 = a;
    for (int i = 0; i < rounds; i++) {
      s0 = s0.fma(f, a);
      s1 = s1.fma(f, a);
      s2 = s2.fma(f, a);
      s3 = s3.fma(f, a);
      s4 = s4.fma(f, a);
      s5 = s5.fma(f, a);
      s6 = s6.fma(f, a);
      s7 = s7.fma(f, a);
      s8 = s8.fma(f, a);
      s9 = s9.fma(f, a);
      s10 = s10.fma(f, a);
      s11 = s11.fma(f, a);
    }
    FloatVector low = s0.add(s1).add(s2.add(s3)).add(s4.add(s5));
    FloatVector high = s6.add(s7).add(s8.add(s9)).add(s10.add(s11));
    return low.add(high).lane(0);
  }
}
