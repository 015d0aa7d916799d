package io.unroll.job.signature;

import java.io.Serializable;
import java.util.List;

/**
 * One thing that gives a state its meaning.
 *
 * @param name as the pipeline file calls it; {@code features[0]} for an element of a list. Never
 *     changed: states are compared by it
 * @param value in words
 * @param rule what may become of it
 */
public record Line(String name, String value, Rule rule) implements Serializable {
  /** The value where the state holds nothing of it. */
  public static final String NOT_IN_STATE = "not in the state";

  /** The value where the pipeline does not have it. */
  public static final String NONE = "none";

  /** A line that has to stay as it is. */
  public static Line of(String name, Object value) {
    return new Line(name, value.toString(), Rule.SAME);
  }

  /** A list that may grow. */
  public static Line growing(String name, List<String> values) {
    return new Line(name, String.join(Rule.SEPARATOR, values), Rule.MAY_GROW);
  }

  /**
   * A list whose values are in the state, or are not.
   *
   * @param held whether the state holds them
   */
  public static Line held(String name, boolean held, List<String> values) {
    String value = values.isEmpty() ? NONE : String.join(Rule.SEPARATOR, values);
    return new Line(name, held ? value : NOT_IN_STATE, Rule.WHERE_HELD);
  }

  /** The list that the line is an element of; its name where it is none. */
  String list() {
    int bracket = name.indexOf('[');
    return bracket < 0 ? name : name.substring(0, bracket);
  }

  /** Whether the line is about where records come from, not about what a series has. */
  boolean isOfSource() {
    return name.startsWith("source.");
  }
}
