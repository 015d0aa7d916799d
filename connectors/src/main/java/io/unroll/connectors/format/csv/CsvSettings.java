package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.NumberSigns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How somebody writes CSV. Made by a {@link Builder}, which knows what does not go together.
 *
 * @param cells how a line is cut into texts
 * @param numbers how numbers are written
 * @param rows which lines are what
 * @param encoding of the bytes
 */
public record CsvSettings(CsvCells cells, NumberSigns numbers, CsvRows rows, Encoding encoding)
    implements Serializable {
  /** RFC 4180 in UTF-8, with a header and a decimal point. */
  public static final CsvSettings STANDARD = new Builder().build();

  private static final Map<Character, String> WORDS =
      Map.of(CsvCells.NONE, "none", CsvCells.BLANKS, "blanks", '\t', "tab");

  /**
   * Two signs that cannot be the same.
   *
   * @param key the one's key in a pipeline file
   * @param other the other's
   * @param expected in the place of either
   */
  public record Clash(String key, String other, String expected) {}

  /** A sign as a pipeline file has it. */
  public static String written(char sign) {
    String word = WORDS.get(sign);
    return word != null ? word : sign == '"' ? "'\"'" : "\"" + sign + "\"";
  }

  /** What is not as in {@link #STANDARD}, as a pipeline file has it; empty for nothing. */
  public String inWords() {
    Map<String, String> words = new LinkedHashMap<>();
    if (cells.delimiter() != ',') {
      words.put("delimiter", written(cells.delimiter()));
    }
    if (!rows.names().isEmpty()) {
      words.put("header", "[" + String.join(", ", rows.names()) + "]");
    } else if (!rows.header()) {
      words.put("header", "false");
    }
    if (numbers.decimal() != '.') {
      words.put("decimal", written(numbers.decimal()));
    }
    if (numbers.thousands() != NumberSigns.NONE) {
      words.put("thousands", written(numbers.thousands()));
    }
    if (rows.skip() > 0) {
      words.put("skip", Integer.toString(rows.skip()));
    }
    if (!rows.comment().isEmpty()) {
      words.put("comment", "\"" + rows.comment() + "\"");
    }
    if (cells.trim() != CsvCells.Trim.AS_HEADER) {
      words.put("trim", Boolean.toString(cells.trim() == CsvCells.Trim.ALWAYS));
    }
    if (cells.quote() != '"') {
      words.put("quote", written(cells.quote()));
    }
    if (!encoding.isUtf8()) {
      words.put("encoding", encoding.name());
    }
    return words.entrySet().stream()
        .map(word -> word.getKey() + ": " + word.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Settings, said one by one; what nobody says is as in {@link #STANDARD}. */
  public static final class Builder {
    private char delimiter = CsvCells.STANDARD.delimiter();
    private char quote = CsvCells.STANDARD.quote();
    private CsvCells.Trim trim = CsvCells.STANDARD.trim();
    private char decimal = NumberSigns.PLAIN.decimal();
    private char thousands = NumberSigns.PLAIN.thousands();
    private boolean header = CsvRows.STANDARD.header();
    private List<String> names = CsvRows.STANDARD.names();
    private int skip = CsvRows.STANDARD.skip();
    private String comment = CsvRows.STANDARD.comment();
    private Encoding encoding = Encoding.UTF8;

    /** See {@link CsvCells#delimiter}. */
    public Builder delimiter(char sign) {
      delimiter = sign;
      return this;
    }

    /** See {@link CsvCells#quote}. */
    public Builder quote(char sign) {
      quote = sign;
      return this;
    }

    /** Whether blanks around a text without quotes are no part of it, whatever the header has. */
    public Builder trim(boolean always) {
      trim = always ? CsvCells.Trim.ALWAYS : CsvCells.Trim.NEVER;
      return this;
    }

    /** See {@link NumberSigns#decimal}. */
    public Builder decimal(char sign) {
      decimal = sign;
      return this;
    }

    /** See {@link NumberSigns#thousands}. */
    public Builder thousands(char sign) {
      thousands = sign;
      return this;
    }

    /** No line names the columns: they are {@code /0}, {@code /1} and so on. */
    public Builder noHeader() {
      header = false;
      return this;
    }

    /** No line names the columns: they have these names. */
    public Builder header(List<String> columns) {
      header = false;
      names = List.copyOf(columns);
      return this;
    }

    /** See {@link CsvRows#skip}. */
    public Builder skip(int lines) {
      skip = lines;
      return this;
    }

    /** See {@link CsvRows#comment}. */
    public Builder comment(String beginning) {
      comment = beginning;
      return this;
    }

    /** See {@link Encoding#of}. */
    public Builder encoding(Encoding charset) {
      encoding = charset;
      return this;
    }

    /** Signs that are the same and cannot be, the first two of them; null if all go together. */
    public @Nullable Clash clash() {
      List<Clash> clashes = new ArrayList<>();
      if (decimal == thousands) {
        clashes.add(new Clash("decimal", "thousands", "two signs"));
      }
      if (quote == CsvCells.NONE) {
        // In quotes a number may have the delimiter as its sign.
        String quotes = "another sign, as no quote holds such a number together";
        addSame(clashes, delimiter, "delimiter", decimal, "decimal", quotes);
        addSame(clashes, delimiter, "delimiter", thousands, "thousands", quotes);
      } else {
        addSame(clashes, quote, "quote", delimiter, "delimiter", "two signs");
        addSame(clashes, quote, "quote", decimal, "decimal", "two signs");
        addSame(clashes, quote, "quote", thousands, "thousands", "two signs");
      }
      if (!comment.isEmpty()) {
        String row = "another beginning: a row may begin so";
        addSame(clashes, comment.charAt(0), "comment", delimiter, "delimiter", row);
        addSame(clashes, comment.charAt(0), "comment", quote, "quote", row);
      }
      return clashes.isEmpty() ? null : clashes.get(0);
    }

    private static void addSame(
        List<Clash> clashes, char sign, String key, char other, String otherKey, String expected) {
      boolean blanks =
          (sign == CsvCells.BLANKS && other == ' ') || (other == CsvCells.BLANKS && sign == ' ');
      if (sign == other || blanks) {
        clashes.add(new Clash(key, otherKey, expected));
      }
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if two of them do not go together
     */
    public CsvSettings build() {
      Clash clash = clash();
      if (clash != null) {
        throw new IllegalArgumentException(
            "found the same sign as "
                + clash.key()
                + " and "
                + clash.other()
                + ", expected "
                + clash.expected());
      }
      return new CsvSettings(
          new CsvCells(delimiter, quote, trim),
          new NumberSigns(decimal, thousands),
          new CsvRows(header, names, skip, comment),
          encoding);
    }
  }
}
