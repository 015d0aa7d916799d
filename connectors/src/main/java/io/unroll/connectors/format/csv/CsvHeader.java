package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.FileHeader;
import io.unroll.connectors.format.LineBytes;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import io.unroll.connectors.format.WantedFields;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The line of a file that names the columns; or, where none does, the first record, which says how
 * many there are.
 */
final class CsvHeader implements FileHeader {

  /** A first line that tells a spreadsheet what sets columns apart. */
  private static final Pattern EXCEL = Pattern.compile("sep=(.?)");

  private final WantedFields wanted;
  private final CsvFields fields;
  private final CsvSettings settings;
  private final CsvHints hints;
  private final CsvFraming comments;
  private final CsvFields.Columns byPlace;
  private CsvFields.Columns columns;

  /** Of the first record where no line names the columns; -1 where it says nothing. */
  private int count = -1;

  CsvHeader(WantedFields wanted, CsvFields fields, CsvSettings settings) {
    this.wanted = wanted;
    this.fields = fields;
    this.settings = settings;
    hints = new CsvHints(settings);
    comments = CsvFraming.ofComments(settings);
    byPlace = fields.withoutHeader();
    List<String> names = settings.rows().names();
    columns = names.isEmpty() ? byPlace : fields.columns(names);
  }

  /** Where the wanted fields are: by the header, if one has been read. */
  CsvFields.Columns columns() {
    return columns;
  }

  private String decode(byte[] record) throws Unreadable {
    return settings.encoding().decode(record, "line");
  }

  /** As far as it can be read; what is wrong with it is said elsewhere. */
  private String lenient(byte[] record) {
    return new String(record, settings.encoding().charset());
  }

  @Override
  public boolean isAbove(byte[] record, long number) {
    // Blank lines among the comments above a header are no header that is missing.
    return number <= settings.rows().skip()
        || (!settings.rows().comment().isEmpty() && comments.isNothing(record));
  }

  @Override
  public boolean isRecord() {
    return !settings.rows().header();
  }

  @Override
  public void read(byte[] record) throws Unreadable {
    if (isRecord()) {
      count = fields.texts(decode(record), columns).size();
      return;
    }
    if (LineBytes.isBlank(record)) {
      throw new Unreadable("expected the names of the columns, found a blank line");
    }
    columns = fields.columns(decode(record));
  }

  @Override
  public boolean opensText(byte[] record) {
    return fields.opensText(lenient(record), columns);
  }

  @Override
  public boolean isRow(byte[] record) {
    String line = lenient(record);
    if (columns.count() >= 0) {
      return fields.isRow(line, columns);
    }
    try {
      return count >= 0 && fields.texts(line, columns).size() == count;
    } catch (Unreadable e) {
      return false; // what is wrong with it is said where it is read
    }
  }

  @Override
  public List<String> names(byte[] record) throws Unreadable {
    return CsvLines.names(fields.names(decode(record)));
  }

  /**
   * It is for another program, or reads as an observation by the places of its columns; not where
   * the pipeline names one of them.
   */
  @Override
  public @Nullable String notOne(byte[] record, Judge judge) {
    try {
      String text = decode(record);
      List<String> cells = fields.names(text);
      if (wanted.names().stream().anyMatch(cells::contains)) {
        return null;
      }
      Matcher excel = EXCEL.matcher(text);
      if (excel.matches()) {
        return isNoHeader(text) + Text.sentence(ofExcel(excel.group(1)));
      }
      if (text.startsWith("#") && cells.size() == 1) {
        return isNoHeader(text)
            + Text.sentence(CsvHints.say("comment: \"#\""))
            + " if all such lines are nothing, or "
            + CsvHints.say("skip: 1").substring("say ".length())
            + " if this one is";
      }
      Value[] values = wanted.noValues();
      fields.read(text, byPlace, values);
      String observation = judge.observation(values);
      return observation == null
          ? null
          : "the first line reads as a record ("
              + observation
              + "), expected the names of the columns, which are never data. If the file has no"
              + " such line, "
              + CsvHints.say("header: false")
              + "; if these are the names, call the columns so in the pipeline";
    } catch (Unreadable e) {
      return null; // not as a record: what is wrong with it as a header is said elsewhere
    }
  }

  private static String isNoHeader(String line) {
    return "the first line is " + Text.cut(line) + ", expected the names of the columns. ";
  }

  private String ofExcel(String sign) {
    boolean other = !sign.isEmpty() && sign.charAt(0) != settings.cells().delimiter();
    return CsvHints.say(
        "skip: 1" + (other ? ", delimiter: " + CsvSettings.written(sign.charAt(0)) : ""));
  }

  @Override
  public @Nullable String foreign(byte[] record, List<byte[]> behind) {
    List<String> needed = wanted.neededNames();
    if (needed.isEmpty() || LineBytes.isBlank(record)) {
      return null;
    }
    List<String> names = wanted.names();
    try {
      String text = decode(record);
      if (fields.names(text).stream().anyMatch(names::contains)) {
        return null;
      }
      return "the first line is "
          + Text.cut(text)
          + ", expected the names of the columns, "
          + String.join(", ", names)
          + " among them"
          + wayOut(text, needed, behind);
    } catch (Unreadable e) {
      return null; // each record is rejected and says so
    }
  }

  private String wayOut(String text, List<String> needed, List<byte[]> behind) {
    List<String> lines = new ArrayList<>(List.of(text));
    behind.forEach(line -> lines.add(lenient(line)));
    int below = fields.findNames(needed, lines);
    if (below > 0 && settings.rows().comment().isEmpty()) {
      return ". They are in line "
          + (settings.rows().skip() + below + 1)
          + ": "
          + CsvHints.say("skip: " + (settings.rows().skip() + below));
    }
    String delimiter = hints.wayOut(lines.stream().filter(line -> !line.isBlank()).toList());
    return delimiter.isEmpty()
        ? ". If no file has such a line, "
            + CsvHints.say("header: false")
            + " and call the columns /0, /1 and so on, or name them there: header: [a, b]; else put"
            + " one in front of it, or move the file away"
        : delimiter;
  }
}
