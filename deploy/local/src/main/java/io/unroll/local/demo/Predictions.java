package io.unroll.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Predictions as the job wrote them.
 *
 * @param bySeries series to timestamp of the last observation seen to outputs
 */
record Predictions(Map<String, Map<Long, double[]>> bySeries) {

  /**
   * Reads part files.
   *
   * @throws IOException also if two predictions are of the same observation
   */
  static Predictions read(List<Path> parts, String... outputs) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, Map<Long, double[]>> bySeries = new HashMap<>();
    for (Path part : parts) {
      for (String line : Files.readAllLines(part)) {
        JsonNode node = json.readTree(line);
        double[] values = new double[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
          values[i] = node.get("output").get(outputs[i]).doubleValue();
        }
        double[] twice =
            bySeries
                .computeIfAbsent(node.get("series").textValue(), s -> new HashMap<>())
                .put(node.get("timestamp").longValue(), values);
        if (twice != null) {
          throw new IOException("two predictions of one observation: " + line);
        }
      }
    }
    return new Predictions(bySeries);
  }

  Map<Long, double[]> of(String series) {
    return bySeries.getOrDefault(series, Map.of());
  }

  int count(String series) {
    return of(series).size();
  }
}
