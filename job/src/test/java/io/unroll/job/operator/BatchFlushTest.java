package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Advance;
import io.unroll.job.life.Batch;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Features;
import io.unroll.job.life.Row;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.ServedModel;
import io.unroll.job.state.SequenceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Rows that are added while others are settled: none is lost, none spoils another's result. */
final class BatchFlushTest {
  private static final int CAPACITY = 3;
  private static final List<Feature> FEATURES =
      List.of(Feature.raw("a"), Feature.raw("b"), Feature.raw("c"));

  private final List<String> rejected = new ArrayList<>();
  private final Map<String, List<float[]>> outputs = new TreeMap<>();
  private final Map<String, SequenceState> states = new TreeMap<>();

  /** What a settled row leads to. */
  private interface Next {
    void after(String series, int steps) throws Exception;
  }

  private Next next = (series, steps) -> {};

  private final ServedModel served =
      ServedModel.of(
          SequenceConfig.of(TestModels.rnn(), FEATURES),
          new Features(FEATURES),
          TestModels.read(TestModels.rnn()),
          null,
          CAPACITY,
          new Batch.Settler() {
            @Override
            public void settle(Row row, int index) throws Exception {
              String series = row.series();
              SequenceState state = states.computeIfAbsent(series, one -> new SequenceState());
              Advance advance = row.served().advance();
              state.hidden = advance.initialState();
              // First what is added, then the results: they must be there still.
              List<float[]> ofSeries = outputs.computeIfAbsent(series, one -> new ArrayList<>());
              next.after(series, ofSeries.size() + 1);
              advance.takeHidden(index, state.hidden);
              ofSeries.add(advance.output(index));
            }

            @Override
            public void reject(Row row, String reason) {
              rejected.add(row.series() + ": " + reason);
            }
          });
  private final Batch batch = served.batch();

  private static double[] input(String series, int step) {
    return new double[] {series.hashCode() % 7 * 0.1, step * 0.3, -0.4};
  }

  private boolean add(String series, int step) throws Exception {
    return add(series, input(series, step));
  }

  private boolean add(String series, double[] raw) throws Exception {
    Observation observation = Observation.of(series, 5000, raw);
    return batch.add(
        new Row(
            served,
            series,
            observation,
            raw,
            new double[0],
            new double[0],
            states.get(series),
            null,
            observation.timestamp,
            null,
            false));
  }

  /** The sizes of the batches that ran. */
  private List<Integer> flush() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    for (int rows = batch.flush(); rows > 0; rows = batch.flush()) {
      sizes.add(rows);
    }
    assertEquals(0, batch.size());
    assertFalse(batch.mayHold("A"));
    return sizes;
  }

  private void assertAsAlone(String series, int steps) {
    double[][] inputs = new double[steps][];
    for (int step = 0; step < steps; step++) {
      inputs[step] = input(series, step);
    }
    float[][] alone = TestModels.alone(TestModels.rnn(), inputs);
    assertEquals(steps, outputs.get(series).size(), series);
    for (int step = 0; step < steps; step++) {
      assertArrayEquals(alone[step], outputs.get(series).get(step), series + ", step " + step);
    }
  }

  @Test
  void aRowThatAsksForTheNextStepOfItsSeriesGetsIt() throws Exception {
    next =
        (series, steps) -> {
          if (steps < 4) {
            assertFalse(add(series, steps), "waits aside");
            assertTrue(batch.mayHold(series));
          }
        };
    for (String series : List.of("A", "B", "C")) {
      assertTrue(add(series, 0));
    }
    assertEquals(List.of(3, 3, 3, 3), flush());
    for (String series : List.of("A", "B", "C")) {
      assertAsAlone(series, 4);
    }
  }

  @Test
  void moreRowsThanTheBatchHasRoomForWaitTheirTurn() throws Exception {
    List<String> others = List.of("B", "C", "D", "E", "F");
    next =
        (series, steps) -> {
          if (series.equals("A")) {
            for (String other : others) {
              add(other, 0);
            }
          } else if (steps < 2) {
            add(series, steps);
          }
        };
    add("A", 0);
    assertEquals(List.of(1, 3, 3, 3, 1), flush()); // BCD EFB CDE F
    assertAsAlone("A", 1);
    for (String other : others) {
      assertAsAlone(other, 2);
    }
  }

  @Test
  void aRowAddedToAFullBatchWaitsAside() throws Exception {
    for (String series : List.of("A", "B", "C")) {
      assertTrue(add(series, 0));
    }
    assertFalse(add("D", 0));
    assertTrue(batch.mayHold("D"));
    assertEquals(List.of(3, 1), flush());
    assertAsAlone("D", 1);
  }

  @Test
  void aRowThatCannotBeSteppedIsRejectedWhenItsTurnComes() throws Exception {
    next =
        (series, steps) -> {
          if (steps == 1) {
            add(series, series.equals("A") ? new double[] {1e300, 0, 0} : input(series, 1));
          }
        };
    add("A", 0);
    add("B", 0);
    assertEquals(List.of(2, 1), flush());
    assertEquals(List.of("A: feature 'a': none of 1.0E300 is not finite in float32"), rejected);
    assertAsAlone("A", 1);
    assertAsAlone("B", 2);
  }

  @Test
  void aFlushWithinAFlushLeavesItToTheOuterOne() throws Exception {
    next =
        (series, steps) -> {
          if (steps == 1) {
            add(series, 1);
            assertEquals(0, batch.flush());
          }
        };
    add("A", 0);
    assertEquals(List.of(1, 1), flush());
    assertAsAlone("A", 2);
  }
}
