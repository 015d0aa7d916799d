package io.unroll.job.life;

import java.io.Serializable;

/**
 * One input of the model, or two where it comes with a companion.
 *
 * @param name for messages: the field that it comes from
 * @param source what it is made of
 * @param transform from the raw value to what the model sees
 * @param missing what happens without a value
 * @param scale what is done to the transformed value
 */
public record Feature(String name, Source source, Transform transform, Missing missing, Scale scale)
    implements Serializable {

  /** What a feature is made of. */
  public sealed interface Source extends Serializable {
    /** A value of the observation. */
    enum Field implements Source {
      FIELD
    }

    /**
     * The time since the step before, 0 at a sequence's first.
     *
     * @param unitMillis of the model's input, above 0
     */
    record TimeDelta(long unitMillis) implements Source {
      public TimeDelta {
        if (unitMillis <= 0) {
          throw new IllegalArgumentException(
              "time-delta: found a unit of " + unitMillis + " ms, expected more than 0");
        }
      }
    }

    /** A value of the observation that only predictions are held against: no input. */
    enum Truth implements Source {
      TRUTH
    }

    /** Sine and cosine of the timestamp's place in the calendar: two inputs. */
    record Clock(Calendar calendar) implements Source {}
  }

  public Feature {
    if (!(source instanceof Source.Field)
        && !(transform.equals(Transform.NONE)
            && missing.equals(Missing.REJECT)
            && scale.equals(Scale.NONE))) {
      throw new IllegalArgumentException(
          name
              + ": found a transform, a scale or a rule for missing values, of what is no input's"
              + " field");
    }
    if (missing.kind() == Missing.Kind.VALUE && !transform.accepts(missing.value())) {
      throw new IllegalArgumentException(
          name
              + ": found "
              + missing.value()
              + " for missing values, expected one that "
              + transform.kind().label()
              + " takes");
    }
  }

  /** A value of the observation that must be there. */
  public Feature(String name, Transform transform) {
    this(name, Source.Field.FIELD, transform, Missing.REJECT, Scale.NONE);
  }

  /** A feature that the model sees as it is. */
  public static Feature raw(String name) {
    return new Feature(name, Transform.NONE);
  }

  /** The time since the step before. */
  public static Feature timeDelta(long unitMillis) {
    return new Feature(
        "time-delta", new Source.TimeDelta(unitMillis), Transform.NONE, Missing.REJECT, Scale.NONE);
  }

  /** A place in the calendar: two inputs. */
  public static Feature clock(Calendar calendar) {
    return new Feature(
        calendar.cycle().label(),
        new Source.Clock(calendar),
        Transform.NONE,
        Missing.REJECT,
        Scale.NONE);
  }

  /** A field that the model does not see, which predictions are held against. May be missing. */
  public static Feature truth(String name) {
    return new Feature(name, Source.Truth.TRUTH, Transform.NONE, Missing.REJECT, Scale.NONE);
  }

  /** This with another rule for missing values. */
  public Feature missing(Missing rule) {
    return new Feature(name, source, transform, rule, scale);
  }

  /** This with another scale. */
  public Feature scaled(Scale other) {
    return new Feature(name, source, transform, missing, other);
  }

  /** True if it is a value of the observation, whether or not the model sees it. */
  public boolean isField() {
    return source instanceof Source.Field || source instanceof Source.Truth;
  }

  /** True if an observation may come without a value for it. */
  public boolean mayBeMissing() {
    return source instanceof Source.Truth || missing.kind() != Missing.Kind.REJECT;
  }

  /** Inputs of the model that it takes. */
  public int inputs() {
    if (source instanceof Source.Truth) {
      return 0;
    }
    return source instanceof Source.Clock || missing.kind() == Missing.Kind.MASK ? 2 : 1;
  }

  /** True if it is scaled by what its series had. */
  public boolean learns() {
    return scale instanceof Scale.Online;
  }

  /** True if the value before is remembered for it. */
  boolean remembers() {
    return transform.needsPrevious() || missing.kind() == Missing.Kind.PREVIOUS;
  }
}
