package io.unroll.job.verify;

import org.jspecify.annotations.Nullable;

/** Inputs, expected outputs and model do not fit together; the message says what and where. */
public final class UnfitException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message where, what was found and what was expected
   */
  public UnfitException(String message) {
    this(message, null);
  }

  /**
   * @param message where, what was found and what was expected
   */
  public UnfitException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
