package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parts of an observation from the values of a record's fields. */
final class FieldReader {

  private static final String BY = "a value for by";
  private static final String DEDUPLICATE_BY = "a value for deduplicate-by";
  private static final String NUMBER = "a finite number";
  private static final String NUMBER_OR_NAN = "a finite number or NaN";

  /**
   * Longest series, in bytes of UTF-8: it is the key of the state and of each output record, and
   * comes more than once in some of them. So long may a sequence's id and an identity be, too.
   */
  static final int LONGEST_SERIES = 4096;

  /** Longest kept field, in bytes of its JSON: it must fit into an output record. */
  static final int LONGEST_KEPT = 65536;

  /** A comma where a number here has none. */
  static final Pattern COMMA = Pattern.compile("[-+]?\\d[\\d.]*,\\d[\\d,.]*");

  /** Base64 that is filled up, which no word is. */
  private static final Pattern BYTES =
      Pattern.compile("(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,3}={1,2}");

  /** Words, which may name a category: a side, a status. */
  private static final Pattern WORDS = Pattern.compile("\\p{L}[\\p{L}\\s_/-]*");

  /** Words that are no category, but a number that is none. */
  private static final Pattern NO_NUMBER = Pattern.compile("(?i)nan|inf|infinity");

  private final List<FieldPath> paths;
  private final Format format;

  /** {@code paths.get(i)} is where slot {@code i} comes from, in records of {@code format}. */
  FieldReader(List<FieldPath> paths, Format format) {
    this.paths = paths;
    this.format = format;
  }

  /** How numbers are written in a field: a key or a header is not of the record's format. */
  private NumberSigns signs(FieldPath path) {
    return path.isInRecord() ? format.numbers() : NumberSigns.PLAIN;
  }

  /** What tells sequences apart; null if there is nothing and it is not {@code needed}. */
  @Nullable String by(Value[] values, int slot, boolean needed) throws Unreadable {
    if (!needed && values[slot].isNothing()) {
      return null;
    }
    String by = label(values[slot], paths.get(slot), BY);
    require("by", by, LONGEST_SERIES);
    return by;
  }

  /** What tells observations apart; null if there is nothing and it is not {@code needed}. */
  @Nullable String identity(Value[] values, int slot, boolean needed) throws Unreadable {
    if (!needed && values[slot].isNothing()) {
      return null;
    }
    String identity = label(values[slot], paths.get(slot), DEDUPLICATE_BY);
    require("deduplicate-by", identity, LONGEST_SERIES);
    return identity;
  }

  /** A value as a text that names something: {@code what}, in messages. */
  static String label(Value value, FieldPath path, String what) throws Unreadable {
    return switch (value.kind()) {
      case NUMBER, BOOLEAN -> value.text();
      case TEXT -> {
        if (value.text().isEmpty()) {
          throw value.unlike(path, what);
        }
        if (!Text.isWellFormed(value.text())) {
          throw value.unlike(path, what + " of whole characters (no lone surrogate)");
        }
        if (path.needsKafka() && hasControls(value.text())) {
          throw new Unreadable(
              path
                  + ": expected "
                  + what
                  + " in readable text, found control characters (bytes "
                  + HexFormat.ofDelimiter(" ").formatHex(shown(value.text()))
                  + "): it may be binary, such as a number of 4 bytes"
                  + wayOut(path, value.text()));
        }
        yield value.text();
      }
      case MISSING, NULL, STRUCTURE, BROKEN -> throw value.unlike(path, what);
    };
  }

  /** Where the bytes of a key were text by chance, they are as many as they were. */
  private static String wayOut(FieldPath path, String text) {
    String format =
        path.origin() == FieldPath.Origin.KEY && path.names().isEmpty()
            ? KeyFormat.wayOut(text.getBytes(UTF_8).length)
            : "";
    return format.isEmpty() ? "; let its producer write text" : format;
  }

  private static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** The first bytes of a text. */
  private static byte[] shown(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return Arrays.copyOf(bytes, Math.min(bytes.length, 16));
  }

  /** True if there is nothing to read in any feature. */
  boolean allAbsent(Value[] values, int[] slots, boolean[] optional, boolean[] beside) {
    for (int i = 0; i < slots.length; i++) {
      if (!beside[i] && !isMissing(values[slots[i]], optional[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * All of them as numbers, finite as float32 too; NaN where an optional one is missing, and for
   * one beside that is none. (features)
   */
  double[] features(Value[] values, int[] slots, boolean[] optional, boolean[] beside)
      throws Unreadable {
    double[] features = new double[slots.length];
    for (int i = 0; i < slots.length; i++) {
      Value value = values[slots[i]];
      features[i] =
          (optional[i] && isMissing(value, true)) || (beside[i] && !isNumber(value, slots[i]))
              ? Double.NaN
              : feature(value, paths.get(slots[i]), optional[i] ? NUMBER_OR_NAN : NUMBER);
    }
    return features;
  }

  /** True if there is no feature; only an optional one says so by a text too, JSON has no NaN. */
  private static boolean isMissing(Value value, boolean optional) {
    return value.isAbsent()
        || (optional
            && value.kind() == Value.Kind.TEXT
            && value.text().strip().equalsIgnoreCase("NaN"));
  }

  /** True if each has a number or nothing. */
  boolean areNumbers(Value[] values, int[] slots) {
    for (int slot : slots) {
      if (!isMissing(values[slot], true) && !isNumber(values[slot], slot)) {
        return false;
      }
    }
    return true;
  }

  /** True if {@link #feature} reads it. */
  private boolean isNumber(Value value, int slot) {
    return switch (value.kind()) {
      case NUMBER -> Float.isFinite((float) value.number());
      case BOOLEAN -> true;
      case TEXT -> isNumber(signs(paths.get(slot)).plain(value.text().strip()));
      case MISSING, NULL, STRUCTURE, BROKEN -> false;
    };
  }

  private static boolean isNumber(@Nullable String plain) {
    return plain != null && Float.isFinite((float) Double.parseDouble(plain));
  }

  private double feature(Value value, FieldPath path, String expected) throws Unreadable {
    double number =
        switch (value.kind()) {
          case NUMBER -> value.number();
          case BOOLEAN -> value.text().equals("true") ? 1 : 0;
          case TEXT -> ofText(value, path, expected);
          case MISSING, NULL, STRUCTURE, BROKEN -> throw value.unlike(path, expected);
        };
    if (!Float.isFinite((float) number)) {
      throw value.unlike(path, "a number that fits a 32-bit float");
    }
    return number;
  }

  private double ofText(Value value, FieldPath path, String expected) throws Unreadable {
    String text = value.text().strip();
    String number = signs(path).plain(text);
    if (number != null) {
      return Double.parseDouble(number);
    }
    if (text.equalsIgnoreCase("true")) {
      return 1;
    }
    if (text.equalsIgnoreCase("false")) {
      return 0;
    }
    throw new Unreadable(value.unlike(path, expected).reason() + wayOut(text, path));
  }

  /** What to do about a text that somebody means as a number. */
  private String wayOut(String text, FieldPath path) {
    String numbers = path.isInRecord() ? format.numberWayOut(text) : NumberSigns.plainWayOut(text);
    if (!numbers.isEmpty()) {
      return ". " + numbers;
    }
    if (BYTES.matcher(text).matches()) {
      return ". It looks like bytes in base64, as Debezium writes decimals: set"
          + " decimal.handling.mode: double in the connector";
    }
    return WORDS.matcher(text).matches() && !NO_NUMBER.matcher(text).matches()
        ? ". A feature is a number: where words stand for numbers, map them before, in the producer"
            + " or in Flink SQL"
        : "";
  }

  /**
   * Where a marker is.
   *
   * @param slot of its field
   * @param in the texts that set it; empty: the field is true or false
   */
  record MarkerSlot(int slot, List<String> in) {}

  /** True if the marker is set; a field without a value sets none. */
  boolean isSet(Value[] values, MarkerSlot marker) throws Unreadable {
    Value value = values[marker.slot()];
    if (value.isAbsent()) {
      return false;
    }
    FieldPath path = paths.get(marker.slot());
    return marker.in().isEmpty() ? flag(value, path) : isOneOf(value, path, marker.in());
  }

  /** A text, a boolean or a number's own digits, among {@code texts}. */
  private static boolean isOneOf(Value value, FieldPath path, List<String> texts)
      throws Unreadable {
    return switch (value.kind()) {
      case NUMBER, BOOLEAN, TEXT -> texts.contains(value.text());
      case MISSING, NULL, STRUCTURE, BROKEN ->
          throw value.unlike(path, "a text, a number, true or false");
    };
  }

  /** True or false, 1 or 0, also as text. */
  private boolean flag(Value value, FieldPath path) throws Unreadable {
    String text = value.text().strip();
    boolean scalar =
        switch (value.kind()) {
          case NUMBER, BOOLEAN, TEXT -> true;
          case MISSING, NULL, STRUCTURE, BROKEN -> false;
        };
    if (scalar && text.equalsIgnoreCase("true")) {
      return true;
    }
    if (scalar && text.equalsIgnoreCase("false")) {
      return false;
    }
    String plain =
        value.kind() == Value.Kind.TEXT ? signs(path).plain(text) : NumberSigns.PLAIN.plain(text);
    if (scalar && plain != null) {
      double number = Double.parseDouble(plain);
      if (number == 1 || number == 0) {
        return number == 1;
      }
    }
    throw value.unlike(path, "true, false, 1 or 0");
  }

  /** The kept fields as JSON text; {@code null} where a record has no such field. (kept) */
  String[] kept(Value[] values, int[] slots) throws Unreadable {
    String[] kept = new String[slots.length];
    for (int i = 0; i < slots.length; i++) {
      Value value = values[slots[i]];
      kept[i] =
          switch (value.kind()) {
            case MISSING, NULL -> "null";
            case TEXT -> Text.quote(value.text());
            case NUMBER, BOOLEAN, STRUCTURE -> value.text();
            case BROKEN -> throw value.unlike(paths.get(slots[i]), "a value");
          };
      require(paths.get(slots[i]).text(), kept[i], LONGEST_KEPT);
    }
    return kept;
  }

  /** Refuses a text of more than {@code longest} bytes. */
  static void require(String what, String text, int longest) throws Unreadable {
    String tooLong = Text.tooLong(text, longest);
    if (tooLong != null) {
      throw new Unreadable(what + ": " + tooLong);
    }
  }
}
