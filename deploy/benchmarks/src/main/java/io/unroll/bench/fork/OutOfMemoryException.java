package io.unroll.bench.fork;

/** A measurement gave no figure because its heap was too small. */
public final class OutOfMemoryException extends MeasurementException {
  private static final long serialVersionUID = 1L;

  public OutOfMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
