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
    assertHeader(Column.rowNames(OutputColumns.predictions(outputs, keep)), csv.predictionHeader());
    assertHeader(Column.rowNames(OutputColumns.SEQUENCES), csv.sequenceHeader());
    assertHeader(Column.rowNames(OutputColumns.EVALUATIONS), csv.evaluationHeader());
    assertEquals(
        List.of(
            "input", "series", "timestamp", "reason", "output", "watermark", "raw", "raw-base64"),
        Column.rowNames(OutputColumns.REJECTED));
  }

  private static void assertHeader(List<String> names, byte[] header) {
    assertEquals(String.join(",", names), new String(header, UTF_8));
  }
}
