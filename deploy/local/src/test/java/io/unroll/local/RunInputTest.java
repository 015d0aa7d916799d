package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.PipelineJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an unfinished run is recognised by. */
final class RunInputTest {
  @TempDir private Path folder;

  private List<String> sequences(String observation, String sequence) throws Exception {
    Path pipeline = Examples.copy(folder).resolve("weather.yaml");
    Files.writeString(
        pipeline,
        Files.readString(pipeline)
            .replaceFirst("\nobservation:\n", "\nobservation:\n" + observation)
            .replaceFirst("\nsequence:\n", "\nsequence:\n" + sequence));
    return RunInput.of(PipelineJob.load(pipeline))
        .lines()
        .filter(line -> line.matches("(end|start|by|order|window): .*"))
        .toList();
  }

  /** As versions wrote it that knew no other marker: their runs go on. */
  @Test
  void withoutMoreThanAnEndMarkerItIsWhatItWas() throws Exception {
    assertEquals(List.of("end: null"), sequences("", ""));
  }

  @Test
  void aFieldOfTheEndIsItsName() throws Exception {
    assertEquals(List.of("end: eos"), sequences("  end: eos\n", ""));
  }

  /** Two features of the table's rows in any order; as versions wrote it where none is scaled. */
  @Test
  void featuresAreWhatTheyWereUntilTheyAreScaled() throws Exception {
    Path pipeline = Examples.copy(folder).resolve("weather.yaml");
    String wind =
        "FeatureField[field=wind, feature=Feature[name=wind, source=FIELD, transform=Transform[kind=NONE,"
            + " times=1.0], missing=Missing[kind=REJECT, value=0.0]]]";
    assertEquals(wind + "]", lastFeature(pipeline));
    String text = Files.readString(pipeline);
    Files.writeString(
        pipeline, text.replace("wind]", "{field: wind, scale: {mean: 3, std: 1.5}}]"));
    assertEquals(
        wind + " scaled by Constant[norm=Norm[mean=3.0, std=1.5]]]", lastFeature(pipeline));
    Files.writeString(pipeline, text.replace("wind]", "{field: wind, scale: {from: s.csv}}]"));
    String table = "";
    for (String rows : List.of("a,wind,1,2\nb,wind,3,4\n", "b,wind,3,4\na,wind,1,2\n")) {
      Files.writeString(pipeline.resolveSibling("s.csv"), "series,feature,mean,std\n" + rows);
      String found = lastFeature(pipeline);
      assertTrue(found.startsWith(wind + " scaled by a table "), found);
      assertTrue(table.isEmpty() || table.equals(found), found);
      table = found;
    }
    Files.writeString(
        pipeline.resolveSibling("s.csv"), "series,feature,mean,std\na,wind,1,2\nb,wind,3,5\n");
    assertNotEquals(table, lastFeature(pipeline));
  }

  private static String lastFeature(Path pipeline) throws Exception {
    String line =
        RunInput.of(PipelineJob.load(pipeline))
            .lines()
            .filter(l -> l.startsWith("features: "))
            .findFirst()
            .orElseThrow();
    return line.substring(line.lastIndexOf("FeatureField["));
  }

  @Test
  void markersAndNamesAreInIt() throws Exception {
    assertEquals(
        List.of("end: state in [STOP, DONE]", "start: fresh", "by: day"),
        sequences("  end: {field: state, in: [STOP, DONE]}\n  start: fresh\n", "  by: day\n"));
  }

  /** What a checkpoint could not be gone on from. */
  @Test
  void orderAndWindowAreInIt() throws Exception {
    assertEquals(
        List.of("end: null", "order: event-time", "window: 30"),
        sequences("", "  order: event-time\n  max-delay: 3 d\n  window: 30\n"));
  }
}
