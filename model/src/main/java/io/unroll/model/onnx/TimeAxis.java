package io.unroll.model.onnx;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether the axis that a recurrent layer runs along is the stream's time. A layer that runs along
 * another one starts every step of a series anew, and the stream would give it a memory that the
 * network never had. Only what the file says counts: an axis that the graph made of nothing, and
 * the names of the input's axes. Names that say nothing are no evidence.
 */
final class TimeAxis {
  private static final String INSIST =
      " If the stream's steps are meant all the same, insist: stateful: true";

  private static final Set<String> OF_TIME =
      Set.of(
          "time",
          "times",
          "timestep",
          "timesteps",
          "step",
          "steps",
          "seq",
          "seqs",
          "sequence",
          "seqlen",
          "frame",
          "frames",
          "window",
          "lookback");
  private static final Set<String> OF_BATCH =
      Set.of("batch", "batches", "batchsize", "minibatch", "bs", "bsz", "nbatch");

  /** Between the words of a name. */
  private static final Pattern WORDS = Pattern.compile("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])");

  private TimeAxis() {}

  /**
   * @param why what the layer does, as a predicate
   * @param out how to export it
   * @param served what the stream does with it, as a predicate
   */
  record Doubt(String why, String out, String served) {
    String refusal() {
      return why + ". " + out + "." + INSIST;
    }
  }

  /** What speaks against it; null for nothing. */
  static @Nullable Doubt doubt(Inputs inputs, StepValue x, Axis time, Axis series) {
    boolean single = time.factors().isEmpty();
    // An axis of 1 that the input had may have been lost on the way and found again.
    if (single && time.made() && x.ownOnes() == inputs.ones()) {
      return new Doubt(
          "runs for a single step, along an axis that the graph makes of nothing: it starts from"
              + " the same state at every step and keeps nothing from one to the next",
          "Export it over an axis of steps: (batch, time, features)",
          "keeps its state from step to step of a series, as the pipeline insists; the graph runs"
              + " it for a single step, from the same state every time");
    }
    String timeName = name(inputs, time);
    String seriesName = name(inputs, series);
    boolean alongBatch = says(timeName, OF_BATCH) && !says(timeName, OF_TIME);
    boolean seriesAlongTime = says(seriesName, OF_TIME) && !says(seriesName, OF_BATCH);
    if (alongBatch && !says(seriesName, OF_BATCH)) {
      return forgotten(
          "runs along the axis that the file names '" + timeName + "'",
          "the graph runs it along the axis that it names '" + timeName + "'");
    }
    if (seriesAlongTime && !says(timeName, OF_TIME)) {
      return forgotten(
          "does not run along the axis that the file names '" + seriesName + "'",
          "the graph does not run it along the axis that it names '" + seriesName + "'");
    }
    return null;
  }

  /**
   * What fixed extents suggest and do not prove, as ONNX's own published cases have them; null for
   * nothing.
   */
  static @Nullable String note(Inputs inputs, Axis time, Axis series) {
    boolean second = time.factors().isEmpty() && series.isOuter() && series.outer().id() == 1;
    return second && !inputs.openExtents().contains(series.size())
        ? "runs along the input's first axis, of 1 step; the %d along its second are series"
            .formatted(series.size())
        : null;
  }

  private static Doubt forgotten(String why, String served) {
    return new Doubt(
        why + ": every step of a series starts anew",
        "Export with batch_first=True where the input is (batch, time, features), or name the axes"
            + " as the layer takes them",
        "runs along the stream's steps, as the pipeline insists; " + served);
  }

  private static String name(Inputs inputs, Axis axis) {
    return axis.isOuter() ? inputs.symbol(axis.outer()) : "";
  }

  /** Whether one of the name's words is one of these: {@code batch_size}, {@code batchSize}. */
  private static boolean says(String name, Set<String> words) {
    return WORDS
        .splitAsStream(name)
        .anyMatch(word -> words.contains(word.toLowerCase(Locale.ROOT)));
  }
}
