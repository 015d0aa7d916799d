package io.unroll.job.operator;

import java.io.Serializable;

/**
 * One input of the model.
 *
 * @param name for messages: the field that it comes from
 * @param transform from the raw value to what the model sees
 */
public record Feature(String name, Transform transform) implements Serializable {
  /** A feature that the model sees as it is. */
  public static Feature raw(String name) {
    return new Feature(name, Transform.NONE);
  }
}
