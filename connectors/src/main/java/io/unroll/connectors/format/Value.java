package io.unroll.connectors.format;

/**
 * One field's value as its format wrote it.
 *
 * @param kind what it is
 * @param text the text, a number's own digits, {@code true} or {@code false}, a structure's JSON,
 *     or why a value is missing or broken
 */
record Value(Kind kind, String text) {

  enum Kind {
    /** The record has no such field; the text may say more. */
    MISSING,
    NULL,
    TEXT,
    NUMBER,
    BOOLEAN,
    /** An object or an array. */
    STRUCTURE,
    /** The field is there but cannot be read. */
    BROKEN
  }

  static final Value MISSING = new Value(Kind.MISSING, "");
  static final Value NULL = new Value(Kind.NULL, "");

  static Value missing(String why) {
    return new Value(Kind.MISSING, why);
  }

  static Value text(String text) {
    return new Value(Kind.TEXT, text);
  }

  static Value broken(String reason) {
    return new Value(Kind.BROKEN, reason);
  }

  /** True if there is nothing to read: no field, null or an empty text. */
  boolean isAbsent() {
    return kind == Kind.MISSING
        || kind == Kind.NULL
        || (kind == Kind.TEXT && (text.isEmpty() || text.isBlank()));
  }

  /** The reason why this is not what {@code field} should hold. */
  Unreadable unlike(FieldPath field, String expected) {
    return kind == Kind.BROKEN
        ? new Unreadable(field + ": " + text)
        : new Unreadable(field + ": expected " + expected + ", found " + found());
  }

  private String found() {
    return switch (kind) {
      case MISSING -> text.isEmpty() ? "no such field" : text;
      case NULL -> "null";
      case TEXT -> text.isEmpty() ? "an empty text" : '"' + Text.cut(text) + '"';
      case NUMBER, BOOLEAN, STRUCTURE, BROKEN -> Text.cut(text);
    };
  }
}
