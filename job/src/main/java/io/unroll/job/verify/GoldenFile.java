package io.unroll.job.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.unroll.connectors.file.OrdinaryFile;
import io.unroll.model.RecurrentModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A golden case as one JSON object: what a training framework computed for a batch.
 *
 * <pre>
 * layout            batch,time,feature (default) or time,batch,feature
 * input             [batch][time][feature]; or vector [batch][feature] and steps: the vector, then zeros
 * output            [batch][time][output], or [batch][output] of the last step
 * lengths           [batch]; with output_by_length, as output, each sample up to its length
 * state             each state's input to the output that is its next value
 * h0, c0            [layer][batch][neuron]; or a state under its own name, [batch][value]
 * </pre>
 */
public final class GoldenFile {
  /** Fields that are read; every_step is what the shape of output says. */
  private static final Set<String> READ =
      Set.of(
          "note",
          "layout",
          "input",
          "vector",
          "steps",
          "output",
          "lengths",
          "output_by_length",
          "every_step",
          "state",
          "h0",
          "c0");

  /** Python writes NaN and Infinity, which JSON does not know. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final Path file;
  private final JsonNode json;

  private GoldenFile(Path file, JsonNode json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads a file.
   *
   * @throws UnfitException if it is no JSON object
   */
  public static GoldenFile read(Path file) throws IOException, UnfitException {
    String other = OrdinaryFile.otherwise(file);
    if (other != null) {
      throw new UnfitException(file + ": found " + other + ", expected a golden case as JSON");
    }
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file));
      if (!json.isObject()) {
        throw new UnfitException(file + ": found no JSON object, expected a golden case");
      }
      return new GoldenFile(file, json);
    } catch (JsonProcessingException e) {
      throw new UnfitException(
          "%s:%d:%d: not JSON: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    }
  }

  /**
   * The states that a graph over one step is read with: input to output; empty for other graphs.
   */
  public Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    json.path("state").properties().forEach(s -> states.put(s.getKey(), s.getValue().asText()));
    return states;
  }

  /**
   * What the file holds for a model.
   *
   * @throws UnfitException if it cannot be streamed, or its shapes are not the model's
   */
  public GoldenCase against(RecurrentModel model) throws UnfitException {
    return GoldenCase.of(this, model);
  }

  /** Fields that nothing is made of. */
  List<String> unread(RecurrentModel model) {
    List<String> unread = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String name = field.getKey();
      boolean slot = model.stateLayout().slots().stream().anyMatch(s -> s.name().equals(name));
      if (!READ.contains(name) && !slot) {
        unread.add(name);
      }
    }
    return unread;
  }

  boolean has(String field) {
    return json.has(field);
  }

  JsonNode get(String field) {
    return json.path(field);
  }

  Path path() {
    return file;
  }

  List<String> fields() {
    return json.properties().stream().map(Map.Entry::getKey).toList();
  }

  boolean timeMajor() throws UnfitException {
    String layout = json.path("layout").asText("batch,time,feature");
    return switch (layout) {
      case "batch,time,feature" -> false;
      case "time,batch,feature" -> true;
      default ->
          throw unfit(
              "layout: found '"
                  + layout
                  + "', expected batch,time,feature or time,batch,feature: others are not streamed");
    };
  }

  /** How deep a field's lists are. */
  int depth(String field) {
    int depth = 0;
    for (JsonNode node = json.path(field); node.isArray(); node = node.path(0)) {
      depth++;
    }
    return depth;
  }

  /** A list of lists of lists of numbers, the innermost of that width. */
  float[][][] block(String field, int width) throws UnfitException {
    JsonNode node = list(json.path(field), field);
    float[][][] block = new float[node.size()][][];
    for (int i = 0; i < block.length; i++) {
      block[i] = rows(node.get(i), field + "[" + i + "]", width);
    }
    return block;
  }

  /** A list of lists of numbers, the inner ones of that width. */
  float[][] rows(JsonNode given, String where, int width) throws UnfitException {
    JsonNode node = list(given, where);
    float[][] rows = new float[node.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(node.get(i), where + "[" + i + "]", width);
    }
    return rows;
  }

  private float[] row(JsonNode given, String where, int width) throws UnfitException {
    JsonNode node = list(given, where);
    if (node.size() != width) {
      throw unfit(where + ": found " + node.size() + " values, expected " + width);
    }
    float[] row = new float[width];
    for (int i = 0; i < width; i++) {
      JsonNode value = node.get(i);
      if (!value.isNumber()) {
        throw unfit(where + "[" + i + "]: found " + value + ", expected a number");
      }
      row[i] = (float) value.doubleValue();
    }
    return row;
  }

  private JsonNode list(JsonNode node, String where) throws UnfitException {
    if (!node.isArray()) {
      throw unfit(
          where
              + ": found "
              + (node.isMissingNode() ? "nothing" : node.getNodeType())
              + ", expected a list");
    }
    return node;
  }

  UnfitException unfit(String what) {
    return new UnfitException(file + ": " + what);
  }
}
