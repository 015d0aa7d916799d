package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.standard;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.csv.CsvCells;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.csv.CsvSettings;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a pipeline that reads CSV otherwise than it is written gets to hear. */
class CsvMistakesTest {
  private static final String AT = "1700000000000";

  private static @Nullable String wrong(Readers readers, CsvSettings.Builder csv, String... lines) {
    List<byte[]> frames = Arrays.stream(lines).map(line -> line.getBytes(UTF_8)).toList();
    return readers
        .of(new CsvFormat(csv.build()))
        .wrongHeader(frames.get(0), frames.subList(1, frames.size()));
  }

  private static @Nullable String wrong(String... lines) {
    return wrong(standard(), new CsvSettings.Builder(), lines);
  }

  private static String[] lines(int count, String header, String line) {
    return Stream.concat(Stream.of(header), IntStream.range(1, count).mapToObj(i -> line))
        .toArray(String[]::new);
  }

  private static final String NAMES = ", expected the names of the columns, s, t, x among them";

  @Test
  void aDelimiterThatIsAsOftenInEachLine() {
    assertEquals(
        "the first line is s;t;x;y"
            + NAMES
            + ". ';' occurs 3 times in each of the first 20 lines: say source.format: {csv:"
            + " {delimiter: \";\"}}",
        wrong(lines(30, "s;t;x;y", "a;" + AT + ";1,5;2")));
    assertEquals(
        "the first line is s\tt\tx"
            + NAMES
            + ". A tab occurs 2 times in each of the first 3 lines: say source.format: {csv:"
            + " {delimiter: tab}}",
        wrong(lines(3, "s\tt\tx", "a\t" + AT + "\t1")));
    assertEquals(
        "the first line is s t  x"
            + NAMES
            + ", apart by blanks: say source.format: {csv: {delimiter: blanks}}",
        wrong(lines(3, "s t  x", "a  " + AT + " 1")));
    assertEquals(
        "the first line is s,t,x"
            + NAMES
            + ". ',' occurs 2 times in each of the first 2 lines: say source.format: {csv:"
            + " {delimiter: \",\"}}",
        wrong(standard(), new CsvSettings.Builder().delimiter(';'), lines(2, "s,t,x", "a,1,2")));
  }

  @Test
  void theNamesAreFurtherDown() {
    assertEquals(
        "the first line is Export of Monday"
            + NAMES
            + ". They are in line 3: say source.format: {csv: {skip: 2}}",
        wrong("Export of Monday", "", "s,t,x", "a," + AT + ",1"));
    assertEquals(
        "the first line is by, me"
            + NAMES
            + ". They are in line 4: say source.format: {csv: {skip: 3}}",
        wrong(standard(), new CsvSettings.Builder().skip(2), "by, me", "s,t,x", "a," + AT + ",1"));
  }

  @Test
  void noLineNamesTheColumns() {
    assertEquals(
        "the first line is a,b,c"
            + NAMES
            + ". If no file has such a line, say source.format: {csv: {header: false}} and call the"
            + " columns /0, /1 and so on, or name them there: header: [a, b]; else put one in front of"
            + " it, or move the file away",
        wrong("a,b,c", "a," + AT + ",1"));
    Readers places = standard().series("/0").timestamp("/1", null, null).features("/2");
    String first = wrong(places, new CsvSettings.Builder(), "a," + AT + ",1");
    assertTrue(
        first.contains("If the file has no such line, say source.format: {csv: {header: false}};"),
        first);
    assertNull(wrong(places, new CsvSettings.Builder().noHeader(), "a," + AT + ",1"));
  }

  @Test
  void numbersWithOtherSigns() {
    String found = "x: expected a finite number, found ";
    String comma = "say source.format: {csv: {decimal: \",\"}}";
    assertEquals(
        found + "\"1,5\". S" + comma.substring(1),
        reason(standard().csv("s,t,x", "a," + AT + ",\"1,5\"")));
    assertEquals(
        found
            + "\"1,234\". If it is 1.234, "
            + comma
            + "; if it is 1234, say source.format: {csv:"
            + " {thousands: \",\"}}",
        reason(standard().csv("s,t,x", "a," + AT + ",\"1,234\"")));
    assertEquals(
        found + "\"1.000,5\". Say source.format: {csv: {decimal: \",\", thousands:" + " \".\"}}",
        reason(standard().csv("s,t,x", "a," + AT + ",\"1.000,5\"")));
    assertEquals(
        found + "\"1,234.50\". Say source.format: {csv: {thousands: \",\"}}",
        reason(standard().csv("s,t,x", "a," + AT + ",\"1,234.50\"")));
    assertEquals(
        found + "\"1 000.5\". Say source.format: {csv: {thousands: \" \"}}",
        reason(standard().csv("s,t,x", "a," + AT + ",1 000.5")));
    assertEquals(
        found + "\"1'000\". Say source.format: {csv: {thousands: \"'\"}}",
        reason(standard().csv("s,t,x", "a," + AT + ",1'000")));
    assertEquals(
        found
            + "\"many\". A feature is a number: where words stand for numbers, map them before, in the"
            + " producer or in Flink SQL",
        reason(standard().csv("s,t,x", "a," + AT + ",many")),
        "no number");
  }

  @Test
  void recordsWithoutAHeaderSayWhatSetsColumnsApart() {
    ObservationReader topic =
        standard().series("/0").timestamp("/1", null, null).features("/2").of(new CsvFormat());
    assertEquals(
        "/1: expected epoch milliseconds or ISO-8601, found 1 column alone in \"a b\", apart by"
            + " blanks: say source.format: {csv: {delimiter: blanks}}",
        reason(topic.read("a b".getBytes(UTF_8), "in/0@", 0)));
    assertEquals(
        "/1: expected epoch milliseconds or ISO-8601, found no such field",
        reason(topic.read("a".getBytes(UTF_8), "in/0@", 0)));
  }

  @Test
  void blanksAreTheLastGuess() {
    assertEquals(
        "expected 3 columns as in the header, found 1: a b c",
        reason(standard().csv("s,t,x", "a b c")));
    assertEquals(
        "expected 3 columns as in the header, found 1: a,1,2",
        reason(
            standard()
                .csv(new CsvSettings.Builder().delimiter(CsvCells.BLANKS), "s t x", "a,1,2")));
  }
}
