package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.FieldPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a table of scales, and where. */
final class ScaleTableTest {
  @TempDir private Path folder;

  private List<String> mistakes(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("scalers.csv"), text);
    return ScaleTable.read(file).mistakes().stream()
        .map(mistake -> mistake.replace(file.toString(), "scalers.csv"))
        .toList();
  }

  @Test
  void aFileThatIsNotThere() {
    Path file = folder.resolve("absent.csv");
    assertEquals(List.of("there is no " + file), ScaleTable.read(file).mistakes());
    assertEquals(List.of(folder + " is a folder or a device"), ScaleTable.read(folder).mistakes());
  }

  @Test
  void columnsThatAreNotThere() throws IOException {
    assertEquals(
        List.of(
            "scalers.csv:1: found the columns series, Feature, mean, sd, expected 'feature' among"
                + " them",
            "scalers.csv:1: found the columns series, Feature, mean, sd, expected 'std' among them"),
        mistakes("series,Feature,mean,sd\nA,x,1,2\n"));
    assertEquals(
        List.of("scalers.csv: found an empty file, expected a line with the names of the columns"),
        mistakes(""));
  }

  @Test
  void rowsThatAreNone() throws IOException {
    assertEquals(
        List.of(
            "scalers.csv:2: found 'one' as mean, expected a number",
            "scalers.csv:3: found '' as std, expected a number",
            "scalers.csv:4: std: found 0.0, expected a finite number above 0",
            "scalers.csv:5: std: found -1.0, expected a finite number above 0",
            "scalers.csv:6: mean: found Infinity, expected a finite number",
            "scalers.csv:7: found an empty series",
            "scalers.csv:8: found an empty feature",
            "scalers.csv:10: found a second row of series 'A' and feature 'x', expected one"),
        mistakes(
            """
            series,feature,mean,std
            A,x,one,2
            A,x,1,
            A,x,1,0
            A,x,1,-1
            A,x,1e999,1
            ,x,1,1
            A, ,1,1
            A,x,1,1
            A,x,1,1
            B,x,1,1
            A,y,1,1
            """));
    assertEquals(
        List.of(
            "scalers.csv:2: found 3 columns, expected 4 as in the header (series, feature, mean,"
                + " std)"),
        mistakes("series,feature,mean,std\nA,x,1\n"));
  }

  @Test
  void ofManyMistakesAFew() throws IOException {
    String rows =
        IntStream.range(0, 1000).mapToObj(i -> "A,x," + i + ",0\n").collect(Collectors.joining());
    List<String> mistakes = mistakes("series,feature,mean,std\n" + rows);
    assertEquals(11, mistakes.size());
    assertTrue(mistakes.get(9).startsWith("scalers.csv:11: "), mistakes.get(9));
    assertEquals("and 990 mistakes more in the same file", mistakes.get(10));
  }

  @Test
  void aFieldIsFoundAsItIsWrittenOrByItsLastName() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("scalers.csv"), "series,feature,mean,std\nA,t.x,1,2\nA,x,3,4\n");
    ScaleTable table = ScaleTable.read(file);
    assertEquals("t.x", table.nameOf(FieldPath.parse("t.x")));
    assertEquals("x", table.nameOf(FieldPath.parse("u.x")));
    assertEquals("x", table.nameOf(FieldPath.parse("/0/x")));
    assertNull(table.nameOf(FieldPath.parse("y")));
  }

  /** The file is named where the pipeline names it, and its mistakes stand there once. */
  @Test
  void aPipelineTellsEachMistakeOfItOnce() throws IOException {
    Path pipeline =
        Files.writeString(
            folder.resolve("p.yaml"),
            Texts.SMALL.replace(
                "[x]",
                "[{field: x, scale: {from: scalers.csv}}, {field: y, scale: {from: scalers.csv}}]"));
    Files.createFile(folder.resolve("in.csv"));
    Files.createFile(folder.resolve("model.onnx"));
    Path table = folder.resolve("scalers.csv");
    Files.writeString(table, "series,feature,mean,std\nA,x,1,0\n");
    String told =
        assertThrows(PipelineException.class, () -> PipelineFile.read(pipeline)).getMessage();
    assertEquals(
        pipeline
            + ":9:33 observation.features[0].scale.from: found 'scalers.csv', expected the path of a"
            + " CSV file with series, feature, mean, std: "
            + table
            + ":2: std: found 0.0, expected a finite number above 0",
        told);
  }
}
