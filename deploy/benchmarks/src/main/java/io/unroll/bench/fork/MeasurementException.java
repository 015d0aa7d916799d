package io.unroll.bench.fork;

/** A measurement gave no figure. */
public sealed class MeasurementException extends Exception permits OutOfMemoryException {
  private static final long serialVersionUID = 1L;

  public MeasurementException(String message) {
    super(message);
  }

  public MeasurementException(String message, Throwable cause) {
    super(message, cause);
  }
}
