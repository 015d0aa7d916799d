package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.cli.Counted;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.state.Counter;
import io.unroll.job.state.RejectedReasons.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run says that has finished or was stopped. */
final class Summary {
  private static final int MOST_REASONS = 5;

  private Summary() {}

  /** A block for each pipeline, then what comes next. */
  static String of(PipelineJobs jobs, RunResult result) {
    List<String> lines = new ArrayList<>();
    for (PipelineJob job : jobs.all()) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      add(lines, job, result);
    }
    if (result.next() != null) {
      lines.add(result.next());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static void add(List<String> lines, PipelineJob job, RunResult result) {
    String name = job.pipeline().name();
    Counts counts = result.of(name);
    lines.add(
        name
            + ": "
            + result.state(name)
            + (counts.allRejected() ? ", every record was rejected" : ""));
    if (!result.before().contains(name)) { // that run has told its counts
      addCounts(lines, job, counts);
    }
    Pipeline.Sink sink = job.pipeline().sink();
    addOutput(lines, "predictions", sink.predictions());
    addOutput(lines, "sequences", sink.sequences());
    addOutput(lines, "evaluations", sink.evaluations());
    addOutput(lines, "rejected", sink.rejected());
    addOutput(lines, "late", sink.late());
  }

  private static void addCounts(List<String> lines, PipelineJob job, Counts counts) {
    lines.add("inputs       " + inputs(counts));
    if (job.sequences().course().gap() != null) {
      lines.add(
          "filled       "
              + Counted.of(counts.sequences(Counter.FILLED), "step")
              + " where observations were missing");
    }
    long stepped = counts.sequences(Counter.BEHIND_STEPPED);
    long opened = counts.sequences(Counter.BEHIND_OPENED);
    long other = counts.sequences(Counter.BEHIND_OTHER);
    if (stepped + opened + other > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "behind       %,d came behind the watermark and were not late: %,d stepped in their"
                  + " sequence, %,d opened one, %,d did neither",
              stepped + opened + other,
              stepped,
              opened,
              other));
    }
    lines.add("sequences    " + sequences(counts));
    lines.add(
        String.format(Locale.ROOT, "predictions  %,d", counts.sequences(Counter.PREDICTIONS)));
    if (!counts.unwritable().isEmpty()) {
      lines.add("unwritable   " + unwritable(counts));
    }
    addReasons(lines, counts.reasons());
  }

  /** {@code 3: 2 predictions, 1 sequences; rejected with the reason}. */
  static String unwritable(Counts counts) {
    List<String> outputs = new ArrayList<>();
    long all = 0;
    for (Map.Entry<String, Long> output : counts.unwritable().entrySet()) {
      outputs.add(String.format(Locale.ROOT, "%,d %s", output.getValue(), output.getKey()));
      all += output.getValue();
    }
    return String.format(
        Locale.ROOT, "%,d: %s; rejected with the reason", all, String.join(", ", outputs));
  }

  /**
   * {@code 7 = 5 steps + 1 priming + ...}. What a run that was stopped at once had read and not yet
   * used is no part of the sum, and of no checkpoint.
   */
  private static String inputs(Counts counts) {
    long steps = counts.sequences(Counter.STEPS);
    long primings = counts.sequences(Counter.PRIMINGS);
    long markers = counts.sequences(Counter.MARKERS);
    long late = counts.sequences(Counter.LATE);
    long heldBack = counts.sequences(Counter.HELD_BACK);
    long skipped = counts.readings(Counter.SKIPPED);
    long used = steps + primings + markers + late + counts.rejected() + skipped + heldBack;
    long inputs = counts.readings(Counter.INPUTS);
    List<String> parts = new ArrayList<>();
    parts.add(Counted.of(steps, "step"));
    parts.add(Counted.of(primings, "priming"));
    parts.add(Counted.of(markers, "marker"));
    parts.add(String.format(Locale.ROOT, "%,d late", late));
    parts.add(String.format(Locale.ROOT, "%,d rejected", counts.rejected()));
    if (skipped > 0) {
      parts.add(String.format(Locale.ROOT, "%,d skipped", skipped));
    }
    if (heldBack > 0) {
      parts.add(String.format(Locale.ROOT, "%,d held back", heldBack));
    }
    if (used < inputs) {
      parts.add(String.format(Locale.ROOT, "%,d on their way", inputs - used));
    }
    return String.format(Locale.ROOT, "%,d = ", inputs) + String.join(" + ", parts);
  }

  /** The commonest reasons, one a line; of a run that goes on those since then. */
  private static void addReasons(List<String> lines, List<Reason> reasons) {
    for (Reason reason : reasons.subList(0, Math.min(reasons.size(), MOST_REASONS))) {
      lines.add("rejected     " + reason);
    }
    if (reasons.size() > MOST_REASONS) {
      List<Reason> others = reasons.subList(MOST_REASONS, reasons.size());
      lines.add(
          String.format(
              Locale.ROOT,
              "rejected     %,d x for other reasons",
              others.stream().mapToLong(Reason::count).sum()));
    }
  }

  /** {@code 2 opened; closed: 1 idle, 1 end}. */
  static String sequences(Counts counts) {
    List<String> closed = new ArrayList<>();
    for (Counter counter : Counts.CLOSINGS) {
      if (counts.sequences(counter) > 0) {
        closed.add(
            String.format(
                Locale.ROOT,
                "%,d %s",
                counts.sequences(counter),
                counter.label().substring("closed.".length())));
      }
    }
    return String.format(
        Locale.ROOT,
        "%,d opened; closed: %s",
        counts.sequences(Counter.OPENED),
        closed.isEmpty() ? "none" : String.join(", ", closed));
  }

  private static void addOutput(List<String> lines, String name, Pipeline.@Nullable Output output) {
    if (output instanceof Pipeline.FileOutput file) {
      lines.add(String.format("%-12s in %s", name, file.path()));
    } else if (output instanceof Pipeline.KafkaOutput kafka) {
      lines.add(String.format("%-12s in topic %s", name, kafka.topic()));
    }
  }
}
