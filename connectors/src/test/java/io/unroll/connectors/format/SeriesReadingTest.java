package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.record.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What names a series besides a field: a constant, a file's name, a part of a text. */
final class SeriesReadingTest {
  private static final SeriesPart S = SeriesPart.of(FieldPath.parse("s"));
  private static final SeriesPart FILE = SeriesPart.of(FieldPath.parse("$file"));

  private static SeriesPart picked(String field, String pattern) {
    return new SeriesPart.Field(FieldPath.parse(field), pattern);
  }

  private static Reading json(String s, SeriesPart... parts) {
    return Readers.standard()
        .series(parts)
        .json("{\"s\":\"" + s + "\",\"t\":1700000000000,\"x\":1}");
  }

  private static String series(String s, SeriesPart... parts) {
    return Readers.usable(json(s, parts)).series;
  }

  /** The series of a record of a file. */
  private static String inFile(String file, SeriesPart... parts) {
    RecordLines lines = Readers.standard().series(parts).of(new CsvFormat()).lines(file + ":");
    lines.read("s,t,x".getBytes(UTF_8), 1);
    return Readers.usable(lines.read("a,1700000000000,1".getBytes(UTF_8), 2)).series;
  }

  @Test
  void aConstantIsTheSeriesOfAllRecords() {
    SeriesPart plant = new SeriesPart.Constant("plant|1");
    assertEquals("plant|1", series("a", plant));
    assertEquals("plant|1", inFile("in.csv", plant));
    assertEquals("plant\\|1|a\\|b", series("a|b", plant, S));
    assertEquals("1|2", series("a", new SeriesPart.Constant("1"), new SeriesPart.Constant("2")));
  }

  @Test
  void aFileNamesItsSeriesWithoutTheEnding() {
    assertEquals("AAAA", inFile("AAAA.csv", FILE));
    assertEquals("AAAA", inFile("AAAA.csv.gz", FILE));
    assertEquals("BRK.B", inFile("BRK.B.csv", FILE));
    assertEquals("2024/AAAA", inFile("2024/AAAA.csv", FILE));
    assertEquals("v1.2/AAAA", inFile("v1.2/AAAA", FILE));
    assertEquals("AAAA|a", inFile("AAAA.csv", FILE, S));
    assertEquals("$file: expected a series, found no such field", Readers.reason(json("a", FILE)));
  }

  @Test
  void aPatternPicksAPartOfAText() {
    assertEquals("AAAA", series("ticks-AAAA", picked("s", "ticks-(.*)")));
    assertEquals("AAAA", inFile("ticks-AAAA.csv", picked("$file", "ticks-(.*)")));
    assertEquals("b|a", series("a-b", picked("s", ".-(.)"), picked("s", "(.)-.")));
    assertEquals(
        "17",
        Readers.usable(
                Readers.standard()
                    .series(picked("s", "(?:4|5)(..)"))
                    .json("{\"s\":417,\"t\":1700000000000,\"x\":1}"))
            .series);
  }

  @Test
  void aTextThatDoesNotMatchIsRejectedWithThePattern() {
    assertEquals(
        "s: expected a text that matches ticks-(.*), found \"quotes-AAAA\"",
        Readers.reason(json("quotes-AAAA", picked("s", "ticks-(.*)"))));
    assertEquals( // the whole text
        "s: expected a text that matches ticks-([A-Z]+), found \"ticks-AAAA1\"",
        Readers.reason(json("ticks-AAAA1", picked("s", "ticks-([A-Z]+)"))));
    for (String pattern : List.of("ticks-(.*)", "ticks-(a)?")) {
      assertEquals(
          "s: expected a text that matches "
              + pattern
              + ", with something in its group, found \"ticks-\"",
          Readers.reason(json("ticks-", picked("s", pattern))));
    }
    assertEquals(
        "s: found 4097 bytes, expected at most 4096",
        Readers.reason(json("a".repeat(4097), picked("s", "(?:a|b)*(.)"))));
  }

  @Test
  void aPatternHasOneGroup() {
    assertEquals(
        "found no group in 'ticks-.*', expected one, such as (.*), around what names the series;"
            + " (?:...) is none",
        assertThrows(IllegalArgumentException.class, () -> picked("s", "ticks-.*")).getMessage());
    assertEquals(
        "found 2 groups in '(a)(b)', expected one, such as (.*), around what names the series;"
            + " (?:...) is none",
        assertThrows(IllegalArgumentException.class, () -> picked("s", "(a)(b)")).getMessage());
    assertEquals(
        "found '(a', expected a regular expression such as ticks-(.*): Unclosed group",
        assertThrows(IllegalArgumentException.class, () -> picked("s", "(a")).getMessage());
  }

  @Test
  void aConstantIsNotBlankAndNotTooLong() {
    assertEquals(
        "found a blank text, expected the name of a series",
        assertThrows(IllegalArgumentException.class, () -> new SeriesPart.Constant(" "))
            .getMessage());
    assertEquals(
        "found 4097 bytes, expected at most 4096",
        assertThrows(
                IllegalArgumentException.class, () -> new SeriesPart.Constant("a".repeat(4097)))
            .getMessage());
  }
}
