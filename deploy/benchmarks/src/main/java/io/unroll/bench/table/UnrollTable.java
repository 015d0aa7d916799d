package io.unroll.bench.table;

import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.Jmh;
import io.unroll.bench.fork.MeasurementException;
import io.unroll.bench.fork.OutOfMemoryException;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.network.UnrollBenchmark;
import io.unroll.bench.report.Report;
import io.unroll.bench.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;

/** Memory and time of the three ways to unroll as the number of steps grows. */
@Command(
    name = "unroll",
    description = "bytes and time of static, dynamic and stream for 10, 1 000 and 100 000 steps",
    mixinStandardHelpOptions = true)
public final class UnrollTable extends Table {
  private static final int HEAP_MEGABYTES = 2048;
  private static final String OUT_OF_MEMORY = "out of memory";
  private static final List<String> WAYS = List.of("static", "dynamic", "stream");
  private static final List<Integer> STEPS = List.of(10, 1_000, 100_000);
  private static final List<Integer> QUICK_STEPS = List.of(10, 100_000); // they tell the lesson

  @Override
  String name() {
    return "unroll";
  }

  @Override
  Quick quick() {
    return new Quick(1, 0.6, 0.9);
  }

  private static String row(String way, int steps) {
    return way + " T=" + steps;
  }

  @Override
  List<Arm> arms(Plan plan) {
    List<Arm> arms = new ArrayList<>();
    for (int steps : plan.quick() ? QUICK_STEPS : STEPS) {
      for (String way : WAYS) {
        arms.add(new Arm(row(way, steps), 1, () -> measure(plan, way, steps)));
      }
    }
    return arms;
  }

  /** That static unrolling outgrows any heap is a figure too. */
  private static Map<String, Double> measure(Plan plan, String way, int steps)
      throws MeasurementException {
    try {
      return Jmh.measure(
          UnrollBenchmark.class,
          Map.of("unroll", way, "steps", String.valueOf(steps)),
          plan.shortSeconds(),
          plan.shortSeconds(),
          HEAP_MEGABYTES,
          plan.folder());
    } catch (OutOfMemoryException e) {
      return Map.of(OUT_OF_MEMORY, 1.0);
    }
  }

  private static String cell(
      Results results, String row, String figure, UnaryOperator<Double> scale) {
    return results.samples(row, OUT_OF_MEMORY).isPresent()
        ? OUT_OF_MEMORY
        : results.cell(row, figure, scale);
  }

  @Override
  void report(Results results, Report report) {
    TextTable table =
        new TextTable(
            "unroll: LSTM-%d, %d sequences of T steps, %d MB of heap"
                .formatted(UnrollBenchmark.NEURONS, UnrollBenchmark.ROWS, HEAP_MEGABYTES),
            List.of("way", "bytes of its own", "bytes of the result", "ns per step and row"));
    for (String way : WAYS) {
      for (int steps : STEPS) {
        String row = row(way, steps);
        double result = way.equals("stream") ? 0 : UnrollBenchmark.resultBytes(steps);
        Cells.row(
            table,
            List.of(
                row,
                cell(results, row, Jmh.BYTES, bytes -> Math.max(0, bytes - result)),
                cell(results, row, Jmh.BYTES, bytes -> result),
                cell(results, row, Jmh.NANOS, ns -> ns / ((double) steps * UnrollBenchmark.ROWS))));
      }
    }
    report.table(table);
    report.note("static keeps a copy of the cell per step; dynamic's result alone grows;");
    report.note("the stream keeps one step and one state per sequence, for ever");
  }
}
