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

  /** Of a node that reckons with an extent that is open on a stream. */
  static Refusal countsSteps() {
    return new Refusal(
        "computes with the number of steps or of series, which a stream does not have");
  }

  /**
   * Of a node that computes with what a state starts from.
   *
   * @param origin the graph input that gives it
   */
  static Refusal computesWithState(String origin) {
    return new Refusal(
        "computes with the initial state '" + origin + "'; only a recurrent node can take it");
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
