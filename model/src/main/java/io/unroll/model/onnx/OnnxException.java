package io.unroll.model.onnx;

/**
 * A file that is not read, or a network that cannot be streamed. The message is the whole text that
 * a user sees: node, operator, reason and, where there is one, the way out.
 */
public final class OnnxException extends Exception {
  private static final long serialVersionUID = 1;

  public OnnxException(String message) {
    super(message);
  }

  public OnnxException(String message, Throwable cause) {
    super(message, cause);
  }
}
