package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Reads the parts of an observation from the values of a record's fields. */
final class FieldReader {

  private static final String NUMBER = "a finite number";

  /**
   * Longest series, in bytes of UTF-8: it is the key of the state and of each output record, and
   * comes more than once in some of them.
   */
  static final int LONGEST_SERIES = 4096;

  /** Longest kept field, in bytes of its JSON: it must fit into an output record. */
  static final int LONGEST_KEPT = 65536;

  private final List<FieldPath> paths;

  /** {@code paths.get(i)} is where slot {@code i} comes from. */
  FieldReader(List<FieldPath> paths) {
    this.paths = paths;
  }

  /** The key; several parts are joined so that no two keys meet. */
  String series(Value[] values, int[] slots) throws Unreadable {
    String series = joined(values, slots);
    require("series", series, LONGEST_SERIES);
    return series;
  }

  private String joined(Value[] values, int[] slots) throws Unreadable {
    if (slots.length == 1) {
      return seriesPart(values[slots[0]], paths.get(slots[0]));
    }
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < slots.length; i++) {
      String part = seriesPart(values[slots[i]], paths.get(slots[i]));
      if (i > 0) {
        joined.append('|');
      }
      joined.append(part.replace("\\", "\\\\").replace("|", "\\|"));
    }
    return joined.toString();
  }

  private static String seriesPart(Value value, FieldPath path) throws Unreadable {
    return switch (value.kind()) {
      case NUMBER, BOOLEAN -> value.text();
      case TEXT -> {
        if (value.text().isEmpty()) {
          throw value.unlike(path, "a series");
        }
        if (!Text.isWellFormed(value.text())) {
          throw value.unlike(path, "a series of whole characters (no lone surrogate)");
        }
        yield value.text();
      }
      case MISSING, NULL, STRUCTURE, BROKEN -> throw value.unlike(path, "a series");
    };
  }

  /** True if there is nothing to read in any of them. */
  boolean allAbsent(Value[] values, int[] slots) {
    for (int slot : slots) {
      if (!values[slot].isAbsent()) {
        return false;
      }
    }
    return true;
  }

  /** All of them as numbers, finite as float32 too. (features) */
  double[] features(Value[] values, int[] slots) throws Unreadable {
    double[] features = new double[slots.length];
    for (int i = 0; i < slots.length; i++) {
      features[i] = feature(values[slots[i]], paths.get(slots[i]));
    }
    return features;
  }

  private static double feature(Value value, FieldPath path) throws Unreadable {
    double number =
        switch (value.kind()) {
          case NUMBER -> value.number();
          case BOOLEAN -> value.text().equals("true") ? 1 : 0;
          case TEXT -> ofText(value, path);
          case MISSING, NULL, STRUCTURE, BROKEN -> throw value.unlike(path, NUMBER);
        };
    if (!Float.isFinite((float) number)) {
      throw value.unlike(path, "a number that fits a 32-bit float");
    }
    return number;
  }

  private static double ofText(Value value, FieldPath path) throws Unreadable {
    String text = value.text().strip();
    if (Numbers.isDecimal(text)) {
      return Double.parseDouble(text);
    }
    if (text.equalsIgnoreCase("true")) {
      return 1;
    }
    if (text.equalsIgnoreCase("false")) {
      return 0;
    }
    throw value.unlike(path, NUMBER);
  }

  /** An end marker: true or false, 1 or 0, also as text; nothing means false. */
  boolean flag(Value[] values, int slot) throws Unreadable {
    Value value = values[slot];
    if (value.isAbsent()) {
      return false;
    }
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
    if (scalar && Numbers.isDecimal(text)) {
      double number = Double.parseDouble(text);
      if (number == 1 || number == 0) {
        return number == 1;
      }
    }
    throw value.unlike(paths.get(slot), "true, false, 1 or 0");
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

  private static void require(String what, String text, int longest) throws Unreadable {
    // A character has at most three bytes, so most texts need no counting.
    if (text.length() > longest / 3) {
      int found = text.getBytes(UTF_8).length;
      if (found > longest) {
        throw new Unreadable(what + ": found " + found + " bytes, expected at most " + longest);
      }
    }
  }
}
