package io.unroll.bench.table;

import static io.unroll.bench.stream.JobSpec.Backend.HASHMAP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.bench.fork.Alternation;
import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.report.Machine;
import io.unroll.bench.report.Report;
import io.unroll.bench.stream.JobSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class SeriesTableTest {
  @Test
  void theRowsOfSeries1mHaveTheSameHeap() {
    assertEquals(8192, SeriesTable.heapMegabytes(HASHMAP, 1_000));
    assertEquals(8192, SeriesTable.heapMegabytes(HASHMAP, 1_000_000));
  }

  @Test
  void closingIsMeasuredAndSaidWithAndWithoutADecoder() throws Exception {
    SeriesTable table = new SeriesTable();
    Plan plan = new Plan(false, 1, 1, 1, Pattern.compile(""), Path.of("unused"));
    List<Arm> arms = new ArrayList<>();
    for (Arm arm : table.arms(plan)) {
      if (arm.name().contains("closing")) {
        double millis = arm.name().endsWith("decoded") ? 750 : 250;
        arms.add(
            new Arm(
                arm.name(),
                arm.forks(),
                () -> Map.of(JobSpec.CLOSED, millis, JobSpec.BARRIER, millis + 1)));
      }
    }
    Results results = Alternation.run(arms, new PrintWriter(new StringWriter()));
    Report report = new Report("series", new Machine(Map.of()));
    table.report(results, report);
    StringWriter printed = new StringWriter();
    report.print(new PrintWriter(printed));
    List<String> lines =
        printed.toString().lines().filter(line -> line.contains("closing")).toList();
    assertEquals(
        List.of(
            "heap closing 250 251",
            "heap closing decoded 750 751",
            "rocksdb closing 250 251",
            "rocksdb closing decoded 750 751",
            "heap closing decoded: 3.00 times as long, 5.00 µs more per sequence",
            "rocksdb closing decoded: 3.00 times as long, 5.00 µs more per sequence"),
        lines.stream().map(line -> line.replaceAll(" +", " ")).toList());
  }
}
