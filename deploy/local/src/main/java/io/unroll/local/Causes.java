package io.unroll.local;

/** What a failed job's chain of exceptions says in the end. */
final class Causes {
  private Causes() {}

  static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getMessage() != null ? cause.getMessage() : cause.toString();
  }
}
