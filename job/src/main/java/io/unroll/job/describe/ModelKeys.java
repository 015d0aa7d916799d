package io.unroll.job.describe;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code model}: the trained model, where it starts from, and what its outputs mean. */
public final class ModelKeys {
  private static final String OUTPUT_NAME = "the name of one of the model's outputs";
  private static final String ONNX_FILE = "the path of an ONNX file";

  /** The kernel that is the fastest of this JVM. */
  public static final String AUTO = "auto";

  private static final Keys KEYS = new Keys("model");
  private static final Keys STATES_KEYS = new Keys("model.states");
  private static final Keys INITIAL_STATE_KEYS = new Keys("model.initial-state");
  private static final Keys OUTPUT_KEYS = new Keys("model.outputs[]");
  private static final Keys OUTPUTS_KEYS = new Keys("model.outputs");

  /** The file that reads the observations. */
  public static final Key<Path> ONNX =
      KEYS.required(
          "onnx",
          new Type.File(),
          ONNX_FILE,
          "The model's file, relative to the pipeline file. With a decoder it is the"
              + " same as encoder; leave it out if each observation is decoded by itself");

  /** The same beside a decoder. */
  public static final Key<Path> ENCODER =
      KEYS.key(
          "encoder",
          new Type.File(),
          "The network that reads the observations; a decoder goes on from its state");

  /**
   * A network that runs on its own output: true where it is alone, and each observation is a
   * sequence of its own.
   */
  public static final Key<Boolean> DECODER =
      KEYS.key(
          "decoder",
          Type.shape("map"),
          "A network that runs on its own output when a prediction is emitted: at the"
              + " end of a sequence (delayed), or with emit.on: step (a rolling forecast)."
              + " Without an encoder it runs for each observation by itself");

  /** The graph's output that is followed. */
  public static final Key<String> FOLLOW =
      KEYS.key(
          "follow", Type.text(OUTPUT_NAME), "The graph output that is followed; else the first");

  /** Each state's input to the output that is its next value. */
  public static final Key<Map<String, String>> STATES =
      KEYS.key(
          "states",
          Type.shape("map"),
          "For a graph over one step: each state's input, and the output that is its next value");

  /** Each of them. */
  public static final Key<String> STATE_OUTPUT =
      STATES_KEYS.key("*", Type.text(OUTPUT_NAME), "The output, under the name of the input");

  /** Whether it is served though its layers run along another axis than time. */
  public static final Key<Boolean> STATEFUL =
      KEYS.standard(
          "stateful",
          Type.flag(),
          false,
          "Serves a model whose layers, as the file says, run along another axis than"
              + " time. They then keep their state along the stream; inspect says what"
              + " differs");

  /** What a sequence starts from: true for zeros, false for what the model says. */
  public static final Key<Boolean> INITIAL_STATE =
      KEYS.inWords(
          "initial-state",
          Type.shape("model, zero or map"),
          "model",
          "The state that a sequence starts from: the model's own (zero in most"
              + " models), zero, or numbers. With a decoder it is the encoder's");

  /** The numbers of states that a sequence starts from, by their names. */
  public static final Key<Map<String, List<Float>>> INITIAL_STATES =
      INITIAL_STATE_KEYS.key(
          "*",
          Type.shape("list"),
          "The numbers of a state, under its name as inspect prints it. Other states"
              + " keep the model's");

  /** Names of the outputs, in the model's order. */
  public static final Key<List<String>> OUTPUTS =
      KEYS.key(
          "outputs",
          Type.shape("list or map"),
          "Names of the outputs, in the model's order. Without it the model's own"
              + " names, else y0, y1, ... With a decoder they are its outputs");

  /** One name, where more is said of an output. */
  public static final Key<String> OUTPUT_CALLED =
      OUTPUT_KEYS.required(
          "name",
          Type.text("the output's name"),
          "the output's name",
          "The output's name, as when the name stands alone");

  /** Outputs in the unit of a feature: each to the feature, by their names. */
  public static final Key<Map<String, String>> UNSCALE =
      OUTPUT_KEYS.key(
          "unscale",
          Type.shape("text"),
          "A feature, by its field or last name. Its scale and transform are undone in"
              + " this output");

  /** The quantiles that outputs predict, by their names. */
  public static final Key<Map<String, Double>> QUANTILE =
      OUTPUT_KEYS.key(
          "quantile",
          Type.shape("number"),
          "The quantile that this output predicts, between 0 and 1. Evaluations name it");

  /** True where the names are labels, of which a prediction tells one. */
  public static final Key<Boolean> LABELS =
      OUTPUTS_KEYS.key(
          "labels",
          Type.shape("list"),
          "One label per output or token. The label of the largest one is emitted, with its score");

  /** The arithmetic of every slot. */
  public static final Key<String> KERNEL =
      KEYS.standard(
          "kernel",
          new Type.Text("auto or a name", "auto or the name of a kernel"),
          AUTO,
          "The arithmetic that every slot uses; auto: the fastest one of the JVM that"
              + " submits the job");

  private ModelKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(KEYS, STATES_KEYS, INITIAL_STATE_KEYS, OUTPUT_KEYS, OUTPUTS_KEYS);
  }
}
