package io.unroll.model;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** The seed of a random test: from {@code -Dseed=} when given, otherwise random. */
public final class Seeds {
  private Seeds() {}

  /** The seed of this run. */
  public static long seed() {
    String given = System.getProperty("seed", "");
    return given.isEmpty() ? ThreadLocalRandom.current().nextLong(1 << 30) : Long.parseLong(given);
  }

  /** Random numbers from a seed. */
  public static Random random(long seed) {
    return new Random(seed);
  }

  /** What a failure message says so that the run can be repeated. */
  public static String message(long seed) {
    return "repeat with -Dseed=" + seed;
  }
}
