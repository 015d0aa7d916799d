package io.unroll.model.kernel;

/** The check of every array that a network is given. */
public final class Lengths {
  private Lengths() {}

  /**
   * Does nothing when there are as many values as expected.
   *
   * @param what names the array in the message
   * @throws IllegalArgumentException else, with both numbers
   */
  public static void expect(String what, float[] values, int expected) {
    if (values.length != expected) {
      throw new IllegalArgumentException(
          what + " has " + values.length + " values, expected " + expected);
    }
  }
}
