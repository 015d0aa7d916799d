package io.unroll.job.life;

import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a feature is brought to mean 0 and standard deviation 1, after its transform. */
public sealed interface Scale extends Serializable {
  /** The model sees what the transform gives. */
  Scale NONE = None.NONE;

  /** No scaling. */
  enum None implements Scale {
    NONE
  }

  /** The same for every series. */
  record Constant(Norm norm) implements Scale {}

  /**
   * Each series its own.
   *
   * @param standard for a series that is not in the table; null: its observations are rejected
   */
  record Table(Map<String, Norm> bySeries, @Nullable Norm standard) implements Scale {
    public Table {
      bySeries = Map.copyOf(bySeries);
    }

    @Nullable Norm of(String series) {
      return bySeries.getOrDefault(series, standard);
    }
  }

  /**
   * From what the series had so far, this value too; see {@link Moments}.
   *
   * @param halfLife observations after which a value counts half; {@link #FOREVER} for all alike
   */
  record Online(double halfLife) implements Scale {
    /** Every value of the series counts alike. */
    public static final double FOREVER = 0;

    public Online {
      if (!(Double.isFinite(halfLife) && halfLife >= 0)) {
        throw new IllegalArgumentException(
            "half-life: found "
                + halfLife
                + " observations, expected a finite number above 0, or 0 for none");
      }
    }

    /** For savepoints: what one learns means nothing to another. */
    String inWords() {
      return " scaled online" + (halfLife == FOREVER ? "" : " by half-life " + halfLife);
    }
  }
}
