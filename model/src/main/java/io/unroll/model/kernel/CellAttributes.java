package io.unroll.model.kernel;

import java.util.List;

/**
 * What an ONNX node says of its cell besides W, R and B. Who reads a node and who writes one go by
 * the same list.
 *
 * @param activations attributes activations, activation_alpha and activation_beta
 * @param clip attribute clip; infinite for none
 * @param flags the attributes that are 0 or 1
 * @param peepholes input P, (gates · neurons); empty for none. Never modified
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two lines of code, never compared
public record CellAttributes(
    List<Activation> activations, float clip, List<Flag> flags, float[] peepholes) {
  private static final float[] NONE = {};

  /**
   * An attribute that is 0 or 1, and 0 where a node does not name it.
   *
   * @param name ONNX's
   * @param written a file always says it, since both values are common
   */
  public record Flag(String name, boolean set, boolean written) {
    /** The same attribute with that value. */
    public Flag as(boolean value) {
      return new Flag(name, value, written);
    }
  }

  /** As the record says. */
  public CellAttributes {
    activations = List.copyOf(activations);
    flags = List.copyOf(flags);
  }

  /** Those of a cell without peepholes. */
  public CellAttributes(List<Activation> activations, float clip, List<Flag> flags) {
    this(activations, clip, flags, NONE);
  }

  /** Whether the flag of that name is set. */
  public boolean flag(String name) {
    for (Flag flag : flags) {
      if (flag.name().equals(name)) {
        return flag.set();
      }
    }
    return false;
  }
}
