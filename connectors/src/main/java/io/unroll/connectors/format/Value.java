package io.unroll.connectors.format;

/**
 * One field's value as its format wrote it.
 *
 * <p>It stays as it was made, but for those that a {@link RecordReader} owns: these hold the next
 * record's values once that is read.
 */
public final class Value {

  /** What a value is. */
  public enum Kind {
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

  /** What a number is held as. */
  private enum Held {
    TEXT,
    WHOLE,
    DECIMAL
  }

  private static final String NAN = "NaN";

  /** The record has no such field. */
  public static final Value MISSING = new Value(Kind.MISSING, "");

  /** The field is there and says that it has no value. */
  public static final Value NULL = new Value(Kind.NULL, "");

  private Kind kind;
  private String text;
  private Held held = Held.TEXT;
  private long whole;
  private double decimal;

  /**
   * @param kind what it is
   * @param text the text, a number's own digits, {@code true} or {@code false}, a structure's JSON,
   *     or why a value is missing or broken
   */
  public Value(Kind kind, String text) {
    this.kind = kind;
    this.text = text;
  }

  /** No such field, with a word of why. */
  public static Value missing(String why) {
    return new Value(Kind.MISSING, why);
  }

  /** A text. */
  public static Value text(String text) {
    return new Value(Kind.TEXT, text);
  }

  /** A field that is there but cannot be read. */
  public static Value broken(String reason) {
    return new Value(Kind.BROKEN, reason);
  }

  /** Makes this another value. */
  public void set(Kind kind, String text) {
    this.text = text;
    become(kind, Held.TEXT);
  }

  /** Makes this an object or an array; one with an infinite number in it is broken. */
  public void setStructure(String json) {
    String compact = Text.compact(json);
    if (compact == null) {
      set(Kind.BROKEN, "expected finite numbers, found one that is infinite: " + Text.cut(json));
    } else {
      set(Kind.STRUCTURE, compact);
    }
  }

  /** Makes this what {@code NaN}, {@code Infinity} or {@code -Infinity} in JSON is. */
  public void setNotFinite(String text) {
    if (text.equals(NAN)) {
      set(Kind.MISSING, NAN);
    } else {
      set(Kind.BROKEN, "expected a finite number, found " + text);
    }
  }

  /** Makes this a number that was written as the plain digits of {@code whole}. */
  public void setWhole(long whole) {
    this.whole = whole;
    become(Kind.NUMBER, Held.WHOLE);
  }

  /** Makes this a number whose digits nobody will ask for. */
  public void setDecimal(double decimal) {
    this.decimal = decimal;
    become(Kind.NUMBER, Held.DECIMAL);
  }

  private void become(Kind kind, Held held) {
    // References into old objects are dear to the garbage collector, and these seldom change.
    if (this.kind != kind) {
      this.kind = kind;
    }
    if (this.held != held) {
      this.held = held;
    }
  }

  Kind kind() {
    return kind;
  }

  String text() {
    return switch (held) {
      case TEXT -> text;
      case WHOLE -> Long.toString(whole);
      case DECIMAL ->
          throw new IllegalStateException("a number's digits were asked for, and not kept");
    };
  }

  /** True for a number that {@link #whole} has. */
  boolean isWhole() {
    return held == Held.WHOLE;
  }

  /** A number without fraction and exponent, if {@link #isWhole}. */
  long whole() {
    return whole;
  }

  /** A number as the double next to it. */
  double number() {
    return switch (held) {
      case TEXT -> Double.parseDouble(text);
      case WHOLE -> (double) whole;
      case DECIMAL -> decimal;
    };
  }

  /** True if there is nothing to read: no field, null or an empty text. */
  boolean isAbsent() {
    return kind == Kind.MISSING
        || kind == Kind.NULL
        || (kind == Kind.TEXT && (text.isEmpty() || text.isBlank()));
  }

  /** True if there is not even white space: no field, null or a text of no characters. */
  boolean isNothing() {
    return kind == Kind.MISSING || kind == Kind.NULL || (kind == Kind.TEXT && text.isEmpty());
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
      case NUMBER -> held == Held.DECIMAL ? Double.toString(decimal) : Text.cut(text());
      case BOOLEAN, STRUCTURE, BROKEN -> Text.cut(text);
    };
  }
}
