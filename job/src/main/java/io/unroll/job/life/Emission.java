package io.unroll.job.life;

import java.io.Serializable;

/**
 * When predictions go out.
 *
 * @param on after steps, or at the close
 * @param every after how many steps each; 1 with {@link Emit#END}
 */
public record Emission(Emit on, long every) implements Serializable {
  /** After every step. */
  public static final Emission EVERY_STEP = new Emission(Emit.STEP, 1);

  /** Once, when the sequence closes. */
  public static final Emission AT_END = new Emission(Emit.END, 1);

  public Emission {
    if (every < 1 || (on == Emit.END && every != 1)) {
      throw new IllegalArgumentException(
          "emit.every: found " + every + ", expected 1 or more, and 1 at the end");
    }
  }

  /** Whether that step of a sequence, counted from 1, has a prediction when it is made. */
  public boolean after(long steps) {
    return on == Emit.STEP && (every == 1 || steps % every == 0);
  }
}
