package io.unroll.connectors.format;

/** A record, or a part of it, cannot be used; the message is the reason that users see. */
final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  /** No stack trace: the data is wrong, not the program, and there may be many of them. */
  Unreadable(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
