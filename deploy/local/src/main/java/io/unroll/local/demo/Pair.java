package io.unroll.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A prediction and what came true of it, as the job wrote it to {@code evaluations}.
 *
 * @param made time of the prediction, epoch milliseconds
 * @param timestamp time of what came true, epoch milliseconds
 * @param persistence the value before; NaN without
 * @param quantile that was predicted; NaN without
 * @param input the place of the prediction's observation
 */
public record Pair(
    String series,
    long made,
    long timestamp,
    String output,
    double predicted,
    double actual,
    double persistence,
    double quantile,
    String input) {

  /**
   * Reads part files.
   *
   * @throws IOException also if an output of one prediction is there twice
   */
  public static List<Pair> read(List<Path> parts) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Pair> pairs = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (Path part : parts) {
      for (String line : Files.readAllLines(part)) {
        Pair pair = of(json.readTree(line));
        if (!known.add(pair.input + " " + pair.output)) {
          throw new IOException("one prediction was held against two observations: " + line);
        }
        pairs.add(pair);
      }
    }
    return pairs;
  }

  private static Pair of(JsonNode node) {
    return new Pair(
        node.get("series").textValue(),
        node.get("made").longValue(),
        node.get("timestamp").longValue(),
        node.get("output").textValue(),
        node.get("predicted").doubleValue(),
        node.get("actual").doubleValue(),
        node.path("persistence").asDouble(Double.NaN),
        node.path("quantile").asDouble(Double.NaN),
        node.get("input").textValue());
  }

  double error() {
    return Math.abs(predicted - actual);
  }

  double persistenceError() {
    return Math.abs(persistence - actual);
  }

  /** The loss of a prediction of the pair's quantile. */
  double pinball(double prediction) {
    return Math.max(quantile * (actual - prediction), (quantile - 1) * (actual - prediction));
  }
}
