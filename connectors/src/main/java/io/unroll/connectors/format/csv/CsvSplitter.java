package io.unroll.connectors.format.csv;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.unroll.connectors.format.ParserMessage;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a line into the texts of its columns.
 *
 * <p>A record is one line: a stray quote spoils its own line and never swallows the lines after it.
 */
final class CsvSplitter {
  static final String NOT_CSV = "not CSV: ";

  /** What the parser says of a text in quotes that has no end. */
  static final String NOT_CLOSED = "Missing closing quote";

  /** RFC 4180, blanks and all. */
  static final CsvSplitter STANDARD = new CsvSplitter(CsvCells.STANDARD);

  private static final CsvFactory CSV = new CsvFactory();

  /** Leaves out the blanks around a text that is in no quotes. */
  private static final CsvFactory TRIMMED =
      CsvFactory.builder().enable(CsvParser.Feature.TRIM_SPACES).build();

  private final CsvCells cells;

  /** Null where the parser has these signs anyway. */
  private final @Nullable CsvSchema signs;

  /** Null where one sign sets columns apart. */
  private final @Nullable BlankCells blanks;

  CsvSplitter(CsvCells cells) {
    this.cells = cells;
    blanks = cells.delimiter() == CsvCells.BLANKS ? new BlankCells(cells.quote()) : null;
    signs =
        blanks != null || (cells.delimiter() == ',' && cells.quote() == '"') ? null : signs(cells);
  }

  private static CsvSchema signs(CsvCells cells) {
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(cells.delimiter());
    return cells.quote() == CsvCells.NONE
        ? schema.withoutQuoteChar()
        : schema.withQuoteChar(cells.quote());
  }

  /**
   * True where a file has blanks beside its delimiters that are no part of its texts: there are
   * some in its first line, where nobody says otherwise.
   */
  boolean isTrimmed(String header) throws Unreadable {
    return switch (cells.trim()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AS_HEADER -> !split(header, false).equals(split(header, true));
    };
  }

  /** True where nobody says whether blanks are a part of a text. */
  boolean trimsAsHeader() {
    return cells.trim() == CsvCells.Trim.AS_HEADER;
  }

  /** True where blanks are no part of a text, whatever a header has. */
  boolean trimsAlways() {
    return cells.trim() == CsvCells.Trim.ALWAYS;
  }

  /** True for a line that ends in the middle of a text in quotes. */
  boolean opensText(String line, boolean trimmed) {
    try {
      split(line, trimmed);
      return false;
    } catch (Unreadable e) {
      return e.reason().startsWith(NOT_CSV + NOT_CLOSED);
    }
  }

  /** The values of a line. {@code trimmed}: without the blanks around texts in no quotes. */
  List<String> split(String line, boolean trimmed) throws Unreadable {
    if (blanks != null) {
      return blanks.split(line);
    }
    List<String> columns = new ArrayList<>();
    try (JsonParser parser = (trimmed ? TRIMMED : CSV).createParser(line)) {
      if (signs != null) {
        parser.setSchema(signs);
      }
      @Nullable JsonToken token = parser.nextToken();
      if (token == null) {
        throw new Unreadable("expected a line of CSV, found nothing");
      }
      while ((token = parser.nextToken()) == JsonToken.VALUE_STRING) {
        columns.add(parser.getText());
      }
      if (parser.nextToken() != null) {
        throw new Unreadable("expected one line of CSV, found a second one: " + Text.cut(line));
      }
    } catch (JsonProcessingException e) {
      String reason = ParserMessage.of(e);
      throw reason.startsWith(NOT_CLOSED)
          ? notClosed(reason, line)
          : new Unreadable(NOT_CSV + reason + ": " + Text.cut(line));
    } catch (IOException | RuntimeException e) {
      // A string gives no I/O errors, and Jackson's own bugs must not stop a stream.
      throw new Unreadable(NOT_CSV + Text.cut(e.toString()));
    }
    return columns;
  }

  static Unreadable notClosed(String reason, String line) {
    return new Unreadable(
        NOT_CSV
            + reason
            + "; a record is one line, and no text in quotes goes on in the next one: "
            + Text.cut(line));
  }
}
