package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.standard;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.file.FilePreview;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.format.toy.ToyFormat;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {

  @Test
  void eachIsFoundByItsName() {
    assertEquals(List.of(new CsvFormat(), new JsonFormat()), Formats.all());
    for (Format format : Formats.all()) {
      assertEquals(format, Formats.named(format.name()));
    }
    assertEquals(
        "format: found 'xml', expected one of [csv, json]",
        assertThrows(IllegalArgumentException.class, () -> Formats.named("xml")).getMessage());
  }

  @Test
  void theyTravelInJobs() throws IOException, ClassNotFoundException {
    for (Format format : Formats.all()) {
      assertEquals(format, InstantiationUtil.clone(format));
    }
  }

  @Test
  void oneOfTheThreadsOwnLoaderIsFoundToo(@TempDir Path folder) throws Exception {
    ToyFormat.listed(
        folder,
        () -> {
          assertEquals(new ToyFormat(), Formats.named("toy"));
          assertEquals(List.of("csv", "json", "toy"), Formats.names(format -> true));
          assertEquals(List.of("csv", "json"), Formats.names(Format::isWritten));
        });
    assertEquals(List.of("csv", "json"), Formats.names(format -> true));
  }

  @Test
  void aFormatThatIsReadOnlySaysSo() {
    assertEquals(
        "toy is read only",
        assertThrows(
                UnsupportedOperationException.class,
                () -> new OutputFormat(new ToyFormat(), List.of(), List.of()))
            .getMessage());
  }

  @Test
  void aFormatOfItsOwnIsReadFromFiles(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("in.toy"), "s=a t=1700000000000 x=1.5\n\nx=2  s=a t=1700000000001\r\n?");
    List<Reading> readings =
        FilePreview.first(file, standard().of(new ToyFormat()), Integer.MAX_VALUE);
    assertEquals(
        List.of("in.toy:1 a 1.5", "in.toy:3 a 2.0", "in.toy:4 expected key=value, found ?"),
        readings.stream().map(FormatsTest::show).toList());
  }

  private static String show(Reading reading) {
    return reading.observation == null
        ? reading.rejected.input + " " + reading.rejected.reason
        : reading.observation.input()
            + " "
            + reading.observation.series
            + " "
            + reading.observation.features[0];
  }

  /** What rows have places for is what their header names. */
  @Test
  void theColumnsOfAnOutputAreTheHeaderOfItsRows() {
    OutputFields outputs = OutputFields.named(List.of("up", "down")).withDecoder().withMarks();
    List<String> keep = List.of("note");
    OutputFormat csv = new OutputFormat(new CsvFormat(), outputs, keep);
    assertHeader(OutputColumns.predictions(outputs, keep), csv.predictionHeader());
    assertHeader(OutputColumns.SEQUENCES, csv.sequenceHeader());
    assertHeader(OutputColumns.EVALUATIONS, csv.evaluationHeader());
    assertEquals(
        List.of(
            "input", "series", "timestamp", "reason", "output", "watermark", "raw", "raw-base64"),
        OutputColumns.REJECTED.rowNames());
  }

  @Test
  void jsonRefusesARecordWithOtherColumnsThanTheSample() {
    OutputTable<String> table =
        new OutputTable<>(
            "ab", (text, row) -> text.chars().forEach(c -> row.whole(Character.toString(c), c)));
    RecordWriter<String> writer = new JsonFormat().writer(table);
    assertEquals("{\"a\":99,\"b\":100}", new String(writer.write("cd"), UTF_8));
    assertEquals(
        "record has 1 columns, expected 2 as every other",
        assertThrows(IllegalStateException.class, () -> writer.write("a")).getMessage());
    assertEquals("{\"a\":97,\"b\":98}", new String(writer.write("ab"), UTF_8));
  }

  /** Whatever is missing in front: no comma too many, and none too few. */
  @Test
  void whatIsMissingLeavesAPlaceInRowsAndNoneInObjects() {
    OutputTable<String> table = new OutputTable<>("", FormatsTest::columns);
    assertEquals("{\"g\":{}}", written(new JsonFormat(), table, ""));
    assertEquals(",,,", written(new CsvFormat(), table, ""));
    assertEquals("{\"a\":\"a\",\"g\":{\"b\":\"ab\"}}", written(new JsonFormat(), table, "ab"));
    assertEquals("a,,ab,", written(new CsvFormat(), table, "ab"));
    assertEquals(
        "{\"x\":\"no\",\"g\":{\"c\":\"xc\"},\"d\":2}", written(new JsonFormat(), table, "xcd"));
    assertEquals(",no,,xc", written(new CsvFormat(), table, "xcd"));
    assertEquals("a,x,b,c", new String(new CsvFormat().writer(table).header(), UTF_8));
    assertEquals(
        List.of("a", "x", "g", "b", "c", "d"),
        table.described().stream().map(Column::name).toList());
  }

  private static void columns(String text, OutputRow row) {
    row.text("a", text.contains("a") ? "a" : null);
    row.label("x", List.of("yes", "no"), text.contains("x") ? 1 : -1);
    row.group("g");
    row.text("b", text.contains("b") ? text : null);
    row.text("c", text.contains("c") ? text.substring(0, 2) : null);
    row.endGroup();
    row.whole("d", false, 2, text.contains("d"));
  }

  private static <T> String written(Format format, OutputTable<T> table, T record) {
    return new String(format.writer(table).write(record), UTF_8);
  }

  private static void assertHeader(OutputTable<?> table, byte[] header) {
    assertEquals(String.join(",", table.rowNames()), new String(header, UTF_8));
  }
}
