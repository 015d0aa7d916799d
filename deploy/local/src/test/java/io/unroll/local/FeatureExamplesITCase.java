package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of features: their models see what a person would have made of the records. */
final class FeatureExamplesITCase {
  private static final long DAY = 86_400_000L;
  private static final long NEW_YEAR = 1_325_376_000_000L; // 2012

  @TempDir private Path folder;

  private ExampleRuns examples;

  @BeforeEach
  void copiesTheExamples() throws IOException {
    examples = ExampleRuns.in(folder);
  }

  /** What a model sees at a step. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Seen(String series, long timestamp, float... inputs) {}

  @Test
  void somethingStandsInForWhatIsMissing() throws Exception {
    String reason =
        "feature 'temp_max': found no value, and none before it: to remember the other values of this"
            + " record for the next one, say sequence.keep-series-for";
    assertEquals(
        List.of(
            "missing: finished",
            "inputs       24 = 23 steps + 0 primings + 0 markers + 0 late + 1 rejected",
            "sequences    2 opened; closed: 2 end-of-input",
            "predictions  23",
            "rejected     1 x " + reason + " (first at missing.csv:3)"),
        examples.runWithRejects("missing"));
    JsonNode rejected = examples.json("missing", "rejected").get(0);
    assertEquals("missing.csv:3", rejected.get("input").asText());
    assertEquals(reason, rejected.get("reason").asText());

    List<Seen> byHand = new ArrayList<>();
    Map<String, float[]> before = new HashMap<>(); // maximum, minimum
    int holes = 0;
    for (String row : examples.rows("features/missing.csv")) {
      String[] values = row.split(",", -1);
      float[] last = before.get(values[0]);
      if (last == null && values[3].isEmpty()) {
        continue;
      }
      float[] day = {
        values[3].isEmpty() ? last[0] : Float.parseFloat(values[3]),
        values[4].isEmpty() ? last[1] : Float.parseFloat(values[4])
      };
      before.put(values[0], day);
      byHand.add(
          new Seen(
              values[0],
              Long.parseLong(values[1]),
              values[2].isEmpty() ? 0 : Float.parseFloat(values[2]),
              day[0],
              day[1],
              values[5].isEmpty() ? 0 : Float.parseFloat(values[5]),
              values[5].isEmpty() ? 0 : 1));
      for (int i = 2; i < values.length; i++) {
        holes += values[i].isEmpty() ? 1 : 0;
      }
    }
    assertEquals(15, holes);
    assertSees("missing", byHand);

    // The first days of New York, without the network: 10.0 and 10.0, rain and wind.
    Map<Long, Double> expected = new TreeMap<>();
    expected.put(NEW_YEAR, 0.85 * 10 - 0.05 * 1.8 - 0.05 * 5.1);
    expected.put(NEW_YEAR + DAY, 0.85 * 10 + 0.1 * expected.get(NEW_YEAR) - 0.05 * 8.7);
    assertForecast("missing", expected);
  }

  @Test
  void timeAndLogarithmAreMadeOfTheRecord() throws Exception {
    assertEquals(
        List.of(
            "irregular: finished",
            "inputs       31 = 31 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    2 opened; closed: 2 end-of-input",
            "predictions  31"),
        examples.run("irregular"));

    List<Seen> byHand = new ArrayList<>();
    Map<String, Long> before = new HashMap<>();
    for (String row : examples.rows("feeds/weather-gaps.csv")) {
      String[] values = row.split(",", -1);
      long timestamp = Long.parseLong(values[1]);
      long last = before.getOrDefault(values[0], timestamp);
      before.put(values[0], timestamp);
      double angle = 2 * Math.PI * days(timestamp - NEW_YEAR) / 365.25;
      byHand.add(
          new Seen(
              values[0],
              timestamp,
              (float) StrictMath.log1p(Double.parseDouble(values[2])),
              Float.parseFloat(values[3]),
              Float.parseFloat(values[4]),
              days(timestamp - last),
              (float) StrictMath.sin(angle),
              (float) StrictMath.cos(angle)));
    }
    assertTrue(byHand.stream().anyMatch(seen -> seen.inputs()[3] == 3), "the widest gap");
    assertSees("irregular", byHand);

    double season = 16.520 - 9.940; // of the first of January
    assertForecast(
        "irregular", Map.of(NEW_YEAR, 0.8 * 10 + 0.1 * season - 0.3 * Math.log(1 + 1.8)));
  }

  private static int days(long millis) {
    return Math.toIntExact(millis / DAY);
  }

  /** The predictions of an example are, bit by bit, those of its model over the inputs. */
  private void assertSees(String example, List<Seen> byHand) throws IOException {
    int inputs = byHand.get(0).inputs().length;
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < inputs; i++) {
      names.append(i == 0 ? "" : ",").append('i').append(i);
    }
    List<String> rows = new ArrayList<>();
    rows.add("series,timestamp," + names);
    for (Seen seen : byHand) {
      StringBuilder row = new StringBuilder(seen.series()).append(',').append(seen.timestamp());
      for (float input : seen.inputs()) {
        row.append(',').append(input);
      }
      rows.add(row.toString());
    }
    Files.write(examples.folder().resolve("by-hand.csv"), rows);
    Files.writeString(
        examples.pipeline("by-hand"),
        """
        version: 1
        name: by-hand
        source: {file: {path: by-hand.csv}, format: csv}
        observation: {series: series, timestamp: timestamp, features: [%s]}
        model: {onnx: features/%s.onnx, outputs: [temp_max, temp_min]}
        sink: {predictions: {file: {path: out/by-hand/predictions}}}
        """
            .formatted(names, example));
    examples.run("by-hand");
    Map<String, String> expected = examples.predictions("by-hand");
    assertEquals(byHand.size(), expected.size());
    assertEquals(expected, examples.predictions(example));
  }

  /** The maximum that is predicted for New York, by the model's formula. */
  private void assertForecast(String example, Map<Long, Double> expected) throws IOException {
    int found = 0;
    for (JsonNode prediction : examples.json(example, "predictions")) {
      Double maximum = expected.get(prediction.get("timestamp").asLong());
      if (maximum != null && prediction.get("series").asText().equals("New York")) {
        found++;
        assertTrue(
            GoldenCase.close(
                maximum.floatValue(), prediction.get("output").get("temp_max").floatValue()),
            maximum + " " + prediction);
      }
    }
    assertEquals(expected.size(), found);
  }

  @Test
  void theirFilesAreMadeByHandAndAnExcerpt() throws IOException {
    Path files = examples.folder().resolve("features");
    assertArrayEquals(
        FeatureModels.missing().onnx(), Files.readAllBytes(files.resolve("missing.onnx")));
    assertArrayEquals(
        FeatureModels.irregular().onnx(), Files.readAllBytes(files.resolve("irregular.onnx")));
    List<String> whole = examples.rows("feeds/weather.csv").subList(0, 24);
    List<String> withHoles = examples.rows("features/missing.csv");
    assertEquals(whole.size(), withHoles.size());
    for (int i = 0; i < whole.size(); i++) {
      String[] day = whole.get(i).split(",", -1);
      String[] values = withHoles.get(i).split(",", -1);
      for (int at = 0; at < day.length; at++) {
        assertTrue(values[at].isEmpty() || values[at].equals(day[at]), withHoles.get(i));
      }
    }
  }
}
