package io.unroll.bench.fork;

/** A measurement gave no figure. */
public final class MeasurementException extends Exception {
  private static final long serialVersionUID = 1L;

  public MeasurementException(String message) {
    super(message);
  }

  public MeasurementException(String message, Throwable cause) {
    super(message, cause);
  }
}
