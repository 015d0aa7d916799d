package io.unroll.connectors.format.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.FileHeader;
import io.unroll.connectors.format.LineBytes;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import io.unroll.connectors.format.WantedFields;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The first line of a file: the names of the columns. */
final class CsvHeader implements FileHeader {

  /** A first line that tells a spreadsheet what sets columns apart. */
  private static final Pattern EXCEL = Pattern.compile("sep=.?");

  private final WantedFields wanted;
  private final CsvFields fields;
  private final CsvFields.Columns byPlace;
  private CsvFields.Columns columns;

  CsvHeader(WantedFields wanted, CsvFields fields) {
    this.wanted = wanted;
    this.fields = fields;
    byPlace = fields.withoutHeader();
    columns = byPlace;
  }

  /** Where the wanted fields are: by the header, if one has been read. */
  CsvFields.Columns columns() {
    return columns;
  }

  @Override
  public void read(byte[] record) throws Unreadable {
    if (LineBytes.isBlank(record)) {
      throw new Unreadable("expected the names of the columns, found a blank line");
    }
    columns = fields.columns(Text.decode(record, "line"));
  }

  @Override
  public boolean opensText(byte[] record) {
    return CsvFields.opensText(new String(record, UTF_8), columns);
  }

  @Override
  public boolean isRow(byte[] record) {
    return columns.count() >= 0 && CsvFields.isRow(new String(record, UTF_8), columns);
  }

  @Override
  public List<String> names(byte[] record) throws Unreadable {
    return CsvLines.names(fields.names(Text.decode(record, "line")));
  }

  /**
   * It is for another program, or reads as an observation by the places of its columns; not where
   * the pipeline names one of them.
   */
  @Override
  public @Nullable String notOne(byte[] record, Judge judge) {
    try {
      String text = Text.decode(record, "line");
      List<String> cells = fields.names(text);
      if (wanted.names().stream().anyMatch(cells::contains)) {
        return null;
      }
      if (EXCEL.matcher(text).matches() || (cells.size() == 1 && text.startsWith("#"))) {
        return "the first line is "
            + Text.cut(text)
            + ", expected the names of the columns. Delete the lines above the names";
      }
      Value[] values = wanted.noValues();
      fields.read(text, byPlace, values);
      String observation = judge.observation(values);
      return observation == null
          ? null
          : "the first line reads as a record ("
              + observation
              + "), expected the names of the columns, which are never data. Put a line with names"
              + " in front of it; if these are the names, call the columns so in the pipeline";
    } catch (Unreadable e) {
      return null; // not as a record: what is wrong with it as a header is said elsewhere
    }
  }

  @Override
  public @Nullable String foreign(byte[] record) {
    if (!wanted.needsNames() || LineBytes.isBlank(record)) {
      return null;
    }
    List<String> names = wanted.names();
    try {
      String text = Text.decode(record, "line");
      if (fields.names(text).stream().anyMatch(names::contains)) {
        return null;
      }
      String wayOut = CsvFields.wayOut(text);
      return "the first line is "
          + Text.cut(text)
          + ", expected the names of the columns, "
          + String.join(", ", names)
          + " among them"
          + (wayOut.isEmpty()
              ? ". Put a line with the names in front of it, or move the file away"
              : wayOut);
    } catch (Unreadable e) {
      return null; // each record is rejected and says so
    }
  }
}
