package io.unroll.model;

/**
 * How much a random test draws: little in {@code mvn verify}, much under {@code -Pthorough}, and
 * what {@code -Druns=} says in both.
 */
public final class Draws {
  private Draws() {}

  /** Whether this is a run under {@code -Pthorough}. */
  public static boolean thorough() {
    return Boolean.getBoolean("thorough");
  }

  /** So many. */
  public static int of(int usual, int thorough) {
    int given = Integer.getInteger("runs", 0);
    return given > 0 ? given : thorough() ? thorough : usual;
  }
}
