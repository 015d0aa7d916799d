package io.unroll.model.onnx;

/**
 * A file that is not read, or a network that cannot be streamed. The message is the whole text that
 * a user sees: node, operator, reason and, where there is one, the way out.
 */
public final class OnnxException extends Exception {
  private static final long serialVersionUID = 1;

  /** Names in a file can be of any length and hold line ends and terminal codes. */
  private static final int MAX_MESSAGE = 2000;

  /**
   * @param message the whole text; shown on one line of bounded length
   */
  public OnnxException(String message) {
    super(shown(message));
  }

  /**
   * @param message the whole text; shown on one line of bounded length
   */
  public OnnxException(String message, Throwable cause) {
    super(shown(message), cause);
  }

  /** Text from a file on one line of bounded length. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= MAX_MESSAGE
        ? line
        : line.substring(0, MAX_MESSAGE / 2)
            + " ... "
            + line.substring(line.length() - MAX_MESSAGE / 2);
  }
}
