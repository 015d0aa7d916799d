package io.unroll.job.describe;

import java.util.List;

/** The keys at the top of a pipeline. */
public final class RootKeys {
  private static final String NAME_EXPECTED =
      "a name of 1 to 100 letters, digits, '.', '_' and '-'";
  private static final String MAP = "map";

  private static final Keys KEYS = new Keys("");

  /** The version of the file's grammar. */
  public static final Key<String> VERSION =
      KEYS.required("version", Type.shape("1"), "1", "The version of this file's grammar");

  /** What the pipeline is called. */
  public static final Key<String> NAME =
      KEYS.required(
          "name",
          Type.text(NAME_EXPECTED),
          NAME_EXPECTED,
          "The pipeline's name, unique per Kafka cluster. Job name, uids and"
              + " transactional ids begin with it. Letters, digits, '.', '_' and '-'");

  /** What every Kafka client takes. */
  public static final Key<String> KAFKA =
      KEYS.key("kafka", Type.shape(MAP), "Kafka client properties for every source and sink");

  /** Where observations come from. */
  public static final Key<String> SOURCE =
      KEYS.required(
          "source",
          Type.shape(MAP),
          "a map with kafka: {topics, group.id} or file: {path}",
          "Where observations come from: give kafka or file");

  /** What is read from a record. */
  public static final Key<String> OBSERVATION =
      KEYS.required(
          "observation",
          Type.shape(MAP),
          "a map with series, timestamp, features",
          "What is read from each record");

  /** Where a sequence ends. */
  public static final Key<String> SEQUENCE =
      KEYS.key(
          "sequence", Type.shape(MAP), "What ends a sequence besides its markers, and its order");

  /** The trained model. */
  public static final Key<String> MODEL =
      KEYS.required("model", Type.shape(MAP), "a map with onnx", "The trained model");

  /** How many series advance together. */
  public static final Key<String> BATCH =
      KEYS.key("batch", Type.shape(MAP), "How many series advance together");

  /** How state is kept. */
  public static final Key<String> STATE = KEYS.key("state", Type.shape(MAP), "How state is kept");

  /** When predictions go out. */
  public static final Key<String> EMIT =
      KEYS.inWords("emit", Type.shape(MAP), "{on: step}", "When a prediction is emitted");

  /** What outputs are held against. */
  public static final Key<List<DescribedEvaluation>> EVALUATE =
      KEYS.key(
          "evaluate",
          Type.shape("map or list"),
          "Outputs that are compared with what comes true; needs sequence.keep-series-for");

  /** Where outputs go. */
  public static final Key<String> SINK =
      KEYS.required(
          "sink",
          Type.shape(MAP),
          "a map with predictions: {kafka: {topic} or file: {path}}",
          "Where outputs go");

  /** Flink's own options. */
  public static final Key<String> FLINK = KEYS.key("flink", Type.shape(MAP), "Flink options");

  private RootKeys() {}

  /** The map that this class declares. */
  public static List<Keys> sections() {
    return List.of(KEYS);
  }
}
