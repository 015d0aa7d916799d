package io.unroll.job.describe;

import io.unroll.job.life.Missing;
import io.unroll.job.life.Scale;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.unroll.DecoderRules.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that can be wrong with a description, whichever door wrote it. */
public final class Checks {
  /** The output that evaluate writes, which only a file has. */
  private static final String JUDGED = RootKeys.SINK.path() + ".evaluations";

  private Checks() {}

  /**
   * Reports everything that is wrong, where the networks are there.
   *
   * @param description Modified: values out of their bounds are not said any more.
   */
  public static void all(Description description, Complaints complaints, Networks networks) {
    withoutModel(description, complaints);
    withModel(description, complaints, networks);
    ofTheWhole(description, complaints);
  }

  /**
   * Reports what is wrong whatever the model is.
   *
   * @param description Modified: values out of their bounds are not said any more.
   */
  public static void withoutModel(Description description, Complaints complaints) {
    description.dropOutOfBounds(complaints);
    List<DescribedFeature> features = features(description, complaints);
    if (features != null) {
      new FeatureCheck(complaints, features).alone();
    }
    new SequenceCheck(description, complaints).check();
    new OutputCheck(description, complaints).alone();
    if (description.says(ModelKeys.DECODER)) {
      new DecoderCheck(description, complaints).withoutNetwork();
    }
    List<DescribedEvaluation> evaluations = description.get(RootKeys.EVALUATE);
    if (evaluations != null) {
      new EvaluateCheck(description, complaints, evaluations).alone();
    }
    kernel(description, complaints);
  }

  /** Reports what does not fit the model. */
  public static void withModel(Description description, Complaints complaints, Networks networks) {
    new ModelCheck(description, complaints, networks).check();
  }

  /**
   * Reports what is missing, or there for nothing, in the whole: a memory across sequences, and
   * what changes nothing where each observation is a sequence of its own.
   */
  public static void ofTheWhole(Description description, Complaints complaints) {
    memory(description, complaints);
    if (isAlone(description)) {
      new AloneCheck(description, complaints).check();
    }
  }

  /** The features; null if there are none, or they are wrong. */
  static @Nullable List<DescribedFeature> features(Description description, Complaints complaints) {
    return complaints.isWrong(ObservationKeys.FEATURES.path())
        ? null
        : description.get(ObservationKeys.FEATURES);
  }

  /** Whether each observation is a sequence of its own. */
  public static boolean isAlone(Description description) {
    return Boolean.TRUE.equals(description.get(ModelKeys.DECODER));
  }

  /** Whether a prediction is a token of the decoder. */
  public static boolean givesTokens(Description description) {
    return description.says(ModelKeys.DECODER) && description.of(DecoderKeys.NEXT) == Next.ARGMAX;
  }

  /** The kernel must be one that this JVM can run. */
  private static void kernel(Description description, Complaints complaints) {
    String name = description.of(ModelKeys.KERNEL);
    List<String> names =
        Stream.concat(Stream.of(ModelKeys.AUTO), Kernels.names().stream()).toList();
    if (names.contains(name) || complaints.isWrong(ModelKeys.KERNEL.path())) {
      return;
    }
    StringBuilder expected = new StringBuilder(Found.oneOf(names));
    Kernels.obstacles()
        .forEach((kernel, why) -> expected.append("; not '" + kernel + "' here: " + why));
    complaints.mistake(
        ModelKeys.KERNEL.path(),
        "found "
            + Found.quoted(name)
            + ", expected "
            + expected
            + Found.didYouMean(Spelling.closest(name, names)));
  }

  /** Somebody says for how long a series is remembered, and only where something is. */
  private static void memory(Description description, Complaints complaints) {
    String keep = SequenceKeys.KEEP_SERIES_FOR.path();
    List<String> remembering = new ArrayList<>();
    String duplicates = ObservationKeys.DEDUPLICATE_BY.path();
    if (description.says(ObservationKeys.DEDUPLICATE_WINDOW) || complaints.isWrong(duplicates)) {
      remembering.add(duplicates);
    }
    if (complaints.isSaid(description, RootKeys.EVALUATE)) {
      remembering.add(RootKeys.EVALUATE.path());
    }
    int left = 0;
    List<DescribedFeature> features = features(description, complaints);
    if (features != null) {
      for (int i = 0; i < features.size(); i++) {
        left += features.get(i).feature().missing().kind() == Missing.Kind.PREVIOUS ? 1 : 0;
        if (features.get(i).feature().scale() instanceof Scale.Online) {
          remembering.add(ObservationKeys.FEATURES.path() + "[" + i + "].scale");
        }
      }
    }
    if (!complaints.isSaid(description, SequenceKeys.KEEP_SERIES_FOR)) {
      remembering.forEach(
          key ->
              complaints.mistake(
                  key,
                  "found without "
                      + keep
                      + ", expected it beside it: how long a series is remembered after its last"
                      + " observation"));
    } else if (remembering.isEmpty()
        && features != null
        && left < 2
        && !complaints.isWrong(JUDGED)) { // where evaluate is missing, which has been said
      complaints.mistake(
          keep,
          "found without observation.deduplicate-by, scale: online, evaluate and two features with"
              + " missing: previous, expected one of them: nothing else is remembered of a series");
    }
  }
}
