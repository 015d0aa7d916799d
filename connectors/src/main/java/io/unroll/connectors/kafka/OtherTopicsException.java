package io.unroll.connectors.kafka;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The topics are not those that the checkpoint is of. Restarting does not help, so Flink does not:
 * the job fails.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class OtherTopicsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OtherTopicsException(String message) {
    super(message);
  }
}
