package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DecoderRules.First;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a pipeline against its model: how many features and outputs, and in which order where the
 * model names them (ONNX metadata {@code features} and {@code outputs}).
 *
 * <p>A feature is compared by its field's name, a nested one by its last name, or by what the
 * pipeline says that it is (as), see {@link FeatureNames}.
 */
public final class ModelCheck {
  private static final String ONNX = "model.onnx";

  private final Findings findings;
  private final ModelFacts model;

  private ModelCheck(Findings findings, ModelFacts model) {
    this.findings = findings;
    this.model = model;
  }

  /**
   * Reads the models that a pipeline names and reports what does not fit them. The models' own
   * mistakes stand beside the file's: all are reported at once.
   *
   * @param observation null if it is wrong in itself
   */
  static void check(
      Findings findings,
      ModelFacts.Reader models,
      Pipeline.Model model,
      Pipeline.@Nullable Observation observation,
      Pipeline.Sequence sequence,
      Pipeline.Evaluations evaluations) {
    List<FeatureField> features =
        observation == null || findings.isWrong("observation.features")
            ? null
            : observation.features();
    Pipeline.Decoder decoder = model.decoder();
    ModelFacts read = read(findings, models, model);
    if (read != null && (decoder == null || !decoder.alone())) {
      ModelCheck check = new ModelCheck(findings, read);
      if (features != null) {
        check.features(features);
      }
      if (decoder == null && !findings.isWrong("model.decoder")) {
        check.outputs(model);
        check.evaluations(evaluations, model);
      }
      check.window(sequence.window());
      if (decoder != null || !findings.isWrong("model.outputs")) {
        check.gap(sequence.gap(), model);
      }
    }
    RecurrentModel stateful = models.model();
    if (read != null && stateful != null && model.initialState() != null) {
      initialState(findings, stateful, model.initialState());
    }
    if (decoder == null) {
      return;
    }
    RecurrentModel network = decoder.alone() ? models.model() : decoder(findings, models, model);
    if (network == null || (decoder.alone() && read == null)) {
      return;
    }
    ModelFacts facts = ModelFacts.of(network);
    ModelCheck last = new ModelCheck(findings, facts);
    last.outputs(model);
    last.evaluations(evaluations, model);
    if (decoder.alone() && features != null && decoder.first() instanceof First.Input) {
      new ModelCheck(findings, fed(facts, decoder)).features(features);
    }
    DecoderCheck.check(
        findings,
        decoder,
        network,
        features,
        findings.isWrong("model.outputs")
            ? null
            : outputNames(model, facts.outputSize(), facts.outputNames()),
        decoder.alone() || read == null || findings.isWrong("sequence.window")
            ? null
            : served(models.model(), sequence.window()));
  }

  /** Whether the states that are given numbers are there, and of that length. */
  private static void initialState(
      Findings findings, RecurrentModel model, Pipeline.InitialState state) {
    String key = "model.initial-state";
    if (!(state instanceof Pipeline.InitialState.Named named) || findings.isWrong(key)) {
      return;
    }
    named
        .values()
        .forEach(
            (name, numbers) -> {
              Set<String> names = model.startNames();
              if (!names.contains(name)) {
                findings.mistake(
                    key + "." + Found.oneLine(name),
                    "found "
                        + Found.quoted(name)
                        + ", expected a state of model "
                        + model.name()
                        + ", "
                        + Found.oneOf(names)
                        + Found.didYouMean(Spelling.closest(name, names)));
              } else {
                fits(findings, key + "." + Found.oneLine(name), model, Map.of(name, numbers));
              }
            });
    if (!findings.isWrong(key)) {
      fits(findings, key, model, named.values());
    }
  }

  private static void fits(
      Findings findings, String key, RecurrentModel model, Map<String, List<Float>> states) {
    try {
      new Pipeline.InitialState.Named(states).of(model);
    } catch (IllegalArgumentException e) {
      findings.mistake(key, Found.reason(e));
    }
  }

  /** Whether the outputs that are held against something are there; the file's own names are. */
  private void evaluations(Pipeline.Evaluations evaluations, Pipeline.Model pipeline) {
    if (!pipeline.outputs().isEmpty()
        || findings.isWrong("model.outputs")
        || findings.isWrong(EvaluateSection.KEY)) {
      return;
    }
    List<String> outputs = ownNames(model.outputSize(), model.outputNames());
    for (int i = 0; i < evaluations.rules().size(); i++) {
      String output = evaluations.rules().get(i).output();
      if (!outputs.contains(output)) {
        String item = EvaluateSection.KEY + "[" + i + "]";
        findings.mistake(
            (findings.isPlaced(item) ? item : EvaluateSection.KEY) + ".output",
            EvaluateSection.unknown(output, outputs));
      }
    }
  }

  /** The facts of what reads the observations; null if it cannot, which has been reported. */
  private static @Nullable ModelFacts read(
      Findings findings, ModelFacts.Reader models, Pipeline.Model model) {
    String key =
        model.decoder() != null && model.decoder().alone()
            ? "model.decoder.onnx"
            : findings.isPlaced("model.encoder") ? "model.encoder" : ONNX;
    if (findings.isWrong(key)
        || findings.isWrong("model.output")
        || findings.isWrong("model.state")) {
      return null;
    }
    try {
      return models.read(model);
    } catch (ModelFacts.RefusedException refused) {
      refused(findings, refused.key().equals(ONNX) ? key : refused.key(), refused);
      return null;
    }
  }

  private static @Nullable RecurrentModel decoder(
      Findings findings, ModelFacts.Reader models, Pipeline.Model model) {
    Pipeline.Decoder decoder = model.decoder();
    if (decoder == null || findings.isWrong("model.decoder.onnx")) {
      return null;
    }
    try {
      return models.readDecoder(decoder, model.kernel());
    } catch (ModelFacts.RefusedException refused) {
      refused(findings, refused.key(), refused);
      return null;
    }
  }

  private static void refused(Findings findings, String key, ModelFacts.RefusedException refused) {
    findings.mistake(key, "found a model that cannot be streamed: " + refused.getMessage());
  }

  /** What the features are to be where a decoder begins with them. */
  private static ModelFacts fed(ModelFacts network, Pipeline.Decoder decoder) {
    int fed = Math.max(0, network.inputSize() - decoder.extra());
    List<String> names = network.featureNames();
    return new ModelFacts(
        network.name(),
        fed,
        network.outputSize(),
        names.size() == network.inputSize() ? names.subList(0, fed) : List.of(),
        network.outputNames());
  }

  private static @Nullable RecurrentModel served(
      @Nullable RecurrentModel model, @Nullable Long window) {
    return model == null || window == null ? model : model.window(Math.toIntExact(window));
  }

  private void window(@Nullable Long window) {
    int longest = RecurrentModel.longestWindow(model.inputSize());
    if (window != null && window > longest) {
      findings.mistake(
          "sequence.window",
          "found %d, expected 1 to %d for the %d inputs per step of model %s"
              .formatted(window, longest, model.inputSize(), model.name()));
    }
  }

  /**
   * The names of a network's outputs that nobody has named: its own, else y0, y1, ....
   *
   * @param outputSize values that it gives
   * @param outputNames its own, empty when it names none
   */
  public static List<String> ownNames(int outputSize, List<String> outputNames) {
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
   * The names of a prediction's values: the pipeline's, else the model's own, else y0, y1, ....
   *
   * @param model as the pipeline names it
   * @param outputSize values per prediction
   * @param outputNames the model's own, empty when it names none
   */
  public static List<String> outputNames(
      Pipeline.Model model, int outputSize, List<String> outputNames) {
    if (!model.outputs().isEmpty()) {
      return model.outputs();
    }
    return ownNames(outputSize, outputNames);
  }

  /**
   * The names of the outputs of what reads the observations: those of a prediction, and before a
   * decoder the model's own, else y0, y1, ....
   *
   * @param model as the pipeline names it
   * @param outputSize values that it gives
   * @param outputNames the model's own, empty when it names none
   */
  public static List<String> readingNames(
      Pipeline.Model model, int outputSize, List<String> outputNames) {
    return model.decoder() == null
        ? outputNames(model, outputSize, outputNames)
        : ownNames(outputSize, outputNames);
  }

  private void features(List<FeatureField> features) {
    String key = "observation.features";
    int inputSize = model.inputSize();
    List<String> names = model.featureNames();
    if (FeatureField.inputs(features) != inputSize) {
      findings.mistake(
          key,
          "found "
              + FeatureField.count(features)
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
    for (FeatureNames.Difference difference : FeatureNames.inPipeline(features, names)) {
      FeatureField feature = features.get(difference.feature());
      findings.mistake(
          key + "[" + difference.feature() + "]" + (feature.as() == null ? "" : ".as"),
          difference.text(model.name(), names)
              + (difference.elsewhere()
                  ? ""
                  : "; if it is that, say so: {field: "
                      + feature.field()
                      + ", as: "
                      + difference.expected()
                      + "}"));
    }
  }

  /**
   * Whether the outputs that are fed back are there.
   *
   * @param pipeline as the file names the model
   */
  private void gap(Pipeline.@Nullable GapRule gap, Pipeline.Model pipeline) {
    if (gap == null || findings.isWrong(GapSection.KEY)) {
      return;
    }
    List<String> outputs = readingNames(pipeline, model.outputSize(), model.outputNames());
    for (Pipeline.Fed fed : gap.feedback()) {
      if (!outputs.contains(fed.output())) {
        findings.mistake(
            GapSection.KEY + ".feedback." + Found.oneLine(fed.feature()),
            "found "
                + Found.quoted(fed.output())
                + ", expected an output of model "
                + model.name()
                + ", "
                + Found.oneOf(outputs)
                + Found.didYouMean(Spelling.closest(fed.output(), outputs)));
      }
    }
  }

  /** The name of a field by itself, or its text where it has none. */
  static String lastName(FieldPath field) {
    List<String> names = field.names();
    return names.isEmpty() ? field.text() : names.get(names.size() - 1);
  }

  private void outputs(Pipeline.Model pipeline) {
    String key = pipeline.labels() ? "model.outputs.labels" : "model.outputs";
    List<String> ours = findings.isWrong("model.outputs") ? List.of() : pipeline.outputs();
    int outputSize = model.outputSize();
    List<String> names = model.outputNames();
    if (ours.isEmpty()) {
      named(key, names);
      return;
    }
    if (ours.size() != outputSize) {
      findings.mistake(
          key,
          "found "
              + count(ours.size(), pipeline.labels() ? "label" : "name")
              + ", expected "
              + outputSize
              + ", which model "
              + model.name()
              + " gives"
              + (names.size() == outputSize ? ": " + String.join(", ", names) : ""));
      return;
    }
    if (names.size() != outputSize || Set.copyOf(names).size() < outputSize) {
      return; // it names none, or names that tell no place
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

  /**
   * Whether the model's own names tell its outputs apart: a prediction has each value under one.
   */
  private void named(String key, List<String> names) {
    if (findings.isWrong(key)) {
      return;
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isEmpty() || names.indexOf(name) < i) {
        findings.mistake(
            key,
            "found none, and model "
                + model.name()
                + " calls output "
                + i
                + " "
                + Found.quoted(name)
                + (name.isEmpty() ? "" : " a second time")
                + ": "
                + String.join(", ", names)
                + "; expected a list of names of their own");
        return;
      }
    }
  }

  /** {@code 2 features}. */
  static String count(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
