package io.unroll.connectors.wire;

import org.jspecify.annotations.Nullable;

/** Copies of a record's arrays, which share nothing mutable with them; of null null. */
public final class Copies {

  private Copies() {}

  public static byte @Nullable [] of(byte @Nullable [] bytes) {
    return bytes == null ? null : bytes.clone();
  }

  public static byte @Nullable [] @Nullable [] of(byte @Nullable [] @Nullable [] arrays) {
    if (arrays == null) {
      return null;
    }
    byte[] @Nullable [] copies = new byte[arrays.length][];
    for (int i = 0; i < arrays.length; i++) {
      copies[i] = of(arrays[i]);
    }
    return copies;
  }

  public static float @Nullable [] of(float @Nullable [] numbers) {
    return numbers == null ? null : numbers.clone();
  }

  public static double @Nullable [] of(double @Nullable [] numbers) {
    return numbers == null ? null : numbers.clone();
  }

  public static @Nullable String @Nullable [] of(@Nullable String @Nullable [] texts) {
    return texts == null ? null : texts.clone();
  }
}
