package io.unroll.model.onnx;

/** Why a node is refused; {@link Reader} puts the node's operator and name in front. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  Refusal(String reason) {
    super(reason);
  }
}
