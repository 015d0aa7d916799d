package io.unroll.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.bench.fork.Alternation;
import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.Jmh;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.peer.Peers;
import io.unroll.bench.report.Machine;
import io.unroll.bench.report.Report;
import io.unroll.bench.report.Target;
import io.unroll.bench.stream.JobSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every ratio is printed by its table, from the rows that the table measures, also quickly. */
final class RatiosTest {
  private static final Map<String, Double> FIGURES =
      Map.of(
          Jmh.NANOS,
          100.0,
          Jmh.BYTES,
          10.0,
          JobSpec.EVENTS,
          1000.0,
          JobSpec.P99,
          3.0,
          JobSpec.CHECKPOINT_BYTES,
          600e6);

  /** What stands in for ONNX Runtime's rows in a build without it. */
  private static List<String> peerRows(Table table) {
    return switch (table.name()) {
      case "kernel" ->
          List.of("lstm64.b1", "lstm64.b64", "lstm256.b64").stream()
              .map(shape -> shape + " " + Peers.ONNX_RUNTIME)
              .toList();
      case "job" -> List.of("heap lstm64 onnxruntime per event", "heap lstm64 onnxruntime batched");
      default -> List.of();
    };
  }

  private static Set<String> printed(Table table, boolean quick) throws InterruptedException {
    Plan plan = new Plan(quick, 3, 1, 1, Pattern.compile(""), Path.of("unused"));
    List<Arm> arms = new ArrayList<>();
    for (Arm arm : table.arms(plan)) {
      arms.add(new Arm(arm.name(), arm.forks(), () -> FIGURES));
    }
    if (!Table.peers()) {
      for (String row : peerRows(table)) {
        arms.add(new Arm(row, 3, () -> FIGURES));
      }
    }
    Results results = Alternation.run(arms, new PrintWriter(new StringWriter()));
    Report report = new Report(table.name(), new Machine(Map.of()));
    table.report(results, report);
    return report.ratios().keySet();
  }

  @Test
  void everyRatioIsPrintedByItsTable() throws Exception {
    for (Table table :
        List.of(
            new KernelTable(),
            new JobTable(),
            new KafkaTable(),
            new SeriesTable(),
            new UnrollTable())) {
      Set<String> expected =
          Target.ALL.stream()
              .filter(target -> target.table().equals(table.name()))
              .map(Target::ratio)
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(expected, new TreeSet<>(printed(table, false)), table.name());
      assertEquals(expected, new TreeSet<>(printed(table, true)), table.name() + " --quick");
    }
  }

  /** The names that issue and scripts know. */
  @Test
  void theRatiosAreThoseThatWereAskedFor() {
    assertEquals(
        List.of(
            "kernel.lstm64.b1",
            "kernel.lstm64.b64",
            "kernel.lstm256.b64",
            "kernel.lstm256.b64.limit",
            "job.heap.lstm64.ceiling",
            "job.heap.lstm64.overhead",
            "job.heap.lstm64.event",
            "job.heap.lstm64.batched",
            "job.rocksdb.lstm64",
            "kafka.lstm64",
            "series.1m",
            "series.bytes",
            "series.p99ms",
            "series.p99ms.rocksdb"),
        Target.ALL.stream().map(Target::ratio).toList());
  }
}
