package io.unroll.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A golden case from the class path: a model, its inputs and the training framework's outputs.
 * Everything is batch first here, whatever the file's layout. A missing case throws.
 */
public final class GoldenCase {
  /** Largest difference allowed: absolute, or relative to the expected value. */
  public static final double TOLERANCE = 1e-5;

  /** Cases whose model is {@code model.onnx} and whose outputs are plain arrays. */
  public static final List<String> STREAMABLE =
      List.of(
          "01-basic-rnn-cell",
          "02-relu-rnn-2layer-dense",
          "03-lstm-dense-every-step",
          "04-lstm-2layer-dropout-last-step-sigmoid",
          "05-gru-2layer-layernorm-softmax",
          "06-lstm-time-major-initial-state",
          "07-gru-skip-connection",
          "10-lstm-weights-computed-in-graph",
          "11-torch-default-exporter-lstm-2layer",
          "12-torch-default-exporter-gru-fixed-axes",
          "13-torch-default-exporter-gru-last-step",
          "14-one-step-graph-named-states",
          "15-keras-lstm-gru-dense",
          "16-keras-simplernn-relu-last-step",
          "17-tf1-basic-rnn-output-projection",
          "18-tf1-basic-lstm-last-step-softmax",
          "19-tf1-lstm-peepholes",
          "20-tf1-gru",
          "21-tf1-multi-rnn-projection");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final JsonNode json;

  private GoldenCase(String name, JsonNode json) {
    this.name = name;
    this.json = json;
  }

  /** The case in folder {@code golden/NAME}. */
  public static GoldenCase load(String name) {
    try {
      return new GoldenCase(name, JSON.readTree(bytes("golden/" + name + "/case.json")));
    } catch (IOException e) {
      throw new UncheckedIOException("golden case " + name, e);
    }
  }

  /** A file of the class path; throws when it is missing. */
  public static byte[] bytes(String resource) {
    try (InputStream in = GoldenCase.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException("no " + resource + " on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder's name. */
  public String name() {
    return name;
  }

  /**
   * {@code model.onnx} under the case's own name, with {@code model.onnx.data} and named states
   * where there are some.
   */
  public OnnxFile onnx() {
    return onnx("model");
  }

  /** {@code NAME.onnx} of the case: model, encoder or decoder. */
  public OnnxFile onnx(String file) {
    String path = "golden/" + name + "/" + file + ".onnx";
    Map<String, byte[]> external = new TreeMap<>();
    String data = path + ".data";
    if (GoldenCase.class.getClassLoader().getResource(data) != null) {
      external.put(file + ".onnx.data", bytes(data));
    }
    OnnxFile onnx = new OnnxFile(file.equals("model") ? name : file, bytes(path), external);
    Map<String, String> states = new TreeMap<>();
    json.path("state").properties().forEach(s -> states.put(s.getKey(), s.getValue().asText()));
    return states.isEmpty() ? onnx : onnx.withStates(states);
  }

  /** {@code model.onnx} as a network. */
  public RecurrentModel model() {
    try {
      return onnx().read();
    } catch (OnnxException e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    }
  }

  /** Whether the file has time in front of batch. */
  public boolean timeMajor() {
    return json.path("layout").asText().startsWith("time,batch");
  }

  /** Whether there is an output for every step; false: one vector per sample. */
  public boolean everyStep() {
    return json.path("every_step").asBoolean(true);
  }

  /** [batch][step][feature]. */
  public float[][][] input() {
    return batchFirst("input");
  }

  /** [batch][step][output]. */
  public float[][][] output() {
    return batchFirst("output");
  }

  /** [batch][output] of a case with one vector per sample. */
  public float[][] vectors() {
    return floats2(field("output"));
  }

  /** [batch]. */
  public int[] lengths() {
    JsonNode node = field("lengths");
    int[] lengths = new int[node.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = node.get(i).asInt();
    }
    return lengths;
  }

  /** [batch][step up to the sample's length][output]. */
  public float[][][] outputByLength() {
    return floats3(field("output_by_length"));
  }

  /** [batch][output] of a case with one vector per sample, each at its own length. */
  public float[][] vectorsByLength() {
    return floats2(field("output_by_length"));
  }

  /** Any three-dimensional array of the case, batch first. */
  public float[][][] batchFirst(String name) {
    float[][][] values = floats3(field(name));
    if (!timeMajor()) {
      return values;
    }
    float[][][] turned = new float[values[0].length][values.length][];
    for (int t = 0; t < values.length; t++) {
      for (int b = 0; b < values[t].length; b++) {
        turned[b][t] = values[t][b];
      }
    }
    return turned;
  }

  /** A field of case.json; throws when it is missing. */
  public JsonNode field(String name) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      throw new IllegalStateException("golden case " + this.name + " has no '" + name + "'");
    }
    return node;
  }

  public static float[] floats1(JsonNode node) {
    float[] values = new float[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.get(i).floatValue();
    }
    return values;
  }

  public static float[][] floats2(JsonNode node) {
    float[][] values = new float[node.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats1(node.get(i));
    }
    return values;
  }

  public static float[][][] floats3(JsonNode node) {
    float[][][] values = new float[node.size()][][];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats2(node.get(i));
    }
    return values;
  }

  /** Whether two values agree within the tolerance. */
  public static boolean close(float expected, float found) {
    double difference = Math.abs((double) expected - found);
    return difference <= TOLERANCE || difference <= TOLERANCE * Math.abs((double) expected);
  }

  @Override
  public String toString() {
    return name;
  }
}
