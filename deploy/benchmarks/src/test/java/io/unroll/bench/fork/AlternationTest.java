package io.unroll.bench.fork;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.bench.report.Machine;
import io.unroll.bench.report.Report;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AlternationTest {
  private final List<String> order = new ArrayList<>();

  private Arm arm(String name, int forks) {
    return new Arm(
        name,
        forks,
        () -> {
          order.add(name);
          return Map.of("ns", (double) order.size());
        });
  }

  @Test
  void rowsComeInTurns() throws Exception {
    StringWriter progress = new StringWriter();
    Results results =
        Alternation.run(List.of(arm("A", 3), arm("B", 1), arm("C", 2)), new PrintWriter(progress));
    assertEquals(List.of("A", "B", "C", "A", "C", "A"), order);
    assertEquals(List.of(1.0, 4.0, 6.0), results.samples("A", "ns").orElseThrow().values());
    assertEquals("2.00", results.cell("B", "ns"));
    assertEquals("400", results.cell("B", "ns", ns -> 200 * ns));
    assertEquals("-", results.cell("D", "ns"));
    assertEquals(Optional.empty(), results.samples("A", "bytes"));
    assertEquals(6, progress.toString().lines().count());
  }

  @Test
  void aRowThatFailsIsLeftOutAndTheOthersGoOn() throws Exception {
    Arm failing =
        new Arm(
            "F",
            3,
            () -> {
              order.add("F");
              throw new MeasurementException("no luck");
            });
    Results results =
        Alternation.run(List.of(failing, arm("A", 2)), new PrintWriter(new StringWriter()));
    assertEquals(List.of("F", "A", "A"), order);
    assertEquals(Map.of("F", "no luck"), results.failures());
    assertEquals("failed", results.cell("F", "ns"));
  }

  @Test
  void aRowThatFailsLateFeedsNoRatio() throws Exception {
    Arm failing =
        new Arm(
            "F",
            3,
            () -> {
              if (!order.contains("F")) {
                order.add("F");
                return Map.of("ns", 1.0);
              }
              throw new MeasurementException("no luck any more");
            });
    Results results =
        Alternation.run(
            List.of(failing, arm("A", 3), arm("B", 3)), new PrintWriter(new StringWriter()));
    assertEquals(Optional.empty(), results.samples("F", "ns"));
    assertEquals("failed", results.cell("F", "ns"));
    Report report = new Report("kernel", new Machine(Map.of()));
    results.ratio(report, "kernel.lstm64.b1", "A", "F", "ns");
    results.ratio(report, "kernel.lstm64.b64", "F", "A", "ns");
    results.ratio(report, "kernel.lstm256.b64", "A", "B", "ns");
    assertEquals(Set.of("kernel.lstm256.b64"), report.ratios().keySet());
    results.into(report);
    assertEquals(1, new ObjectMapper().readTree(report.json()).at("/measured/F/ns").size());
  }
}
