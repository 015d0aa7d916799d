package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.job.operator.Transform;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a pipeline against its model: how many features and outputs, and in which order where the
 * model names them (ONNX metadata {@code features} and {@code outputs}).
 *
 * <p>A feature is compared by its field's name, a nested one by its last name. JSON pointers and
 * Kafka parts are taken by place: that is how a record may call a feature otherwise than the model
 * does. So is a transformed field whose name the model does not have.
 */
public final class ModelCheck {
  private final Pipeline pipeline;
  private final String modelName;
  private final List<Problem> problems = new ArrayList<>();

  private ModelCheck(Pipeline pipeline, String modelName) {
    this.pipeline = pipeline;
    this.modelName = modelName;
  }

  /**
   * What in {@code pipeline} the model does not take, in line order; empty if it fits.
   *
   * @param modelName as messages call it
   * @param inputSize features per step
   * @param outputSize values per prediction
   * @param featureNames the model's own, empty when it names none
   * @param outputNames the model's own, empty when it names none
   */
  public static List<Problem> check(
      Pipeline pipeline,
      String modelName,
      int inputSize,
      int outputSize,
      List<String> featureNames,
      List<String> outputNames) {
    ModelCheck check = new ModelCheck(pipeline, modelName);
    check.features(inputSize, featureNames);
    check.outputs(outputSize, outputNames);
    return check.problems.stream().sorted(Findings.LINE_ORDER).toList();
  }

  /**
   * The names of a prediction's values: the pipeline's, else the model's own, else y0, y1, ....
   *
   * @param outputSize values per prediction
   * @param outputNames the model's own, empty when it names none
   */
  public static List<String> outputNames(
      Pipeline pipeline, int outputSize, List<String> outputNames) {
    if (!pipeline.model().outputs().isEmpty()) {
      return pipeline.model().outputs();
    }
    if (outputNames.size() == outputSize) {
      return List.copyOf(outputNames);
    }
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < outputSize; i++) {
      numbered.add("y" + i);
    }
    return List.copyOf(numbered);
  }

  private void features(int inputSize, List<String> names) {
    String key = "observation.features";
    List<FeatureField> features = pipeline.observation().features();
    if (features.size() != inputSize) {
      problem(
          key,
          "found "
              + count(features.size(), "feature")
              + ", expected "
              + inputSize
              + ", which model "
              + modelName
              + " takes"
              + (names.size() == inputSize ? ": " + String.join(", ", names) : ""));
      return;
    }
    if (names.size() != inputSize) {
      return;
    }
    List<String> ours = features.stream().map(f -> lastName(f.field())).toList();
    for (int i = 0; i < inputSize; i++) {
      String expected = names.get(i);
      String text = features.get(i).field().text();
      boolean byName = features.get(i).field().origin() == Origin.VALUE;
      if (!byName || text.equals(expected) || ours.get(i).equals(expected)) {
        continue;
      }
      boolean elsewhere = ours.contains(expected) || names.contains(ours.get(i));
      if (elsewhere || features.get(i).transform().kind() == Transform.Kind.NONE) {
        problem(
            key + "[" + i + "]",
            "found "
                + Found.quoted(text)
                + ", expected "
                + Found.quoted(expected)
                + ", which model "
                + modelName
                + " takes there: "
                + String.join(", ", names));
      }
    }
  }

  private static String lastName(FieldPath field) {
    List<String> names = field.names();
    return names.isEmpty() ? field.text() : names.get(names.size() - 1);
  }

  private void outputs(int outputSize, List<String> names) {
    String key = "model.outputs";
    List<String> ours = pipeline.model().outputs();
    if (ours.isEmpty()) {
      return;
    }
    if (ours.size() != outputSize) {
      problem(
          key,
          "found "
              + count(ours.size(), "name")
              + ", expected "
              + outputSize
              + ", which model "
              + modelName
              + " gives"
              + (names.size() == outputSize ? ": " + String.join(", ", names) : ""));
      return;
    }
    if (names.size() != outputSize) {
      return;
    }
    for (int i = 0; i < outputSize; i++) {
      // Another name is the pipeline's right; the model's own name in another place is a slip.
      if (!ours.get(i).equals(names.get(i))
          && (names.contains(ours.get(i)) || ours.contains(names.get(i)))) {
        problem(
            key + "[" + i + "]",
            "found "
                + Found.quoted(ours.get(i))
                + ", expected "
                + Found.quoted(names.get(i))
                + ", which model "
                + modelName
                + " gives there: "
                + String.join(", ", names));
      }
    }
  }

  private static String count(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private void problem(String key, String text) {
    problems.add(pipeline.positions().problem(key, text));
  }
}
