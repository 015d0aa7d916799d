package io.unroll.job.describe;

import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.InitialState;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.life.Tuning;
import io.unroll.job.life.Unscale;
import io.unroll.job.signature.Signature;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxFile;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From names to places: the operator's configuration of a description without mistakes.
 *
 * @param description with features, checked
 * @param file the model as bytes; the decoder's where it is alone
 * @param model what reads the observations
 * @param decoderFile the decoder as bytes; null without
 * @param decoder the network that predicts where it is not the model; null without
 */
public record Resolution(
    Description description,
    OnnxFile file,
    RecurrentModel model,
    @Nullable OnnxFile decoderFile,
    @Nullable RecurrentModel decoder) {

  /**
   * What the operator is told.
   *
   * @param input where observations come from and what is read of a record
   * @param advanceWhenIdle true if the event clock runs on while the source is silent
   */
  public SequenceConfig config(Signature input, boolean advanceWhenIdle) {
    return new SequenceConfig(
        new SequenceConfig.Served(file, initialState(), number(SequenceKeys.WINDOW)),
        features(),
        boundaries(description),
        new SequenceConfig.Course(description.of(SequenceKeys.ORDER), advanceWhenIdle, gap()),
        new SequenceConfig.Output(
            emission(description),
            number(SequenceKeys.WARM_UP),
            decoderFile == null ? null : Decoders.decoding(description, decoderFile, outputNames()),
            unscaled(),
            evaluations()),
        memory(description),
        tuning(description),
        input);
  }

  /** A number; 0 where none is said. */
  private int number(Key<Long> key) {
    Long number = description.get(key);
    return number == null ? 0 : Math.toIntExact(number);
  }

  /**
   * Names of the outputs, which are the decoder's where there is one: the pipeline's, else the
   * model's own, else y0, y1, ....
   */
  public List<String> outputNames() {
    return ModelFacts.of(decoder == null ? model : decoder).predictionNames(description);
  }

  /** Limits of a sequence. */
  public static Boundaries boundaries(Description description) {
    Boundaries boundaries =
        Boundaries.NONE
            .withIdleTimeout(millis(description.get(SequenceKeys.IDLE_TIMEOUT)))
            .withMaxDuration(millis(description.get(SequenceKeys.MAX_DURATION)))
            .withClock(description.of(SequenceKeys.CLOCK));
    LocalTime time = description.get(SequenceKeys.CLOSE_AT_TIME);
    ZoneId zone = description.get(SequenceKeys.CLOSE_AT_ZONE);
    if (time != null && zone != null) {
      boundaries =
          boundaries.withCloseAt(
              new CloseAt(
                  time,
                  zone,
                  description.of(SequenceKeys.CLOSE_AT_INCLUSIVE),
                  description.of(SequenceKeys.CLOSE_AT_MARGIN)));
    }
    Long most = description.get(SequenceKeys.MAX_STEPS);
    return boundaries
        .withMaxSteps(most == null ? Boundaries.NO_LIMIT : most)
        .withMinSteps(description.of(SequenceKeys.MIN_STEPS));
  }

  private static long millis(@Nullable Duration duration) {
    return duration == null ? Boundaries.NO_TIMEOUT : duration.toMillis();
  }

  /** When predictions go out. */
  public static Emission emission(Description description) {
    return description.of(OutputKeys.EMIT_ON) == Emit.END
        ? Emission.AT_END
        : new Emission(Emit.STEP, description.of(OutputKeys.EMIT_EVERY));
  }

  /** How fast. */
  public static Tuning tuning(Description description) {
    return new Tuning(
        kernel(description),
        Math.toIntExact(description.of(TuningKeys.BATCH_SIZE)),
        description.of(TuningKeys.BATCH_DELAY).toMillis(),
        description.of(TuningKeys.CACHE));
  }

  /** The arithmetic, by a name that this JVM can run. */
  public static String kernel(Description description) {
    String name = description.of(ModelKeys.KERNEL);
    return Kernels.names().contains(name) ? name : Kernels.best().name();
  }

  private static @Nullable SeriesMemory memory(Description description) {
    Duration keep = description.get(SequenceKeys.KEEP_SERIES_FOR);
    Long window = description.get(ObservationKeys.DEDUPLICATE_WINDOW);
    return keep == null
        ? null
        : new SeriesMemory(
            keep.toMillis(), window == null ? SeriesMemory.NO_DUPLICATES : Math.toIntExact(window));
  }

  /** The model's, and behind them what predictions alone are held against. */
  private List<Feature> features() {
    List<Feature> features =
        new ArrayList<>(described().stream().map(DescribedFeature::feature).toList());
    Features.truths(description).forEach(field -> features.add(Feature.truth(field)));
    return features;
  }

  private List<DescribedFeature> described() {
    return description.of(ObservationKeys.FEATURES);
  }

  private List<Unscale> unscaled() {
    List<String> outputs = outputNames();
    List<Unscale> unscaled = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Integer feature = EvaluateCheck.unit(description, outputs.get(i), described());
      if (feature != null) {
        unscaled.add(new Unscale(i, feature));
      }
    }
    return unscaled;
  }

  private List<Evaluate> evaluations() {
    @Nullable List<DescribedEvaluation> evaluations = description.get(RootKeys.EVALUATE);
    return evaluations == null
        ? List.of()
        : evaluations.stream().map(evaluation -> evaluate(evaluation, outputNames())).toList();
  }

  private Evaluate evaluate(DescribedEvaluation evaluation, List<String> outputs) {
    String output = evaluation.output();
    List<String> truths = Features.truths(description);
    List<DescribedFeature> features = described();
    Integer unit = EvaluateCheck.unit(description, output, features);
    boolean truth = truths.contains(evaluation.against());
    int feature =
        truth
            ? features.size() + truths.indexOf(evaluation.against())
            : unit != null ? unit : Features.named(evaluation.against(), features).get(0);
    @Nullable Map<String, Double> quantiles = description.get(ModelKeys.QUANTILE);
    Instant from = evaluation.from();
    return new Evaluate(
        output,
        outputs.indexOf(output),
        evaluation.against(),
        feature,
        unit != null || truth,
        Math.toIntExact(evaluation.ahead()),
        from == null ? Long.MIN_VALUE : from.toEpochMilli(),
        quantiles == null ? Double.NaN : quantiles.getOrDefault(output, Double.NaN));
  }

  private @Nullable InitialState initialState() {
    @Nullable Map<String, List<Float>> states = description.get(ModelKeys.INITIAL_STATES);
    if (states != null) {
      return new InitialState(ModelCheck.initialState(model, states));
    }
    return Boolean.TRUE.equals(description.get(ModelKeys.INITIAL_STATE))
        ? new InitialState(new float[model.stateLayout().size()])
        : null;
  }

  private @Nullable Gap gap() {
    Duration expect = description.get(GapKeys.EXPECT);
    if (expect == null) {
      return null;
    }
    List<String> outputs = ModelFacts.of(model).readingNames(description);
    Map<Integer, Integer> fed = new LinkedHashMap<>();
    @Nullable Map<String, String> feedback = description.get(GapKeys.FEEDBACK);
    if (feedback != null) {
      feedback.forEach(
          (feature, output) ->
              fed.put(Features.place(feature, described()), outputs.indexOf(output)));
    }
    return new Gap(
        expect.toMillis(),
        description.of(GapKeys.FILL),
        Math.toIntExact(description.of(GapKeys.AT_MOST)),
        fed);
  }
}
