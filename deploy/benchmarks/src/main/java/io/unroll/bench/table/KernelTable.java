package io.unroll.bench.table;

import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.ForkedJvm;
import io.unroll.bench.fork.Jmh;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.limit.FmaLoop;
import io.unroll.bench.network.LimitBenchmark;
import io.unroll.bench.network.StepBenchmark;
import io.unroll.bench.peer.Peers;
import io.unroll.bench.peer.Shape;
import io.unroll.bench.report.Report;
import io.unroll.bench.report.Samples;
import io.unroll.bench.report.TextTable;
import io.unroll.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;

/** One step on one thread: our kernels, ONNX Runtime, and what the machine can do at most. */
@Command(
    name = "kernel",
    description = "ns per step and row of LSTM and GRU: plain, vector, ONNX Runtime, the FMA limit",
    mixinStandardHelpOptions = true)
public final class KernelTable extends Table {
  private static final String LIMIT = "fma limit";
  private static final int HEAP_MEGABYTES = 1024;
  private static final double COMPILED_SECONDS = 0.4;
  private static final int[] NEURONS = {32, 64, 128, 256};
  private static final int[] ROWS = {1, 16, 64, 256};

  /** Shapes whose times feed a ratio. */
  private static final Set<String> COUNTED = Set.of("lstm64.b1", "lstm64.b64", "lstm256.b64");

  @Override
  String name() {
    return "kernel";
  }

  @Override
  Quick quick() {
    return new Quick(1, 2, 0.8);
  }

  private static List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (Shape.Cell cell : Shape.Cell.values()) {
      for (int neurons : NEURONS) {
        for (int rows : ROWS) {
          shapes.add(Shape.of(cell, neurons, rows));
        }
      }
    }
    return shapes;
  }

  private static Set<String> kernels() {
    Set<String> kernels = new LinkedHashSet<>(List.of(Kernels.PLAIN, kernel()));
    if (peers()) {
      kernels.add(Peers.ONNX_RUNTIME);
    }
    return kernels;
  }

  private static String row(Shape shape, String kernel) {
    return shape.text() + " " + kernel;
  }

  @Override
  List<Arm> arms(Plan plan) {
    List<Arm> arms = new ArrayList<>();
    if (ForkedJvm.hasVectors()) { // the loop is made of them
      arms.add(
          new Arm(
              LIMIT,
              plan.forks(),
              () ->
                  Jmh.measure(
                      LimitBenchmark.class,
                      Map.of(),
                      plan.warmSeconds(),
                      plan.seconds(),
                      HEAP_MEGABYTES,
                      plan.folder())));
    }
    for (Shape shape : shapes()) {
      for (String kernel : kernels()) {
        boolean counted =
            COUNTED.contains(shape.text())
                && (!kernel.equals(Kernels.PLAIN) || kernel.equals(kernel()));
        if (counted || !plan.quick()) {
          arms.add(arm(shape, kernel, counted, plan));
        }
      }
    }
    return arms;
  }

  private static Arm arm(Shape shape, String kernel, boolean counted, Plan plan) {
    double warm = counted ? plan.warmSeconds() : Math.min(3, plan.warmSeconds());
    if (plan.quick() && kernel.equals(Peers.ONNX_RUNTIME)) {
      warm = Math.min(warm, COMPILED_SECONDS); // what is compiled already needs less
    }
    double warmSeconds = warm;
    double window = counted ? plan.seconds() : plan.shortSeconds();
    Map<String, String> parameters =
        Map.of(
            "cell", shape.cell().name(),
            "neurons", String.valueOf(shape.neurons()),
            "rows", String.valueOf(shape.rows()),
            "kernel", kernel);
    return new Arm(
        row(shape, kernel),
        counted ? plan.forks() : 1,
        () ->
            Jmh.measure(
                StepBenchmark.class,
                parameters,
                warmSeconds,
                window,
                HEAP_MEGABYTES,
                plan.folder()));
  }

  @Override
  void report(Results results, Report report) {
    Optional<Samples> limit =
        results
            .samples(LIMIT, Jmh.NANOS)
            .map(
                nanos ->
                    Samples.of(
                        nanos.values().stream()
                            .map(ns -> FmaLoop.flops(LimitBenchmark.ROUNDS) / ns)
                            .toList()));
    List<String> columns = new ArrayList<>(List.of("step, ns per row"));
    columns.addAll(kernels());
    columns.add("onnxruntime ÷ ours");
    columns.add("ours GFLOP/s");
    columns.add("of the limit");
    TextTable table = new TextTable("kernel: one thread, state in and out, medians", columns);
    for (Shape shape : shapes()) {
      List<String> cells = new ArrayList<>(List.of(shape.text()));
      for (String kernel : kernels()) {
        cells.add(results.cell(row(shape, kernel), Jmh.NANOS, ns -> ns / shape.rows()));
      }
      Optional<Samples> ours = results.samples(row(shape, kernel()), Jmh.NANOS);
      Optional<Samples> peer = results.samples(row(shape, Peers.ONNX_RUNTIME), Jmh.NANOS);
      Optional<Double> speed = ours.map(nanos -> shape.flops() * shape.rows() / nanos.median());
      cells.add(Cells.quotient(peer, ours));
      cells.add(speed.map(Cells::text).orElse("-"));
      cells.add(Cells.quotient(speed, limit.map(Samples::median), Cells::percent));
      Cells.row(table, cells);
    }
    report.table(table);
    limit.ifPresent(
        gflops ->
            report.note("the machine's FMA limit, registers only: " + gflops.text() + " GFLOP/s"));
    for (String shape : List.of("lstm64.b1", "lstm64.b64", "lstm256.b64")) {
      results.ratio(
          report,
          "kernel." + shape,
          shape + " " + Peers.ONNX_RUNTIME,
          shape + " " + kernel(),
          Jmh.NANOS);
    }
    Shape large = Shape.of(Shape.Cell.LSTM, 256, 64);
    Optional<Samples> ours =
        results
            .samples(row(large, kernel()), Jmh.NANOS)
            .map(
                nanos ->
                    Samples.of(
                        nanos.values().stream()
                            .map(ns -> large.flops() * large.rows() / ns)
                            .toList()));
    if (ours.isPresent() && limit.isPresent()) {
      report.ratio("kernel.lstm256.b64.limit", ours.get(), limit.get());
    }
  }
}
