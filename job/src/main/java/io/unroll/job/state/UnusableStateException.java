package io.unroll.job.state;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * State, or a slot, that a job cannot use, now or at any later attempt: Flink fails the job at once
 * instead of restarting it.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class UnusableStateException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public UnusableStateException(String message) {
    super(message);
  }

  public UnusableStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
