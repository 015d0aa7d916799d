package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.csv.CsvCells;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.csv.CsvSettings;
import io.unroll.connectors.format.csv.Encoding;
import io.unroll.connectors.record.Observation;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of CSV that is not as RFC 4180 has it. */
class CsvSettingsTest {
  private static final String AT = "1700000000000";

  private static CsvSettings.Builder settings() {
    return new CsvSettings.Builder();
  }

  private static Readers places() {
    return standard().series("/0").timestamp("/1", null, null).features("/2");
  }

  private static double x(io.unroll.connectors.record.Reading reading) {
    return usable(reading).features[0];
  }

  @Test
  void anySignSetsColumnsApart() {
    for (char sign : new char[] {';', '|', '\t', ':', '~'}) {
      String line = ("a_" + AT + "_\"1\"_\"x_\"\"y\"\"\"").replace('_', sign);
      Observation seen =
          usable(
              standard()
                  .keep("k", "k")
                  .csv(settings().delimiter(sign), "s_t_x_k".replace('_', sign), line));
      assertEquals("a", seen.series);
      assertArrayEquals(new double[] {1}, seen.features);
      assertArrayEquals(new String[] {Text.quote("x" + sign + "\"y\"")}, seen.keep);
    }
  }

  @Test
  void anyNumberOfBlanksSetsColumnsApart() {
    CsvSettings.Builder blanks = settings().delimiter(CsvCells.BLANKS);
    assertEquals(1, x(standard().csv(blanks, "s t   x", "a " + AT + "  1 ")));
    assertEquals(1, x(standard().csv(blanks, "  s\tt \t x", "\ta\t" + AT + " 1\t \t")));
    assertEquals(
        "a b\"",
        usable(standard().csv(blanks, "s t x", "\"a b\"\"\" " + AT + " \"1\"")).series,
        "in quotes");
    assertEquals(
        "expected 3 columns as in the header, found 2: a 1",
        reason(standard().csv(blanks, "s t x", "a 1")));
    assertEquals(
        "not CSV: expected a blank behind a text in quotes, found 'b': \"a\"b 1 2",
        reason(standard().csv(blanks, "s t x", "\"a\"b 1 2")));
    assertTrue(
        reason(standard().csv(blanks, "s t x", "\"a 1 2"))
            .startsWith("not CSV: Missing closing quote for value; a record is one line"));
    assertNull(standard().csv(blanks, "s t x", " \t "), "a blank line is no record");
  }

  @Test
  void anotherQuoteOrNone() {
    assertEquals(
        "a;'\"",
        usable(
                standard()
                    .csv(settings().delimiter(';').quote('\''), "s;t;x", "'a;''\"';" + AT + ";'1'"))
            .series);
    assertEquals(
        "\"a",
        usable(standard().csv(settings().quote(CsvCells.NONE), "s,t,x", "\"a," + AT + ",1")).series,
        "a quote is a sign like others");
    assertEquals(
        "\"a",
        usable(
                standard()
                    .csv(
                        settings().quote(CsvCells.NONE).delimiter(CsvCells.BLANKS),
                        "s t x",
                        "\"a " + AT + " 1"))
            .series);
  }

  @Test
  void columnsWithoutAHeaderHavePlaces() {
    assertEquals(1, x(places().csv(settings().noHeader(), "a," + AT + ",1")));
    assertEquals(
        "in.csv:1", usable(places().csv(settings().noHeader(), "\ufeffa," + AT + ",1")).input());
    assertEquals(
        2, x(places().csv(settings().noHeader(), "a," + AT + ",1", "a," + AT + ",2,more")));
    assertEquals(
        "/2: expected a finite number, found no such field",
        reason(places().csv(settings().noHeader(), "a," + AT)));
    String again = "a," + AT + ",1";
    assertEquals(1, x(places().csv(settings().noHeader(), again, again)), "no header again");
  }

  @Test
  void columnsWithoutAHeaderMayHaveNames() {
    CsvSettings.Builder named = settings().header(List.of("s", "t", "x"));
    assertEquals(1, x(standard().csv(named, "a," + AT + ",1")));
    assertEquals(1, x(places().csv(named, "a," + AT + ",1,")));
    assertEquals(
        "expected 3 columns as in source.format.csv.header, found 2: a," + AT,
        reason(standard().csv(named, "a," + AT)));
    assertEquals(
        "y: expected a finite number, found no such column; source.format.csv.header is [s, t, x]",
        reason(standard().features("y").csv(named, "a," + AT + ",1")));
    ObservationReader reader = standard().of(new CsvFormat(named.build()));
    byte[] record = ("a," + AT + ",1").getBytes(UTF_8);
    assertEquals(1, x(reader.read(record, "in/0@", 0)), "records of a topic");
  }

  @Test
  void readsNumbersWithTheirSigns() {
    CsvSettings.Builder german = settings().delimiter(';').decimal(',').thousands('.');
    assertEquals(1234.5, x(standard().csv(german, "s;t;x", "a;" + AT + ";1.234,5")));
    assertEquals(1000, x(standard().csv(german, "s;t;x", "a;" + AT + ";\"1.000\"")));
    assertEquals(
        "x: expected a finite number, found \"1.5\". Leave out decimal and thousands of"
            + " source.format.csv",
        reason(standard().csv(german, "s;t;x", "a;" + AT + ";1.5")));
    Observation seen =
        usable(
            standard()
                .series("x")
                .by("x")
                .keep("k", "x")
                .end("e")
                .csv(german, "s;t;x;e", "a;" + AT + ";1.234,5;0,0"));
    assertEquals("1.234,5", seen.series, "texts stay as they are written");
    assertEquals("1.234,5", seen.by);
    assertArrayEquals(new String[] {"\"1.234,5\""}, seen.keep);
    assertArrayEquals(new double[] {1234.5}, seen.features);
    assertFalse(seen.end);
    Observation seconds =
        usable(
            standard()
                .timestamp("t", TimestampField.Unit.SECONDS, null)
                .csv(german, "s;t;x", "a;1.700.000.000,25;1"));
    assertEquals(1_700_000_000_250L, seconds.timestamp);
  }

  @Test
  void aKeyOrAHeaderIsNoTextOfTheRecord() {
    CsvSettings.Builder german = settings().decimal(',').thousands('.').noHeader();
    ObservationReader reader =
        standard()
            .series("$key")
            .timestamp("/0", null, null)
            .features("$header.x")
            .of(new CsvFormat(german.build()));
    double[] found = usable(reader.read(new Parts(AT, "1.234"), "in/0@", 0)).features;
    assertArrayEquals(new double[] {1.234}, found);
  }

  @Test
  void linesAboveTheHeaderAreNothing() {
    assertEquals(
        "in.csv:5",
        usable(standard().csv(settings().skip(2), "Export", "", "s,t,x", "", "a," + AT + ",1"))
            .input());
    assertNull(standard().csv(settings().skip(2), "Export", "s,t,x"));
    assertEquals(1, x(places().csv(settings().skip(1).noHeader(), "Export", "a," + AT + ",1")));
    assertEquals(
        "the header in line 2: expected the names of the columns, found a blank line",
        reason(standard().csv(settings().skip(1), "Export", "", "a," + AT + ",1")));
    RecordLines lines = standard().of(new CsvFormat(settings().skip(1).build())).lines("in.csv:");
    assertNull(lines.tooLong("abc".getBytes(UTF_8), 12, 8, 1), "whatever its length");
    assertTrue(lines.awaitsHeader());
  }

  @Test
  void commentsAreNothing() {
    CsvSettings.Builder comment = settings().comment("//");
    assertEquals(
        "in.csv:6",
        usable(
                standard()
                    .csv(
                        comment,
                        "\ufeff// by x",
                        "",
                        "// \"",
                        "s,t,x",
                        "//a," + AT + ",1",
                        "a," + AT + ",1"))
            .input());
    assertNull(standard().csv(comment, "s,t,x", "// a"));
    assertEquals("/", usable(standard().csv(comment, "s,t,x", "/," + AT + ",1")).series);
    assertNull(places().csv(settings().comment("#").noHeader(), "# a," + AT + ",1"));
    RecordLines lines = standard().of(new CsvFormat(comment.build())).lines("in.csv:");
    assertNull(lines.read("s,t,x".getBytes(UTF_8), 1));
    assertNull(lines.tooLong("// x".getBytes(UTF_8), 12, 8, 2), "whatever its length");
  }

  @Test
  void blanksAroundTextsAreTheirsOrNot() {
    String[] tight = {"s,t,x", " a ," + AT + ", 1"};
    assertEquals("a", usable(standard().csv(settings().trim(true), tight)).series);
    assertEquals(" a ", usable(standard().csv(settings(), tight)).series);
    String[] loose = {"s, t ,x", " a ," + AT + ",1"};
    assertEquals(
        " a ",
        usable(standard().timestamp(" t ", null, null).csv(settings().trim(false), loose)).series);
    assertEquals("a", usable(standard().csv(settings(), loose)).series, "as the header");
    assertEquals(
        " a ",
        usable(
                standard()
                    .csv(
                        settings().delimiter('\t').trim(true), "s\tt\tx", "\" a \"\t" + AT + "\t1"))
            .series,
        "not in quotes");
    assertEquals(
        "t: expected epoch milliseconds or ISO-8601, found an empty text",
        reason(standard().csv(settings().delimiter('\t').trim(true), "s\tt\tx", "a \t\t")),
        "a tab is no blank where it sets columns apart");
  }

  @Test
  void readsItsEncoding() {
    for (String name : List.of("windows-1252", "ISO-8859-15", "GB18030", "Shift_JIS", "IBM437")) {
      Encoding encoding = Encoding.of(name);
      String text = Charset.forName(name).newEncoder().canEncode('\u00e4') ? "\u00e4" : "\u65e5";
      Observation seen =
          usable(
              standard()
                  .series("Z" + text)
                  .keep("k", "k")
                  .csv(
                      settings().encoding(encoding),
                      "Z" + text + ",t,x,k",
                      text + "," + AT + ",1," + text));
      assertEquals(text, seen.series, name);
      assertArrayEquals(new String[] {"\"" + text + "\""}, seen.keep, name);
    }
  }

  @Test
  void aByteThatIsNoneIsRejected() {
    ObservationReader latin =
        standard().of(new CsvFormat(settings().encoding(Encoding.of("windows-1252")).build()));
    RecordLines lines = latin.lines("in.csv:");
    assertNull(lines.read("s,t,x".getBytes(UTF_8), 1));
    byte[] bad = {'a', ',', (byte) 0x81};
    assertEquals("value: expected windows-1252, found byte 0x81 at 2", reason(lines.read(bad, 2)));
    assertEquals(
        "the header in line 1: line: expected windows-1252, found a byte order mark of UTF-8. Leave"
            + " out source.format.csv.encoding",
        reason(latin.lines("in.csv:").read("\ufeffs,t,x".getBytes(UTF_8), 1)));
  }

  @Test
  void saysWhichEncodingMayBeMeant() {
    RecordLines lines = standard().of(new CsvFormat()).lines("in.csv:");
    assertNull(lines.read("s,t,x".getBytes(UTF_8), 1));
    byte[] latin = "K\u00f6ln".getBytes(Charset.forName("windows-1252"));
    assertEquals(
        "value: expected UTF-8, found byte 0xf6 at 1. Read as windows-1252 it is K\u00f6ln: if that"
            + " is right, say source.format: {csv: {encoding: windows-1252}}",
        reason(lines.read(latin, 2)));
    byte[] wide = "\ufeffs,t,x".getBytes(Charset.forName("UTF-16LE"));
    assertEquals(
        "the header in line 1: line: expected UTF-8, found byte 0xff at 0. It looks like UTF-16:"
            + " convert the records to UTF-8",
        reason(standard().of(new CsvFormat()).lines("in.csv:").read(wide, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "IBM1047", "ISO-2022-CN", "no", "a b"})
  void refusesAnEncodingWithoutLines(String name) {
    assertThrows(IllegalArgumentException.class, () -> Encoding.of(name));
  }

  @Test
  void anAliasIsTheEncoding() {
    assertEquals(new Encoding("windows-1252"), Encoding.of("cp1252"));
    assertEquals(Encoding.UTF8, Encoding.of("utf8"));
  }

  @Test
  void signsThatClashAreRefused() {
    Map<String, CsvSettings.Builder> clashes =
        Map.of(
            "decimal and thousands", settings().decimal(',').thousands(','),
            "quote and delimiter", settings().quote('|').delimiter('|'),
            "quote and thousands", settings().quote('\'').thousands('\''),
            "delimiter and decimal", settings().quote(CsvCells.NONE).decimal(','),
            "delimiter and thousands",
                settings().quote(CsvCells.NONE).delimiter(CsvCells.BLANKS).thousands(' '),
            "comment and delimiter", settings().delimiter(';').comment("; by"));
    clashes.forEach(
        (signs, builder) ->
            assertTrue(
                assertThrows(IllegalArgumentException.class, builder::build)
                    .getMessage()
                    .startsWith("found the same sign as " + signs + ", expected "),
                signs));
    // In quotes a number may have the delimiter as its sign.
    assertEquals(1.5, x(standard().csv(settings().decimal(','), "s,t,x", "a," + AT + ",\"1,5\"")));
  }

  @Test
  void saysWhatIsNotStandard() {
    assertEquals("csv", new CsvFormat().inWords());
    assertEquals(
        "csv {delimiter: blanks, header: [a, b], decimal: \",\", thousands: \".\", skip: 2, comment:"
            + " \"#\", trim: true, quote: none, encoding: windows-1252}",
        new CsvFormat(
                settings()
                    .delimiter(CsvCells.BLANKS)
                    .header(List.of("a", "b"))
                    .decimal(',')
                    .thousands('.')
                    .skip(2)
                    .comment("#")
                    .trim(true)
                    .quote(CsvCells.NONE)
                    .encoding(Encoding.of("windows-1252"))
                    .build())
            .inWords());
    assertEquals("csv {header: false}", new CsvFormat(settings().noHeader().build()).inWords());
    assertEquals(new CsvFormat(), new CsvFormat(settings().build()));
  }

  /** A Kafka record. */
  private record Parts(String text, String x) implements RecordParts {
    @Override
    public byte[] value() {
      return text.getBytes(UTF_8);
    }

    @Override
    public byte[] key() {
      return "k".getBytes(UTF_8);
    }

    @Override
    public byte[] header(String name) {
      return x.getBytes(UTF_8);
    }

    @Override
    public String topic() {
      return "in";
    }

    @Override
    public long timestamp() {
      return -1;
    }

    @Override
    public io.unroll.connectors.record.RawRecord raw() {
      return new io.unroll.connectors.record.RawRecord(null, value());
    }
  }
}
