package io.unroll.connectors.format;

/** A record, or a part of it, cannot be used; the message is the reason that users see. */
public final class Unreadable extends Exception {

  private static final long serialVersionUID = 1L;

  /** No stack trace: the data is wrong, not the program, and there may be many of them. */
  public Unreadable(String reason) {
    super(reason, null, false, false);
  }

  /** What is wrong, in words for those who wrote the record. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
