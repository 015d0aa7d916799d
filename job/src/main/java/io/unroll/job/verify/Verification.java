package io.unroll.job.verify;

import io.unroll.job.verify.Case.End;
import io.unroll.job.verify.Case.Step;
import io.unroll.job.verify.Case.Steps;
import io.unroll.model.RecurrentModel;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of it.
 *
 * @param ways a comparison per way to serve the model
 * @param steps of each series, in the order in which they first came
 */
public record Verification(List<Comparison> ways, Map<String, Long> steps) {

  /** A way to serve a model, and what it has given so far. */
  private static final class Way {
    private final Server server;
    private final Comparison comparison;

    /** What the last step of each series gave; null where the stream gave nothing. */
    private final Map<String, float @Nullable []> last = new HashMap<>();

    Way(RecurrentModel model, int window, Case against, double tolerance) {
      server = new Server(window == 0 ? model : model.window(window), against.featureNames());
      comparison = new Comparison(window, tolerance, against.outputNames());
    }
  }

  /**
   * Streams a case through a model, once for all ways.
   *
   * @param windows the ways to serve it: inputs per step, 0 for stateful
   * @param tolerance see {@link Comparison}
   */
  public static Verification run(
      Case against, RecurrentModel model, List<Integer> windows, double tolerance)
      throws IOException, UnfitException {
    List<Way> ways =
        windows.stream().map(window -> new Way(model, window, against, tolerance)).toList();
    Map<String, Long> lengths = new LinkedHashMap<>();
    try (Steps steps = against.open()) {
      for (Step step = steps.next(); step != null; step = steps.next()) {
        lengths.merge(step.series(), 1L, Long::sum);
        float[] initial = step.index() == 0 ? against.initialState(step.series()) : null;
        for (Way way : ways) {
          take(way, step, initial, against.perStep());
        }
      }
      if (!against.perStep()) {
        for (End end : steps.ends(lengths)) {
          for (Way way : ways) {
            way.comparison.add(
                end.series(),
                length(lengths, end.series()) - 1,
                end.expected(),
                way.last.get(end.series()));
          }
        }
      }
    }
    if (ways.get(0).comparison.compared() == 0) {
      throw new UnfitException("found no expected outputs to compare with, expected at least one");
    }
    return new Verification(ways.stream().map(way -> way.comparison).toList(), lengths);
  }

  private static void take(Way way, Step step, float @Nullable [] initial, boolean perStep) {
    String reason = way.server.step(step, initial);
    if (reason != null) {
      way.comparison.reject(step, reason);
    }
    float @Nullable [] output = reason == null ? way.server.output() : null;
    float @Nullable [] expected = step.expected();
    if (expected != null) {
      way.comparison.add(step.series(), step.index(), expected, output);
    }
    if (!perStep && output != null) { // the close gives the output of the last step that counted
      way.last.put(step.series(), output);
    }
  }

  private static long length(Map<String, Long> lengths, String series) {
    Long length = lengths.get(series);
    return length == null ? 0 : length;
  }

  /** Inputs in all. */
  public long inputs() {
    return steps.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Steps of the longest series. */
  public long longest() {
    return steps.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
