package io.unroll.model.onnx;

/** Why a graph is refused; {@link Scope} puts the node's operator and name in front. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean located;

  Refusal(String reason) {
    this(reason, false);
  }

  private Refusal(String reason, boolean located) {
    super(reason);
    this.located = located;
  }

  /** The same with the place in front. */
  Refusal at(String place) {
    return new Refusal(place + ": " + getMessage(), true);
  }

  /** Whether the message names the node. */
  boolean located() {
    return located;
  }
}
