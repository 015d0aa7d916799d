package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a person is told of several pipelines at once. */
final class JobProgressTest {
  private final StringWriter said = new StringWriter();
  private final List<String> shown = new ArrayList<>();

  private static final class Stopped implements Progress.Clock {
    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public long millis() {
      return 0;
    }
  }

  private JobProgress of(List<String> names, boolean live) {
    return new JobProgress(
        "job", names, new PrintWriter(said, true), live ? shown::add : null, new Stopped());
  }

  private static Map<String, RunStatus> statuses(List<String> names, long inputs) {
    Counters readings = new Counters();
    readings.add(Counter.INPUTS, inputs);
    Map<String, RunStatus> statuses = new LinkedHashMap<>();
    for (String name : names) {
      statuses.put(
          name,
          new RunStatus(
              Counts.of(Accounts.of(name), Map.of(Accounts.of(name).readings(), readings)),
              OptionalLong.of(3),
              null,
              false));
    }
    return statuses;
  }

  @Test
  void aLogHasALineForEach() {
    List<String> names = List.of("a", "b");
    of(names, false).report(statuses(names, 5));
    List<String> lines = said.toString().lines().toList();
    assertEquals(2, lines.size(), said.toString());
    assertTrue(lines.get(0).startsWith("a: running, 5 inputs, "), lines.get(0));
    assertTrue(lines.get(1).startsWith("b: running, 5 inputs, "), lines.get(1));
  }

  @Test
  void aTerminalHasOneLineForAll() {
    List<String> names = List.of("weather", "indices");
    of(names, true).report(statuses(names, 1500));
    assertEquals(
        "weather: 1,500 in, 0/s, lag 3, 0 open | indices: 1,500 in, 0/s, lag 3, 0 open",
        shown.get(shown.size() - 1));
  }

  @Test
  void theLineFitsHoweverManyThereAre() {
    for (int pipelines = 1; pipelines <= 12; pipelines++) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < pipelines; i++) {
        names.add("pipeline-with-a-name-that-is-long-" + i);
      }
      of(names, true).report(statuses(names, 123_456_789));
      String line = shown.get(shown.size() - 1);
      assertTrue(line.length() <= 80, line);
      assertTrue(line.contains(": 123,456,789 in"), line);
      assertEquals(pipelines > 3, line.endsWith(" more"), line);
    }
  }

  @Test
  void whatStaysIsSaidOfTheJob() {
    of(List.of("a", "b"), false).say("restored from chk-1");
    assertEquals("job: restored from chk-1\n", said.toString());
  }
}
