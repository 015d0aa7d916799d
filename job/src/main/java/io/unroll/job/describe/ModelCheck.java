package io.unroll.job.describe;

import io.unroll.model.RecurrentModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a description against its networks: how many features and outputs, and in which order where
 * the model names them (ONNX metadata {@code features} and {@code outputs}); windows, gaps, initial
 * states, the decoder.
 */
final class ModelCheck {
  private final Description description;
  private final Complaints complaints;
  private final Networks networks;
  private final @Nullable List<DescribedFeature> features;

  ModelCheck(Description description, Complaints complaints, Networks networks) {
    this.description = description;
    this.complaints = complaints;
    this.networks = networks;
    this.features = Checks.features(description, complaints);
  }

  void check() {
    ModelFacts reading = networks.reading();
    boolean decodes = description.says(ModelKeys.DECODER);
    boolean alone = Checks.isAlone(description);
    if (reading != null && !alone) {
      if (features != null) {
        new FeatureCheck(complaints, features).against(reading);
      }
      if (!decodes && !complaints.isWrong(ModelKeys.DECODER.path())) {
        predicts(reading);
      }
      window(reading);
      if (decodes || !complaints.isWrong(ModelKeys.OUTPUTS.path())) {
        gap(reading);
      }
    }
    RecurrentModel model = networks.model();
    if (reading != null && model != null) {
      initialState(model);
    }
    RecurrentModel network = alone ? model : networks.decoder();
    if (decodes && network != null && !(alone && reading == null)) {
      decoder(network, alone);
    }
  }

  /** What predicts: its outputs are those of the pipeline. */
  private void predicts(ModelFacts last) {
    new OutputCheck(description, complaints).against(last);
    List<DescribedEvaluation> evaluations = description.get(RootKeys.EVALUATE);
    if (evaluations != null) {
      new EvaluateCheck(description, complaints, evaluations).against(last);
    }
  }

  private void decoder(RecurrentModel network, boolean alone) {
    ModelFacts facts = ModelFacts.of(network);
    predicts(facts);
    DecoderCheck check = new DecoderCheck(description, complaints);
    if (alone && features != null && Decoders.beginsWithInput(description)) {
      int fed = facts.inputSize() - Decoders.extra(description);
      new FeatureCheck(complaints, features).against(facts.fed(fed));
    }
    List<String> outputs =
        complaints.isWrong(ModelKeys.OUTPUTS.path()) ? null : facts.predictionNames(description);
    boolean served =
        !alone && networks.reading() != null && !complaints.isWrong(SequenceKeys.WINDOW.path());
    check.against(network, features, outputs, served ? served(networks.model()) : null);
  }

  private @Nullable RecurrentModel served(@Nullable RecurrentModel model) {
    Long window = description.get(SequenceKeys.WINDOW);
    return model == null || window == null ? model : model.window(Math.toIntExact(window));
  }

  private void window(ModelFacts model) {
    Long window = description.get(SequenceKeys.WINDOW);
    int longest = RecurrentModel.longestWindow(model.inputSize());
    String key = SequenceKeys.WINDOW.path();
    if (window != null && window > longest && !complaints.isWrong(key)) {
      complaints.mistake(
          key,
          "found %d, expected 1 to %d for the %d inputs per step of model %s"
              .formatted(window, longest, model.inputSize(), model.name()));
    }
  }

  /** Whether the outputs that are fed back are there. */
  private void gap(ModelFacts model) {
    @Nullable Map<String, String> feedback = description.get(GapKeys.FEEDBACK);
    if (feedback == null || complaints.isWrong(SequenceKeys.GAP.path())) {
      return;
    }
    List<String> outputs = model.readingNames(description);
    feedback.forEach(
        (feature, output) -> {
          if (!outputs.contains(output)) {
            complaints.mistake(
                GapKeys.FEEDBACK.path() + "." + Found.oneLine(feature),
                "found "
                    + Found.quoted(output)
                    + ", expected an output of model "
                    + model.name()
                    + ", "
                    + Found.oneOf(outputs)
                    + Found.didYouMean(Spelling.closest(output, outputs)));
          }
        });
  }

  /** Whether the states that are given numbers are there, and of that length. */
  private void initialState(RecurrentModel model) {
    String key = ModelKeys.INITIAL_STATE.path();
    @Nullable Map<String, List<Float>> states = description.get(ModelKeys.INITIAL_STATES);
    if (states == null || complaints.isWrong(key)) {
      return;
    }
    Set<String> names = model.startNames();
    states.forEach(
        (name, numbers) -> {
          String path = key + "." + Found.oneLine(name);
          if (names.contains(name)) {
            fits(path, model, Map.of(name, numbers));
          } else {
            complaints.mistake(
                path,
                "found "
                    + Found.quoted(name)
                    + ", expected a state of model "
                    + model.name()
                    + ", "
                    + Found.oneOf(names)
                    + Found.didYouMean(Spelling.closest(name, names)));
          }
        });
    if (!complaints.isWrong(key)) {
      fits(key, model, states);
    }
  }

  private void fits(String key, RecurrentModel model, Map<String, List<Float>> states) {
    try {
      model.startingAt(initialState(model, states)); // says what is not finite
    } catch (IllegalArgumentException e) {
      complaints.mistake(key, Found.reason(e));
    }
  }

  /**
   * The numbers in the order of the model's state layout.
   *
   * @throws IllegalArgumentException when the model has no such state, or one of another length
   */
  static float[] initialState(RecurrentModel model, Map<String, List<Float>> states) {
    Map<String, float[]> values = new LinkedHashMap<>();
    states.forEach(
        (name, numbers) -> {
          float[] floats = new float[numbers.size()];
          for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i);
          }
          values.put(name, floats);
        });
    return model.initialState(values);
  }
}
