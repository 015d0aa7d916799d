package io.unroll.connectors.kafka;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A topic is not the one that the checkpoint is of. Restarting does not help, so Flink does not:
 * the job fails.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class RecreatedTopicException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RecreatedTopicException(String message) {
    super(message);
  }
}
