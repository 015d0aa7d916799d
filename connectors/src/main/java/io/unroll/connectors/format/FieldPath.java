package io.unroll.connectors.format;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where in a record a value is.
 *
 * <pre>
 * price          a field of the record; in CSV a column of the header
 * trade.price    a nested field; a field whose own name is "trade.price" wins
 * /trade/0/price a JSON pointer (RFC 6901); in CSV "/0" is the first column
 * $key           the Kafka key as text       $key.id  a field of a JSON key
 * $header.NAME   a Kafka header as text
 * $topic         the Kafka topic             $timestamp  the Kafka record's own timestamp
 * $file          the file below the source's path, without the ending of its name
 * </pre>
 *
 * @param text as the pipeline names it
 * @param origin which part of the record holds it
 * @param names the names to follow within that part, outermost first; empty for the part itself
 */
public record FieldPath(String text, Origin origin, List<String> names) implements Serializable {

  /** The part of a record that holds a value. */
  public enum Origin {
    VALUE,
    POINTER,
    KEY,
    HEADER,
    TOPIC,
    TIMESTAMP,
    FILE
  }

  private static final Pattern DOT = Pattern.compile("\\.");

  public FieldPath {
    names = List.copyOf(names);
  }

  /**
   * Reads a path as the pipeline file writes it.
   *
   * @throws IllegalArgumentException if {@code text} is no path; the message says what is expected
   */
  public static FieldPath parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("found an empty field name, expected a name");
    }
    if (text.startsWith("/")) {
      return new FieldPath(text, Origin.POINTER, pointerNames(text));
    }
    if (!text.startsWith("$")) {
      return new FieldPath(text, Origin.VALUE, DOT.splitAsStream(text).toList());
    }
    if (text.equals("$key")) {
      return new FieldPath(text, Origin.KEY, List.of());
    }
    if (text.startsWith("$key.") && text.length() > 5) {
      return new FieldPath(text, Origin.KEY, DOT.splitAsStream(text.substring(5)).toList());
    }
    if (text.startsWith("$header.") && text.length() > 8) {
      return new FieldPath(text, Origin.HEADER, List.of(text.substring(8)));
    }
    if (text.equals("$topic")) {
      return new FieldPath(text, Origin.TOPIC, List.of());
    }
    if (text.equals("$timestamp")) {
      return new FieldPath(text, Origin.TIMESTAMP, List.of());
    }
    if (text.equals("$file")) {
      return new FieldPath(text, Origin.FILE, List.of());
    }
    throw new IllegalArgumentException(
        "found '"
            + text
            + "', expected a field name, a /json/pointer, $key, $key.NAME, $header.NAME, $topic,"
            + " $timestamp or $file");
  }

  /** True if only a Kafka record has such a part. */
  public boolean needsKafka() {
    return !isInRecord() && !needsFile();
  }

  /** True if only a file's record has such a part. */
  public boolean needsFile() {
    return origin == Origin.FILE;
  }

  /** True if it is in the record itself. */
  public boolean isInRecord() {
    return origin == Origin.VALUE || origin == Origin.POINTER;
  }

  private static List<String> pointerNames(String text) {
    List<String> names = new ArrayList<>();
    for (String token : text.substring(1).split("/", -1)) {
      names.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return names;
  }

  @Override
  public String toString() {
    return text;
  }
}
