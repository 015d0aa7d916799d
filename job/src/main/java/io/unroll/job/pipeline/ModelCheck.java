package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.job.operator.Transform;
import io.unroll.model.RecurrentModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a pipeline against its model: how many features and outputs, and in which order where the
 * model names them (ONNX metadata {@code features} and {@code outputs}).
 *
 * <p>A feature is compared by its field's name, a nested one by its last name. JSON pointers and
 * Kafka parts are taken by place: that is how a record may call a feature otherwise than the model
 * does. So is a transformed field whose name the model does not have.
 */
public final class ModelCheck {
  private final Findings findings;
  private final ModelFacts model;

  private ModelCheck(Findings findings, ModelFacts model) {
    this.findings = findings;
    this.model = model;
  }

  /**
   * Reports what the model does not take.
   *
   * @param features null if they are wrong in themselves
   * @param window null if there is none, or a wrong one
   */
  static void check(
      Findings findings,
      @Nullable List<FeatureField> features,
      List<String> outputs,
      @Nullable Long window,
      ModelFacts model) {
    ModelCheck check = new ModelCheck(findings, model);
    if (features != null) {
      check.features(features);
    }
    check.outputs(outputs);
    int longest = RecurrentModel.longestWindow(model.inputSize());
    if (window != null && window > longest) {
      findings.mistake(
          "sequence.window",
          "found %d, expected 1 to %d for the %d inputs per step of model %s"
              .formatted(window, longest, model.inputSize(), model.name()));
    }
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

  private void features(List<FeatureField> features) {
    String key = "observation.features";
    int inputSize = model.inputSize();
    List<String> names = model.featureNames();
    if (features.size() != inputSize) {
      findings.mistake(
          key,
          "found "
              + count(features.size(), "feature")
              + ", expected "
              + inputSize
              + ", which model "
              + model.name()
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
        findings.mistake(
            key + "[" + i + "]",
            "found "
                + Found.quoted(text)
                + ", expected "
                + Found.quoted(expected)
                + ", which model "
                + model.name()
                + " takes there: "
                + String.join(", ", names));
      }
    }
  }

  private static String lastName(FieldPath field) {
    List<String> names = field.names();
    return names.isEmpty() ? field.text() : names.get(names.size() - 1);
  }

  private void outputs(List<String> ours) {
    String key = "model.outputs";
    int outputSize = model.outputSize();
    List<String> names = model.outputNames();
    if (ours.isEmpty()) {
      return;
    }
    if (ours.size() != outputSize) {
      findings.mistake(
          key,
          "found "
              + count(ours.size(), "name")
              + ", expected "
              + outputSize
              + ", which model "
              + model.name()
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
        findings.mistake(
            key + "[" + i + "]",
            "found "
                + Found.quoted(ours.get(i))
                + ", expected "
                + Found.quoted(names.get(i))
                + ", which model "
                + model.name()
                + " gives there: "
                + String.join(", ", names));
      }
    }
  }

  private static String count(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
