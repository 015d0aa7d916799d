package io.unroll.job.cli;

import java.util.Locale;

/** Numbers of things, as people read them. */
public final class Counted {
  private Counted() {}

  /**
   * {@code 1 step}, {@code 45,005 steps}.
   *
   * @param noun of one
   */
  public static String of(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
