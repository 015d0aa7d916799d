package io.unroll.bench.table;

import static io.unroll.bench.stream.JobSpec.Backend.HASHMAP;
import static io.unroll.bench.stream.JobSpec.Backend.ROCKSDB;
import static io.unroll.bench.stream.JobSpec.EVENTS;

import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.Jmh;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.network.StepBenchmark;
import io.unroll.bench.peer.Peers;
import io.unroll.bench.report.Report;
import io.unroll.bench.report.Samples;
import io.unroll.bench.report.TextTable;
import io.unroll.bench.stream.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** One slot, generated observations: Flink's ceiling, ours, ONNX Runtime per event and batched. */
@Command(
    name = "job",
    description = "events/s of one slot: Flink's ceiling, ours, ONNX Runtime per event and batched",
    mixinStandardHelpOptions = true)
public final class JobTable extends Table {
  private static final int SERIES = 10_000;
  private static final int HEAP_MEGABYTES = 3072;
  private static final int[] NEURONS = {32, 64, 128};
  private static final String CEILING = "ceiling";
  private static final String OURS = "ours";
  private static final String EVENT = "onnxruntime per event";
  private static final String BATCHED = "onnxruntime batched";
  private static final String KERNEL = "kernel lstm64.b64";
  private static final String HEAP_CHECKPOINTS = "heap lstm64 ours, checkpoints";
  private static final String ROCKSDB_CHECKPOINTS = "rocksdb lstm64 ours, checkpoints";

  /** Kernel and operators that feed a ratio are of this size. */
  private static final int COUNTED = 64;

  @Override
  String name() {
    return "job";
  }

  @Override
  Quick quick() {
    return new Quick(1, 1.5, 1.2);
  }

  private static List<String> operators() {
    return peers() ? List.of(CEILING, OURS, EVENT, BATCHED) : List.of(CEILING, OURS);
  }

  private static String row(JobSpec.Backend backend, int neurons, String operator) {
    return (backend == HASHMAP ? "heap" : "rocksdb") + " lstm" + neurons + " " + operator;
  }

  private static JobSpec spec(Plan plan, int neurons, String operator, double seconds) {
    JobSpec ours = JobSpec.ours(kernel(), neurons, SERIES, seconds, seconds);
    double warm = seconds < plan.seconds() ? seconds : plan.warmSeconds();
    return switch (operator) {
      case CEILING -> ours.warmed(warm).through(JobSpec.Operator.CEILING);
      case EVENT -> ours.warmed(warm).through(JobSpec.Operator.EVENT);
      case BATCHED -> ours.warmed(warm).by(Peers.ONNX_RUNTIME);
      default -> ours.warmed(warm);
    };
  }

  private static Arm arm(Plan plan, String row, int forks, JobSpec spec) {
    return new Arm(row, forks, () -> spec.measure(row, plan.folder(), HEAP_MEGABYTES));
  }

  @Override
  List<Arm> arms(Plan plan) {
    List<Arm> arms = new ArrayList<>();
    arms.add(
        new Arm(
            KERNEL,
            plan.forks(),
            () ->
                Jmh.measure(
                    StepBenchmark.class,
                    Map.of("cell", "LSTM", "neurons", "64", "rows", "64", "kernel", kernel()),
                    plan.quick() ? 2 : plan.warmSeconds(),
                    plan.quick() ? 0.8 : plan.seconds(),
                    1024,
                    plan.folder())));
    for (String operator : operators()) {
      String row = row(HASHMAP, COUNTED, operator);
      arms.add(arm(plan, row, plan.forks(), spec(plan, COUNTED, operator, plan.seconds())));
    }
    // A window as long as the time between two checkpoints: one is in each.
    double every = plan.quick() ? plan.seconds() : Math.max(10, plan.seconds());
    JobSpec checkpoints =
        spec(plan, COUNTED, OURS, plan.seconds()).windowOf(every).checkpointEvery(every);
    arms.add(arm(plan, HEAP_CHECKPOINTS, plan.forks(), checkpoints));
    arms.add(arm(plan, ROCKSDB_CHECKPOINTS, plan.forks(), checkpoints.on(ROCKSDB)));
    if (!plan.quick()) {
      others(plan, arms);
    }
    return arms;
  }

  /** Rows for the table alone: once, and shorter. */
  private static void others(Plan plan, List<Arm> arms) {
    double seconds = Math.min(3, plan.seconds());
    for (JobSpec.Backend backend : JobSpec.Backend.values()) {
      for (int neurons : NEURONS) {
        for (String operator : operators()) {
          if (backend == ROCKSDB || neurons != COUNTED) {
            arms.add(
                arm(
                    plan,
                    row(backend, neurons, operator),
                    1,
                    spec(plan, neurons, operator, seconds).on(backend)));
          }
        }
      }
    }
  }

  @Override
  void report(Results results, Report report) {
    List<String> columns = new ArrayList<>(List.of("events/s"));
    columns.addAll(operators());
    columns.add("ours ÷ ceiling");
    TextTable table =
        new TextTable(
            "job: one slot, %d series at random, 8 features, medians".formatted(SERIES), columns);
    for (JobSpec.Backend backend : JobSpec.Backend.values()) {
      for (int neurons : NEURONS) {
        List<String> cells = new ArrayList<>();
        cells.add((backend == HASHMAP ? "heap" : "rocksdb") + " lstm" + neurons);
        for (String operator : operators()) {
          cells.add(results.cell(row(backend, neurons, operator), EVENTS));
        }
        cells.add(
            Cells.quotient(
                results.samples(row(backend, neurons, OURS), EVENTS),
                results.samples(row(backend, neurons, CEILING), EVENTS)));
        Cells.row(table, cells);
      }
    }
    report.table(table);
    TextTable checkpoints =
        new TextTable("ours, lstm64, with checkpoints", List.of("", "events/s"));
    Cells.row(checkpoints, List.of("heap", results.cell(HEAP_CHECKPOINTS, EVENTS)));
    Cells.row(checkpoints, List.of("rocksdb", results.cell(ROCKSDB_CHECKPOINTS, EVENTS)));
    report.table(checkpoints);
    if (results.samples(KERNEL, Jmh.NANOS).isPresent()) {
      report.note(
          "the kernel alone at 64 rows: "
              + results.cell(KERNEL, Jmh.NANOS, ns -> ns / COUNTED)
              + " ns per row");
    }

    String ours = row(HASHMAP, COUNTED, OURS);
    String ceiling = row(HASHMAP, COUNTED, CEILING);
    results.ratio(report, "job.heap.lstm64.ceiling", ours, ceiling, EVENTS);
    overhead(results, report, ours, ceiling);
    results.ratio(report, "job.heap.lstm64.event", ours, row(HASHMAP, COUNTED, EVENT), EVENTS);
    results.ratio(report, "job.heap.lstm64.batched", ours, row(HASHMAP, COUNTED, BATCHED), EVENTS);
    results.ratio(report, "job.rocksdb.lstm64", ROCKSDB_CHECKPOINTS, HEAP_CHECKPOINTS, EVENTS);
  }

  /** (ns per event of ours - of the ceiling) ÷ the kernel's ns per row. */
  private static void overhead(Results results, Report report, String ours, String ceiling) {
    Optional<Samples> own = results.samples(ours, EVENTS);
    Optional<Samples> bare = results.samples(ceiling, EVENTS);
    Optional<Samples> kernel = results.samples(KERNEL, Jmh.NANOS);
    if (own.isEmpty() || bare.isEmpty() || kernel.isEmpty()) {
      return;
    }
    List<Double> each = new ArrayList<>();
    int rounds =
        Math.min(
            Math.min(own.get().values().size(), bare.get().values().size()),
            kernel.get().values().size());
    for (int i = 0; i < rounds; i++) {
      each.add(
          overhead(
              own.get().values().get(i), bare.get().values().get(i), kernel.get().values().get(i)));
    }
    report.ratio(
        "job.heap.lstm64.overhead",
        overhead(own.get().median(), bare.get().median(), kernel.get().median()),
        new Samples(each));
  }

  private static double overhead(double ours, double ceiling, double kernelNanos) {
    return (1e9 / ours - 1e9 / ceiling) / (kernelNanos / COUNTED);
  }
}
