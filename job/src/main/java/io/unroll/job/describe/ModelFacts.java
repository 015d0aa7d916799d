package io.unroll.job.describe;

import io.unroll.job.life.Feature;
import io.unroll.model.RecurrentModel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pipeline must know of its model.
 *
 * @param name as messages call it
 * @param inputSize features per step
 * @param outputSize values per prediction
 * @param featureNames the model's own (ONNX metadata {@code features}), empty when it names none
 * @param outputNames the model's own (ONNX metadata {@code outputs}), empty when it names none
 */
public record ModelFacts(
    String name,
    int inputSize,
    int outputSize,
    List<String> featureNames,
    List<String> outputNames) {

  /** What a pipeline must know of a network. */
  public static ModelFacts of(RecurrentModel model) {
    return new ModelFacts(
        model.name(),
        model.inputSize(),
        model.outputSize(),
        model.featureNames(),
        model.outputNames());
  }

  /** The names of its outputs where nobody has named them: its own, else y0, y1, .... */
  public List<String> ownNames() {
    if (outputNames.size() == outputSize) {
      return List.copyOf(outputNames);
    }
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < outputSize; i++) {
      numbered.add("y" + i);
    }
    return List.copyOf(numbered);
  }

  /**
   * The names of a prediction's values, where this is the network that predicts: the pipeline's,
   * else its own, else y0, y1, ....
   */
  public List<String> predictionNames(Description description) {
    List<String> names = description.get(ModelKeys.OUTPUTS);
    return names == null || names.isEmpty() ? ownNames() : names;
  }

  /**
   * The names of its outputs, where this is what reads the observations: those of a prediction, and
   * before a decoder its own.
   */
  List<String> readingNames(Description description) {
    return description.says(ModelKeys.DECODER) ? ownNames() : predictionNames(description);
  }

  /** Its first inputs as features, where nobody has named any: by its names, else x0, x1, .... */
  public List<DescribedFeature> features(int inputs) {
    List<DescribedFeature> features = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      String own = i < featureNames.size() ? featureNames.get(i) : "x" + i;
      features.add(DescribedFeature.of(Feature.raw(own)));
    }
    return features;
  }

  /**
   * Reports names of its first inputs that are no names of features, each its own.
   *
   * @param inputs that {@link #features} is to name
   */
  public void checkNames(int inputs, Complaints complaints) {
    List<DescribedFeature> features = features(inputs);
    for (int i = 0; i < features.size(); i++) {
      int first = features.indexOf(features.get(i));
      if (first < i) {
        String own = features.get(i).name();
        complaints.mistake(
            ObservationKeys.FEATURES.path(),
            "found none, and in the metadata of model "
                + name
                + " inputs ["
                + first
                + "] and ["
                + i
                + "] "
                + (own.isBlank() ? "have no name" : "are both " + Found.quoted(own))
                + ", expected a name of its own for each input: name them all in the pipeline, in"
                + " the model's order (from Java with feature), or in the model");
        return;
      }
    }
  }

  /** The same of a network that is fed fewer inputs from outside. */
  ModelFacts fed(int inputs) {
    int fed = Math.max(0, inputs);
    return new ModelFacts(
        name,
        fed,
        outputSize,
        featureNames.size() == inputSize ? featureNames.subList(0, fed) : List.of(),
        outputNames);
  }
}
