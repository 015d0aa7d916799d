package io.unroll.bench.table;

import static io.unroll.bench.stream.JobSpec.BARRIER;
import static io.unroll.bench.stream.JobSpec.Backend.HASHMAP;
import static io.unroll.bench.stream.JobSpec.Backend.ROCKSDB;
import static io.unroll.bench.stream.JobSpec.CHECKPOINT_BYTES;
import static io.unroll.bench.stream.JobSpec.CHECKPOINT_SECONDS;
import static io.unroll.bench.stream.JobSpec.CLOSED;
import static io.unroll.bench.stream.JobSpec.EVENTS;
import static io.unroll.bench.stream.JobSpec.Operator.CLOSING;
import static io.unroll.bench.stream.JobSpec.Operator.CLOSING_DECODED;
import static io.unroll.bench.stream.JobSpec.P50;
import static io.unroll.bench.stream.JobSpec.P99;
import static io.unroll.bench.stream.JobSpec.P999;
import static io.unroll.bench.stream.JobSpec.PAUSE;

import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.report.Report;
import io.unroll.bench.report.Samples;
import io.unroll.bench.report.TextTable;
import io.unroll.bench.stream.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;

/** What the number of live series costs: rate, state, checkpoints, latency, closing them all. */
@Command(
    name = "series",
    description = "1 000 to 1 000 000 live series: rate, state, checkpoints, latency, closing",
    mixinStandardHelpOptions = true)
public final class SeriesTable extends Table {
  private static final int NEURONS = 64;
  private static final double RAW_BYTES = 2.0 * NEURONS * Float.BYTES; // h and c
  private static final int FEW = 1_000;
  private static final int SOME = 10_000;
  private static final int MANY = 1_000_000;
  private static final int[] SERIES = {FEW, SOME, 100_000, MANY};
  private static final int CLOSED_SERIES = 100_000;
  private static final List<JobSpec.Operator> CLOSINGS = List.of(CLOSING, CLOSING_DECODED);
  private static final int HEAP_MEGABYTES = 3072;
  private static final int LARGE_HEAP_MEGABYTES = 8192;

  @Override
  String name() {
    return "series";
  }

  @Override
  Quick quick() {
    return new Quick(1, 2, 1.5);
  }

  private static String row(JobSpec.Backend backend, int series) {
    return String.format(
        Locale.ROOT, "%s %,d series", backend == HASHMAP ? "heap" : "rocksdb", series);
  }

  private static String closing(JobSpec.Backend backend, JobSpec.Operator operator) {
    return (backend == HASHMAP ? "heap closing" : "rocksdb closing")
        + (operator == CLOSING_DECODED ? " decoded" : "");
  }

  /**
   * A million float[] of their own, keys and the map need more than the others' heap; the few that
   * they are compared with have as much, or the ratio would be of two heaps, too.
   */
  static int heapMegabytes(JobSpec.Backend backend, int series) {
    boolean compared = backend == HASHMAP && series == FEW;
    return series >= MANY || compared ? LARGE_HEAP_MEGABYTES : HEAP_MEGABYTES;
  }

  @Override
  List<Arm> arms(Plan plan) {
    List<Arm> arms = new ArrayList<>();
    for (JobSpec.Backend backend : JobSpec.Backend.values()) {
      for (int series : SERIES) {
        int megabytes = heapMegabytes(backend, series);
        boolean counted =
            series == SOME || (backend == HASHMAP && (series == FEW || series == MANY));
        if (!counted && plan.quick()) {
          continue;
        }
        JobSpec spec =
            JobSpec.ours(kernel(), NEURONS, series, plan.warmSeconds(), plan.seconds())
                .weighed(!plan.quick() || series != FEW, !plan.quick() || series == SOME)
                .on(backend);
        String row = row(backend, series);
        arms.add(
            new Arm(
                row,
                counted ? plan.forks() : 1,
                () -> spec.measure(row, plan.folder(), megabytes)));
      }
      if (!plan.quick()) {
        for (JobSpec.Operator operator : CLOSINGS) {
          String row = closing(backend, operator);
          JobSpec spec =
              JobSpec.ours(kernel(), NEURONS, CLOSED_SERIES, plan.warmSeconds(), plan.seconds())
                  .through(operator)
                  .on(backend);
          arms.add(new Arm(row, 1, () -> spec.measure(row, plan.folder(), HEAP_MEGABYTES)));
        }
      }
    }
    return arms;
  }

  @Override
  void report(Results results, Report report) {
    TextTable table =
        new TextTable(
            "series: LSTM-64, one slot, at random; latency at half of that rate, a checkpoint"
                + " every second",
            List.of(
                "",
                "events/s",
                "state B/series",
                "checkpoint MB",
                "checkpoint s",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "barrier pause p99 ms"));
    TextTable closings =
        new TextTable(
            String.format(
                Locale.ROOT,
                "%,d sequences closed by one watermark, LSTM-64; decoded: by an LSTM-64 of %d steps",
                CLOSED_SERIES,
                JobSpec.DECODED_STEPS),
            List.of("", "closed after ms", "a barrier waits ms"));
    for (JobSpec.Backend backend : JobSpec.Backend.values()) {
      for (int series : SERIES) {
        String row = row(backend, series);
        Cells.row(
            table,
            List.of(
                row,
                results.cell(row, EVENTS),
                results.cell(row, CHECKPOINT_BYTES, bytes -> bytes / series),
                results.cell(row, CHECKPOINT_BYTES, bytes -> bytes / 1e6),
                results.cell(row, CHECKPOINT_SECONDS),
                results.cell(row, P50),
                results.cell(row, P99),
                results.cell(row, P999),
                results.cell(row, PAUSE)));
      }
      for (JobSpec.Operator operator : CLOSINGS) {
        String row = closing(backend, operator);
        Cells.row(closings, List.of(row, results.cell(row, CLOSED), results.cell(row, BARRIER)));
      }
    }
    report.table(table);
    report.table(closings);
    report.note(
        "raw state: "
            + Math.round(RAW_BYTES)
            + " bytes per series; the rest is times, places, key");
    for (JobSpec.Backend backend : JobSpec.Backend.values()) {
      decoderCosts(results, closing(backend, CLOSING), closing(backend, CLOSING_DECODED))
          .ifPresent(report::note);
    }

    results.ratio(report, "series.1m", row(HASHMAP, MANY), row(HASHMAP, FEW), EVENTS);
    results
        .samples(row(HASHMAP, MANY), CHECKPOINT_BYTES)
        .ifPresent(bytes -> figure(report, "series.bytes", bytes, 1 / (RAW_BYTES * MANY)));
    results
        .samples(row(HASHMAP, SOME), P99)
        .ifPresent(millis -> figure(report, "series.p99ms", millis, 1));
    results
        .samples(row(ROCKSDB, SOME), P99)
        .ifPresent(millis -> figure(report, "series.p99ms.rocksdb", millis, 1));
  }

  /** What a sequence costs more when a decoder runs as it closes. */
  private static Optional<String> decoderCosts(Results results, String without, String with) {
    return results
        .samples(without, CLOSED)
        .flatMap(
            plain ->
                results
                    .samples(with, CLOSED)
                    .map(
                        decoded ->
                            String.format(
                                Locale.ROOT,
                                "%s: %s times as long, %s µs more per sequence",
                                with,
                                Cells.text(decoded.median() / plain.median()),
                                Cells.text(
                                    1000 * (decoded.median() - plain.median()) / CLOSED_SERIES))));
  }

  private static void figure(Report report, String ratio, Samples samples, double scale) {
    Samples scaled = Samples.of(samples.values().stream().map(value -> value * scale).toList());
    report.ratio(ratio, scaled.median(), scaled);
  }
}
