package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The four shapes, as examples/README.md shows them, and a rolling forecast: each is one command.
 */
final class ShapesITCase {
  private static final String TOKENS = "08-encoder-decoder-eos";
  private static final String VECTOR = "09-vector-to-sequence";
  private static final Pattern SHOWN =
      Pattern.compile(
          "```\n\\$ deploy/unroll run deploy/examples/(\\S+)\\.yaml\n(.*?)```\n", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");
  private static final long DAY = 86_400_000;

  @TempDir private Path folder;

  private ExampleRuns examples;

  @BeforeEach
  void copiesTheExamples() throws IOException {
    examples = ExampleRuns.in(folder);
  }

  private static JsonNode golden(String name) throws IOException {
    return new ObjectMapper().readTree(GoldenCase.bytes("golden/" + name + "/case.json"));
  }

  /** What the page shows of each example, without the command. */
  private static Map<String, List<String>> shown() throws IOException {
    Matcher block = SHOWN.matcher(Files.readString(Path.of("../examples/README.md")));
    Map<String, List<String>> shown = new TreeMap<>();
    while (block.find()) {
      shown.put(block.group(1), block.group(2).lines().toList());
    }
    return shown;
  }

  /** Every line that the page shows of an example is one of its summary or its predictions. */
  private void assertPageShows(String example, List<String> summary) throws IOException {
    List<String> real = new ArrayList<>(summary);
    real.addAll(examples.lines(example, "predictions"));
    List<String> lines = shown().get(example);
    assertTrue(lines != null && lines.size() >= 4, "the page shows nothing of " + example);
    for (String line : lines) {
      assertTrue(real.stream().anyMatch(r -> alike(line, r)), example + ": " + line);
    }
  }

  /** Equal but for what another kernel rounds otherwise. */
  private static boolean alike(String shown, String real) {
    if (!NUMBER.matcher(shown).replaceAll("#").equals(NUMBER.matcher(real).replaceAll("#"))) {
      return false;
    }
    Matcher ours = NUMBER.matcher(shown);
    Matcher theirs = NUMBER.matcher(real);
    while (ours.find() && theirs.find()) {
      float expected = Float.parseFloat(ours.group());
      if (!GoldenCase.close(expected, Float.parseFloat(theirs.group()))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void thePageHasFour() throws IOException {
    assertEquals(List.of("months", "tokens", "vector", "weather"), List.copyOf(shown().keySet()));
  }

  @Test
  void sequenceToSequence() throws Exception {
    assertPageShows("weather", examples.run("weather"));
  }

  @Test
  void sequenceToVector() throws Exception {
    assertPageShows("months", examples.run("months"));
  }

  @Test
  void vectorToSequence() throws Exception {
    List<String> summary = examples.run("vector");
    assertEquals(
        List.of(
            "vector: finished",
            "inputs       3 = 3 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    3 opened; closed: 3 end",
            "predictions  21"),
        summary);
    assertPageShows("vector", summary);
    JsonNode expected = golden(VECTOR).get("output");
    List<JsonNode> predictions = examples.json("vector", "predictions");
    assertEquals(21, predictions.size());
    for (JsonNode prediction : predictions) {
      assertEquals("decoded", prediction.get("kind").asText());
      int series = prediction.get("series").asText().charAt(1) - '0';
      int ahead = prediction.get("ahead").asInt();
      assertEquals(
          prediction.get("timestamp").asLong() + 1000L * ahead, prediction.get("for").asLong());
      JsonNode row = expected.get(series).get(ahead - 1);
      for (String name : List.of("x", "y")) {
        double found = prediction.get("output").get(name).asDouble();
        assertEquals(row.get(name.equals("x") ? 0 : 1).asDouble(), found, 1e-5, "" + prediction);
      }
    }
  }

  @Test
  void delayedSequenceToSequence() throws Exception {
    List<String> summary = examples.run("tokens");
    assertEquals(
        List.of(
            "tokens: finished",
            "inputs       38 = 38 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    10 opened; closed: 10 end",
            "predictions  49"),
        summary);
    assertPageShows("tokens", summary);
    JsonNode golden = golden(TOKENS);
    Map<String, List<Integer>> tokens = new TreeMap<>();
    for (JsonNode prediction : examples.json("tokens", "predictions")) {
      List<Integer> of =
          tokens.computeIfAbsent(prediction.get("series").asText(), s -> new ArrayList<>());
      of.add(prediction.get("output").get("token").asInt());
      assertEquals("decoded", prediction.get("kind").asText());
      assertEquals(of.size(), prediction.get("ahead").asInt());
      int series = prediction.get("series").asText().charAt(1) - '0';
      assertEquals(golden.get("input").get(series).size() - 1, prediction.get("step").asInt());
    }
    Map<String, List<Integer>> expected = new TreeMap<>();
    for (int s = 0; s < golden.get("tokens").size(); s++) {
      List<Integer> of = new ArrayList<>();
      golden.get("tokens").get(s).forEach(token -> of.add(token.asInt()));
      expected.put("s" + s, of);
    }
    assertEquals(expected, tokens);
  }

  @Test
  void aRollingForecast() throws Exception {
    assertEquals(
        List.of(
            "forecast: finished",
            "inputs       2,922 = 2,922 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    2 opened; closed: 2 idle",
            "predictions  2,912"),
        examples.run("forecast"));
    Map<String, double[]> days = new HashMap<>();
    for (String line : examples.rows("feeds/weather.csv")) {
      String[] day = line.split(",", -1);
      days.put(
          day[0] + day[1], new double[] {Double.parseDouble(day[3]), Double.parseDouble(day[4])});
    }
    int rows = 0;
    double[] error = new double[8];
    double[] naive = new double[8];
    int[] count = new int[8];
    for (String line : examples.lines("forecast", "predictions")) {
      String[] row = line.split(",", -1);
      if (row[0].equals("series")) {
        assertEquals(
            "series,sequence,step,timestamp,kind,ahead,for,temp_max,temp_min,model,input", line);
        continue;
      }
      rows++;
      long timestamp = Long.parseLong(row[3]);
      int ahead = Integer.parseInt(row[5]);
      assertEquals("forecast", row[4]);
      assertEquals(6, Long.parseLong(row[2]) % 7, line);
      assertEquals(timestamp + ahead * DAY, Long.parseLong(row[6]), line);
      double[] came = days.get(row[0] + row[6]);
      if (came == null || timestamp < 1_451_520_000_000L - 364 * DAY) {
        continue; // the season was measured on those days
      }
      double[] day = days.get(row[0] + row[3]);
      for (int i = 0; i < 2; i++) {
        for (int at : new int[] {0, ahead}) {
          error[at] += Math.abs(Double.parseDouble(row[7 + i]) - came[i]);
          naive[at] += Math.abs(day[i] - came[i]);
          count[at]++;
        }
      }
    }
    assertEquals(2912, rows);
    String measured =
        "mean absolute error %s C, persistence %s C; 1 day ahead %s and %s, 7 days ahead %s and %s."
            .formatted(
                mean(error, count, 0),
                mean(naive, count, 0),
                mean(error, count, 1),
                mean(naive, count, 1),
                mean(error, count, 7),
                mean(naive, count, 7));
    String readme = Files.readString(examples.folder().resolve("decoders/README.md"));
    assertTrue(readme.contains(measured), measured);
  }

  private static String mean(double[] sums, int[] counts, int at) {
    return String.format(Locale.ROOT, "%.3f", sums[at] / counts[at]);
  }

  @Test
  void theirFilesAreTheGoldenCasesAndTheOneMadeByHand() throws IOException {
    Path decoders = examples.folder().resolve("decoders");
    for (String name : List.of("encoder", "decoder")) {
      assertArrayEquals(
          GoldenCase.bytes("golden/" + TOKENS + "/" + name + ".onnx"),
          Files.readAllBytes(decoders.resolve(name + ".onnx")));
    }
    assertArrayEquals(
        GoldenCase.bytes("golden/" + VECTOR + "/model.onnx"),
        Files.readAllBytes(decoders.resolve("trajectory.onnx")));
    assertArrayEquals(
        SeasonDecoder.model().onnx(), Files.readAllBytes(decoders.resolve("season.onnx")));
    JsonNode input = golden(TOKENS).get("input");
    int[] steps = new int[input.size()];
    for (String line : examples.rows("decoders/symbols.csv")) {
      String[] row = line.split(",", -1);
      int series = row[0].charAt(1) - '0';
      JsonNode expected = input.get(series).get(steps[series]++);
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).asDouble(), Double.parseDouble(row[2 + i]), line);
      }
      assertEquals(steps[series] == input.get(series).size(), Boolean.parseBoolean(row[8]), line);
    }
    JsonNode vectors = golden(VECTOR).get("vector");
    List<String> rows = examples.rows("decoders/vectors.csv");
    assertEquals(vectors.size(), rows.size());
    for (int s = 0; s < rows.size(); s++) {
      String[] row = rows.get(s).split(",", -1);
      for (int i = 0; i < vectors.get(s).size(); i++) {
        float expected = vectors.get(s).get(i).floatValue();
        assertTrue(expected == Float.parseFloat(row[2 + i]), rows.get(s));
      }
    }
  }
}
