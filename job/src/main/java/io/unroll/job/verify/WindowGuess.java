package io.unroll.job.verify;

import io.unroll.job.verify.Case.End;
import io.unroll.job.verify.Case.Step;
import io.unroll.job.verify.Case.Steps;
import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DynamicUnroll;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Whether expected outputs that a stateful model does not give come from windows of its last
 * inputs, and of how many: looks at the series that parts first, at some steps from there on.
 */
public final class WindowGuess {
  /** Longer windows are not tried: trying all up to n costs n * n / 2 steps. */
  private static final int LONGEST = 512;

  private static final int PROBES = 32;

  private final Case against;
  private final DynamicUnroll unroll;
  private final double tolerance;

  /** A step: its inputs so far, the newest last, at most {@link #LONGEST}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Probe(float[][] inputs, float[] expected) {}

  private WindowGuess(Case against, RecurrentModel model, double tolerance) {
    this.against = against;
    this.unroll = new DynamicUnroll(model);
    this.tolerance = tolerance;
  }

  /**
   * The length of the windows; empty if no length up to {@value #LONGEST} gives the expected
   * outputs, or every output is as expected.
   */
  public static OptionalInt of(
      Case against, RecurrentModel model, Comparison stateful, double tolerance)
      throws IOException, UnfitException {
    String series = stateful.firstSeries();
    // The first step has no past: a window that differs there is none.
    if (series == null || stateful.firstStep() == 0 || against.hasInitialStates()) {
      return OptionalInt.empty();
    }
    WindowGuess guess = new WindowGuess(against, model, tolerance);
    return guess.best(guess.probes(series, stateful.firstStep()), stateful.firstStep());
  }

  private List<Probe> probes(String series, long first) throws IOException, UnfitException {
    List<Probe> probes = new ArrayList<>();
    Deque<float[]> inputs = new ArrayDeque<>();
    try (Steps steps = against.open()) {
      Map<String, Long> lengths = new LinkedHashMap<>();
      for (Step step = steps.next(); step != null; step = steps.next()) {
        lengths.merge(step.series(), 1L, Long::sum);
        if (!step.series().equals(series) || !finite(step.input())) {
          continue;
        }
        if (inputs.size() == LONGEST) {
          inputs.remove();
        }
        inputs.add(step.input());
        add(probes, step.index() < first ? null : step.expected(), inputs);
        if (probes.size() == PROBES) {
          return probes;
        }
      }
      if (!against.perStep()) {
        for (End end : steps.ends(lengths)) {
          if (end.series().equals(series)) {
            add(probes, end.expected(), inputs);
          }
        }
      }
    }
    return probes;
  }

  private static void add(List<Probe> probes, float @Nullable [] expected, Deque<float[]> inputs) {
    if (expected != null) {
      probes.add(new Probe(inputs.toArray(new float[0][]), expected));
    }
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** The length with the smallest largest difference: a network that forgets fits several. */
  private OptionalInt best(List<Probe> probes, long first) {
    OptionalInt best = OptionalInt.empty();
    double smallest = Double.POSITIVE_INFINITY;
    for (int n = 1; n <= Math.min(first, LONGEST) && !probes.isEmpty(); n++) {
      double largest = 0;
      for (int i = 0; i < probes.size() && largest <= tolerance; i++) {
        largest = Math.max(largest, difference(probes.get(i), n));
      }
      if (largest <= tolerance && largest < smallest) {
        smallest = largest;
        best = OptionalInt.of(n);
      }
    }
    return best;
  }

  private double difference(Probe probe, int n) {
    int count = Math.min(n, probe.inputs().length);
    float[][] last = new float[count][];
    System.arraycopy(probe.inputs(), probe.inputs().length - count, last, 0, count);
    float[] found;
    try {
      found = unroll.run(new float[][][] {last}).lastOutputs()[0];
    } catch (IllegalArgumentException notFinite) { // not what was expected, whatever that is
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Comparison.of(probe.expected()[i], found[i]));
    }
    return largest;
  }
}
