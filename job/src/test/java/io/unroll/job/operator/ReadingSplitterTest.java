package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counters;
import io.unroll.job.state.CountersAccumulator;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What becomes of a record of one, of several and of none, and how it is counted. */
@SuppressWarnings("try") // the harness declares that close throws anything
class ReadingSplitterTest {
  private static Reading observed(int number) {
    return Reading.of(Observation.of("a", 1000, 1).at("t/0@5#", number));
  }

  private static Reading rejected(String input, String series) {
    Rejected rejected = new Rejected();
    rejected.input = input;
    rejected.series = series;
    rejected.reason = "why";
    return Reading.of(rejected);
  }

  private static OneInputStreamOperatorTestHarness<Reading, Observation> open(
      OperatorSubtaskState state) throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new ReadingSplitter(Accounts.ALONE)));
    harness.setup();
    if (state == null) {
      harness.initializeEmptyState();
    } else {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static Counters counters(OneInputStreamOperatorTestHarness<Reading, ?> harness) {
    return ((CountersAccumulator)
            harness.getEnvironment().getAccumulatorRegistry().getUserMap().get("readings"))
        .getLocalValue();
  }

  @Test
  void aRecordOfSeveralGoesOnInItsOrderAndCountsEach() throws Exception {
    try (var harness = open(null)) {
      harness.processElement(
          Reading.ofAll(
              List.of(
                  observed(0), rejected("t/0@5#1", null), rejected("t/0@5#2", "a"), observed(3))),
          2000);
      List<String> out = new ArrayList<>();
      for (StreamRecord<? extends Observation> each : harness.extractOutputStreamRecords()) {
        Observation one = each.getValue();
        out.add(one.rejected == null ? one.input() : "rejected " + one.rejected.input);
      }
      assertEquals(List.of("t/0@5#0", "rejected t/0@5#2", "t/0@5#3"), out);
      assertEquals("t/0@5#1", harness.getSideOutput(Outputs.REJECTED).remove().getValue().input);
      assertEquals("inputs 4, rejected 1", counters(harness).toString());
    }
  }

  @Test
  void aSkippedRecordIsCountedAndGoesNowhereAlsoBehindARestore() throws Exception {
    OperatorSubtaskState state;
    try (var harness = open(null)) {
      harness.processElement(Reading.skipped(), 0);
      harness.processElement(Reading.ofAll(List.of()), 0);
      harness.processElement(observed(0), 0);
      assertEquals(1, harness.extractOutputValues().size());
      assertEquals("inputs 3, skipped 2", counters(harness).toString());
      state = harness.snapshot(1, 1);
      harness.processElement(Reading.skipped(), 0); // behind the checkpoint: not yet
    }
    try (var harness = open(state)) {
      assertEquals("inputs 3, skipped 2", counters(harness).toString());
      harness.processElement(Reading.skipped(), 0);
      assertEquals("inputs 4, skipped 3", counters(harness).toString());
    }
  }
}
