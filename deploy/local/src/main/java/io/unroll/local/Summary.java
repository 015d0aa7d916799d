package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.state.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a finished run says. */
final class Summary {
  private Summary() {}

  static String of(PipelineJob job, Counts counts) {
    List<String> lines = new ArrayList<>();
    lines.add(job.pipeline().name() + ": finished");
    lines.add(
        String.format(
            Locale.ROOT,
            "inputs       %,d = %,d steps + %,d primings + %,d markers + %,d late + %,d rejected",
            counts.readings(Counter.INPUTS),
            counts.sequences(Counter.STEPS),
            counts.sequences(Counter.PRIMINGS),
            counts.sequences(Counter.MARKERS),
            counts.sequences(Counter.LATE),
            counts.rejected()));
    if (job.pipeline().sequence().gap() != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "filled       %,d steps where observations were missing",
              counts.sequences(Counter.FILLED)));
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
    Pipeline.Sink sink = job.pipeline().sink();
    addOutput(lines, "predictions", sink.predictions());
    addOutput(lines, "sequences", sink.sequences());
    addOutput(lines, "evaluations", sink.evaluations());
    addOutput(lines, "rejected", sink.rejected());
    addOutput(lines, "late", sink.late());
    return String.join(System.lineSeparator(), lines);
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

  /** {@code 2 opened; closed: 1 idle, 1 end}. */
  static String sequences(Counts counts) {
    List<String> closed = new ArrayList<>();
    for (Counter counter :
        List.of(
            Counter.CLOSED_END,
            Counter.CLOSED_RESTARTED,
            Counter.CLOSED_CHANGED,
            Counter.CLOSED_IDLE,
            Counter.CLOSED_MAX_DURATION,
            Counter.CLOSED_CLOSE_AT,
            Counter.CLOSED_GAP,
            Counter.CLOSED_MAX_STEPS,
            Counter.CLOSED_END_OF_INPUT)) {
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
