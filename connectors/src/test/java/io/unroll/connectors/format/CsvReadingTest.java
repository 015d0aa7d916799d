package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.rejected;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvReadingTest {

  @Test
  void readsColumnsByName() {
    Observation seen =
        usable(
            standard().keep("k", "k").csv("x,k,s,t", "1.5,\"say \"\"hi\"\", x\",a,1700000000000"));
    assertEquals("a", seen.series);
    assertArrayEquals(new double[] {1.5}, seen.features);
    assertArrayEquals(new String[] {"\"say \\\"hi\\\", x\""}, seen.keep);
    assertEquals("in.csv:2", seen.input());
    assertEquals(
        "1.5,\"say \"\"hi\"\", x\",a,1700000000000", new String(seen.raw.value, UTF_8), "raw");
  }

  @Test
  void readsColumnsByPointerAndDottedName() {
    Readers readers = standard().series("/0").features("a.b", "/2").keep("far", "/9");
    Observation seen = usable(readers.csv("s,t,x,a.b", "a,1700000000000,1,2"));
    assertArrayEquals(new double[] {2, 1}, seen.features);
    assertArrayEquals(new String[] {"null"}, seen.keep);
  }

  @Test
  void stripsTheByteOrderMarkAndCarriageReturns() {
    assertEquals("a", usable(standard().csv("\ufeffs,t,x\r\n", "a,1700000000000,1\r\n")).series);
    assertArrayEquals(
        new double[] {1}, usable(standard().csv("s,t,x\r", "a,1700000000000,1\r")).features);
  }

  @Test
  void blankLinesAreNoRecords() {
    assertNull(standard().csv("s,t,x"));
    assertNull(standard().csv("s,t,x", ""));
    assertNull(standard().csv("s,t,x", "\r"));
    assertNull(standard().csv("s,t,x", " \t"));
    assertEquals("in.csv:4", usable(standard().csv("s,t,x", "", "", "a,1700000000000,1")).input());
  }

  @Test
  void rejectsAnotherNumberOfColumns() {
    assertEquals(
        "expected 3 columns as in the header, found 2: a,1700000000000",
        reason(standard().csv("s,t,x", "a,1700000000000")));
    assertEquals(
        "expected 3 columns as in the header, found 4: a,1700000000000,1,2",
        reason(standard().csv("s,t,x", "a,1700000000000,1,2")));
    assertEquals(
        "expected 1 column as in the header, found 2: a,1", reason(standard().csv("s", "a,1")));
  }

  /** Feed 46. */
  @Test
  void anEmptyColumnAtTheEndIsNone() {
    double[] one = {1};
    assertArrayEquals(one, usable(standard().csv("s,t,x", "a,1700000000000,1,")).features);
    assertArrayEquals(one, usable(standard().csv("s,t,x", "a,1700000000000,1,, ,")).features);
    assertArrayEquals(one, usable(standard().csv("s,t,x,,", "a,1700000000000,1")).features);
    assertArrayEquals(
        new double[] {1, 2},
        usable(standard().features("x", "/3").csv("s,t,x,", "a,1700000000000,1,2")).features,
        "a column without a name has values all the same");
    assertEquals(
        "expected 3 columns as in the header, found 2: a,1700000000000",
        reason(standard().csv("s,t,x,", "a,1700000000000")));
    assertEquals(
        "expected 3 columns as in the header, found 5: a,1700000000000,1,,2",
        reason(standard().csv("s,t,x,", "a,1700000000000,1,,2")));
  }

  /** Feed 46. */
  @Test
  void blanksBesideTheCommasOfTheHeaderAreNoPartOfTexts() {
    Observation seen =
        usable(standard().keep("k", "k").csv("x, s ,t, k", "1 , a b, 1700000000000, \" c \""));
    assertEquals("a b", seen.series);
    assertArrayEquals(new String[] {"\" c \""}, seen.keep);
    assertEquals(" a", usable(standard().csv("x,s,t", "1, a,1700000000000")).series, "as before");
    assertEquals(
        " a",
        usable(standard().features(" x").csv("s,t, x", " a,1700000000000,1")).series,
        "a pipeline that names its columns with blanks");
    ObservationReader reader = standard().of(new CsvFormat());
    assertNull(reader.wrongHeader("u, s, v".getBytes(UTF_8), List.of()));
  }

  /** Feed 46: files that were put together. */
  @Test
  void theHeaderAgainIsNoRecord() {
    assertNull(standard().csv("s,t,x", "a,1700000000000,1", "s,t,x"));
    assertNull(standard().csv("s,t,x\r\n", "s,t,x"));
    assertNull(standard().csv("\ufeffs,t,x", "\ufeffs,t,x"));
    assertEquals("in.csv:3", usable(standard().csv("s,t,x", "s,t,x", "a,1700000000000,1")).input());
    assertEquals(
        "t: expected epoch milliseconds or ISO-8601, found \"x\"",
        reason(standard().csv("s,t,x", "s,x,t")),
        "other columns");
  }

  @Test
  void aFirstLineThatIsARecordIsNoHeaderAgain() {
    Readers places = standard().series("/0").timestamp("/1", null, null).features("/2");
    String record = "a,1700000000000,1";
    assertTrue(reason(places.csv(record)).startsWith("the first line reads as a record"));
    assertEquals("a", usable(places.csv(record, record)).series);
    Readers named = standard().series("a").timestamp("1700000000000", null, null).features("/2");
    assertNull(named.csv(record));
    assertEquals("a", usable(named.csv(record, record)).series);
  }

  /** Feeds 14, 15, 20 and 69: each has its way out. */
  @Test
  void saysWhatSetsColumnsApartInstead() {
    String semicolon = ", apart by ';': say source.format: {csv: {delimiter: \";\"}}";
    String tab = ", apart by tabs: say source.format: {csv: {delimiter: tab}}";
    assertEquals(
        "s: expected a series, found no such column; the header is \"s;t;x\"" + semicolon,
        reason(standard().csv("s;t;x", "a;1700000000000;1")));
    assertEquals(
        "s: expected a series, found no such column; the header is \"s\tt\tx\"" + tab,
        reason(standard().csv("s\tt\tx", "a\t1700000000000\t1")));
    assertEquals(
        "expected 1 column as in the header, found 2: a;1700000000000;1,5" + semicolon,
        reason(standard().csv("s;t;x", "a;1700000000000;1,5")));
    assertEquals(
        "expected 1 column as in the header, found 2: a,1",
        reason(standard().csv("s", "a,1")),
        "one column is one column");
  }

  /** Feeds 46 and 70. */
  @Test
  void linesAboveTheNamesAreNoHeader() {
    String expected = ", expected the names of the columns. Say source.format: {csv: {";
    ObservationReader reader = standard().of(new CsvFormat());
    assertEquals(
        "the first line is sep=," + expected + "skip: 1}}",
        reader.wrongHeader("sep=,".getBytes(UTF_8), List.of()));
    assertEquals(
        "the first line is sep=;" + expected + "skip: 1, delimiter: \";\"}}",
        reader.wrongHeader("sep=;".getBytes(UTF_8), List.of()));
    assertEquals(
        "the first line is # exported by x"
            + expected
            + "comment: \"#\"}} if all such lines are nothing, or source.format: {csv: {skip: 1}} if"
            + " this one is",
        reader.wrongHeader("# exported by x".getBytes(UTF_8), List.of()));
    assertNull(reader.wrongHeader("#s,t,x".getBytes(UTF_8), List.of()));
  }

  @Test
  void aQuotedTextDoesNotGoOnInTheNextLine() {
    assertEquals(
        "not CSV: Missing closing quote for value; a record is one line, and no text in quotes goes"
            + " on in the next one: a,1700000000000,\"1",
        reason(standard().csv("s,t,x", "a,1700000000000,\"1")));
  }

  /** Whether a text in quotes goes on is asked of the same columns that a record is read by. */
  @Test
  void aTextThatGoesOnOpensBehindABlankWhereTheHeaderHasBlanks() {
    byte[] line = "a, 1700000000000, 1, \"two".getBytes(UTF_8);
    RecordLines trimmed = standard().of(new CsvFormat()).lines("in.csv:");
    assertNull(trimmed.read("s, t, x, k".getBytes(UTF_8), 1));
    assertTrue(trimmed.opensText(line));
    assertTrue(trimmed.isRow("a, 1700000000000, 1, \"two\nlines\"".getBytes(UTF_8)));
    RecordLines asItStands = standard().of(new CsvFormat()).lines("in.csv:");
    assertNull(asItStands.read("s,t,x,k".getBytes(UTF_8), 1));
    assertFalse(asItStands.opensText(line), "a quote behind a blank is text");
  }

  /** Feed 46. */
  @Test
  void theNamesOfColumnsAreWithoutTheBlanksThatRecordsAreReadWithout() throws Exception {
    ObservationReader reader = standard().of(new CsvFormat());
    assertEquals(List.of("s", "t", "x"), reader.columns("s, t, x".getBytes(UTF_8)));
    assertEquals(
        List.of("s", " t", "x"),
        standard()
            .timestamp(" t", null, null)
            .of(new CsvFormat())
            .columns("s, t,x".getBytes(UTF_8)),
        "a pipeline that names its columns with blanks");
  }

  @Test
  void aStrayQuoteSpoilsItsOwnLineOnly() {
    RecordLines lines = standard().of(new CsvFormat()).lines("in.csv:");
    assertNull(lines.read("s,t,x".getBytes(UTF_8), 1));
    Reading spoiled = lines.read("a,1700000000000,\"1".getBytes(UTF_8), 2);
    assertTrue(reason(spoiled).startsWith("not CSV: "), reason(spoiled));
    assertEquals("a,1700000000000,\"1", new String(rejected(spoiled).raw.value, UTF_8));
    assertEquals("b", usable(lines.read("b,1700000000000,2".getBytes(UTF_8), 3)).series);
  }

  @Test
  void aQuoteInTheMiddleOfAValueIsText() {
    assertEquals("a\"b", usable(standard().csv("s,t,x", "a\"b,1700000000000,1")).series);
  }

  @Test
  void rejectsASecondLineInARecord() {
    assertEquals(
        "expected one line of CSV, found a second one: a,1700000000000,1\rb,1700000000000,2",
        reason(standard().csv("s,t,x", "a,1700000000000,1\rb,1700000000000,2")));
  }

  @Test
  void namesTheColumnThatIsNotThere() {
    assertEquals(
        "x: expected a finite number, found no such column; the header is \"s,t,y\"",
        reason(standard().csv("s,t,y", "a,1700000000000,1")));
    assertEquals(
        "x: the header has this column twice",
        reason(standard().csv("s,t,x,x", "a,1700000000000,1,2")));
    assertEquals(
        "/s: expected a series, found no such column; a pointer into CSV is /0, /1 and so on",
        reason(standard().series("/s").csv("s,t,x", "a,1700000000000,1")));
  }

  @Test
  void emptyColumnsAreNoFeatures() {
    assertEquals(
        "x: expected a finite number, found an empty text",
        reason(standard().csv("s,t,x", "a,1700000000000,")));
    Observation marker = usable(standard().end("e").csv("s,t,x,e", "a,1700000000000,,True"));
    assertTrue(marker.end);
    assertNull(marker.features);
  }

  @Test
  void anUnusableHeaderRejectsEveryLine() {
    RecordLines lines = standard().of(new CsvFormat()).lines("in.csv:");
    Reading header = lines.read(" ".getBytes(UTF_8), 1);
    String reason = "the header in line 1: expected the names of the columns, found a blank line";
    assertEquals(reason, reason(header));
    assertEquals("in.csv:1", rejected(header).input);
    assertEquals(reason, reason(lines.read("a,1700000000000,1".getBytes(UTF_8), 2)));
    assertNull(lines.read(new byte[0], 3));
  }

  @Test
  void withoutAHeaderOnlyPointersNameColumns() {
    ObservationReader reader =
        standard().series("/0").timestamp("/1", null, null).features("x").of(new CsvFormat());
    assertEquals(
        "x: expected a finite number, found no such column; CSV without a header line has only /0,"
            + " /1 and so on",
        reason(reader.read("a,1700000000000,1".getBytes(UTF_8), "in/0@", 0)));
    assertEquals(
        "expected a line of CSV, found nothing", reason(reader.read(new byte[0], "in/0@", 0)));
    assertEquals(
        "expected one line of CSV, found a second one: a,1700000000000,1\nb,2,3",
        reason(reader.read("a,1700000000000,1\nb,2,3".getBytes(UTF_8), "in/0@", 0)));
  }

  @Test
  void aLineThatIsTooLongIsRejected() {
    RecordLines lines = standard().of(new CsvFormat()).lines("in.csv:");
    assertNull(lines.read("s,t,x".getBytes(UTF_8), 1));
    assertEquals(
        "expected a line of at most 8 bytes, found 12 (raw holds the first 3)",
        reason(lines.tooLong("abc".getBytes(UTF_8), 12, 8, 2)));
  }
}
