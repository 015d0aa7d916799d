package io.unroll.job.cli;

import org.jspecify.annotations.Nullable;

/** A run that could not start or failed for good; the message is all that a user needs. */
public final class RunFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RunFailedException(String message) {
    super(message);
  }

  public RunFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
