package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Transform;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.DynamicUnroll;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Series that are served by windows of their last inputs. */
final class WindowTest {
  private static final int WINDOW = 4;

  private static final SequenceConfig STATEFUL =
      TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.STEP);
  private static final SequenceConfig CONFIG = TestModels.window(STATEFUL, WINDOW);

  private static double[] features(long timestamp) {
    return new double[] {0.3, timestamp % 7 * 0.1, -0.4};
  }

  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, features(timestamp));
  }

  /** What the last inputs up to {@code timestamp} give from the initial state. */
  private static float[] unrolled(long opened, long timestamp, int window) {
    RecurrentModel model = TestModels.read(TestModels.rnn());
    long first = Math.max(opened, timestamp - window + 1);
    float[][] inputs = new float[(int) (timestamp - first) + 1][3];
    for (int t = 0; t < inputs.length; t++) {
      for (int i = 0; i < 3; i++) {
        inputs[t][i] = (float) features(first + t)[i];
      }
    }
    return new DynamicUnroll(model).run(new float[][][] {inputs}).lastOutputs()[0];
  }

  @ParameterizedTest
  @OnBackends
  void everyStepIsTheUnrolledWindowToTheBit(Backend backend) throws Exception {
    for (int window : new int[] {1, 2, WINDOW, 30}) {
      try (SequenceHarness harness =
          SequenceHarness.open(backend, TestModels.window(STATEFUL, window))) {
        for (long t = 5000; t < 5012; t++) {
          harness.observe(at("A", t));
          if (t >= 5003) {
            harness.observe(at("B", t)); // has fewer inputs
          }
        }
        for (Prediction p : harness.predictions()) {
          long opened = p.series.equals("A") ? 5000 : 5003;
          assertEquals(p.timestamp - opened, p.step);
          assertArrayEquals(
              unrolled(opened, p.timestamp, window), p.output, p.series + " " + p.step);
        }
        assertEquals(12 + 9, harness.predictions().size());
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void aRestoreMidSequenceKeepsTheWindow(Backend backend) throws Exception {
    for (int cut : new int[] {5001, 5006}) { // before the window is full, and after
      OperatorSubtaskState snapshot;
      try (SequenceHarness before = SequenceHarness.open(backend, CONFIG)) {
        for (long t = 5000; t < cut; t++) {
          before.observe(at("A", t));
        }
        snapshot = before.snapshot();
        before.observe(at("A", cut)); // after the snapshot: must not be in it
      }
      try (SequenceHarness after = SequenceHarness.restore(backend, CONFIG, snapshot)) {
        for (long t = cut; t < cut + 6; t++) {
          after.observe(at("A", t));
        }
        List<Prediction> predictions = after.predictions();
        for (Prediction p : predictions) {
          assertArrayEquals(unrolled(5000, p.timestamp, WINDOW), p.output, "step " + p.step);
        }
        assertEquals(6, predictions.size());
        assertEquals(cut - 5000, predictions.get(0).step);
      }
    }
  }

  @ParameterizedTest
  @OnBackends
  void aNewSequenceStartsWithAnEmptyWindow(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, CONFIG)) {
      for (long t = 5000; t < 5006; t++) {
        Observation observation = at("A", t);
        harness.observe(t == 5005 ? observation.andEnd() : observation);
      }
      harness.observe(at("A", 5006));
      harness.observe(at("A", 5007));
      List<Prediction> predictions = harness.predictions();
      assertEquals(0, predictions.get(6).step);
      assertArrayEquals(unrolled(5006, 5006, WINDOW), predictions.get(6).output);
      assertArrayEquals(unrolled(5006, 5007, WINDOW), predictions.get(7).output);

      harness.observe(at("A", 8000)); // past due
      assertArrayEquals(unrolled(8000, 8000, WINDOW), harness.predictions().get(8).output);
    }
  }

  @ParameterizedTest
  @OnBackends
  void aRejectedObservationDoesNotEnterTheWindow(Backend backend) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(backend, CONFIG)) {
      harness.observe(at("A", 5000));
      harness.observe(Observation.of("A", 5000, 0.3, Double.NaN, 1));
      harness.observe(at("A", 5001));
      assertEquals(1, harness.count(Counter.REJECTED));
      assertArrayEquals(unrolled(5000, 5001, WINDOW), harness.predictions().get(1).output);
    }
  }

  private static OperatorSubtaskState written(SequenceConfig config) throws Exception {
    try (SequenceHarness before = SequenceHarness.open(Backend.HEAP, config)) {
      before.observe(at("A", 5000));
      return before.snapshot();
    }
  }

  private static void assertRefused(
      String found, String expected, SequenceConfig config, OperatorSubtaskState state) {
    Exception e =
        assertThrows(
            Exception.class, () -> SequenceHarness.restore(Backend.HEAP, config, state).close());
    String message = String.valueOf(e.getMessage());
    assertTrue(
        message.contains("\n  sequence.window: was " + found + ", is " + expected + "\n"), message);
  }

  @Test
  void stateOfAnotherWindowIsRefused() throws Exception {
    OperatorSubtaskState windows = written(CONFIG);
    OperatorSubtaskState stateful = written(STATEFUL);
    assertRefused("4", "none", STATEFUL, windows);
    assertRefused("none", "4", CONFIG, stateful);
    assertRefused("4", "5", TestModels.window(STATEFUL, 5), windows);
  }

  /** Written by the code as it was before there were windows; see {@link #at}. */
  private static OperatorSubtaskState beforeThereWereWindows() throws Exception {
    URL fixture = WindowTest.class.getResource("/state/operator-without-window.bin");
    assertNotNull(fixture, "the fixture state/operator-without-window.bin is missing");
    return OperatorSnapshotUtil.readStateHandle(Path.of(fixture.toURI()).toString());
  }

  @Test
  void stateFromBeforeThereWereWindowsIsStateful() throws Exception {
    double[][] inputs = new double[3][];
    for (int t = 0; t < 3; t++) {
      inputs[t] = new double[] {0.3, (5000 + t) % 5 * 0.1, -0.4};
    }
    float[][] expected = TestModels.alone(TestModels.rnn(), inputs);
    try (SequenceHarness after =
        SequenceHarness.restore(Backend.HEAP, STATEFUL, beforeThereWereWindows())) {
      after.observe(Observation.of("A", 5002, inputs[2]));
      Prediction third = after.predictions().get(0);
      assertEquals(2, third.step);
      // The steps before were the plain kernel's, this one is the fastest kernel's.
      assertArrayEquals(expected[2], third.output, 1e-6f);
      assertEquals(3, after.count(Counter.STEPS));
      OperatorSubtaskState again = after.snapshot();
      SequenceHarness.restore(Backend.HEAP, STATEFUL, again).close();
    }
    assertTold("with no window, this job has a window of 4 inputs: ", CONFIG);
    assertTold("by model ", TestModels.logReturns(1000, Boundaries.NO_LIMIT));
    assertTold("in order arrival, this job has event-time: ", STATEFUL.with(Order.EVENT_TIME));
    SequenceConfig differences =
        SequenceConfig.of(
            STATEFUL.model(),
            List.of(
                Feature.raw("x0"),
                Feature.raw("x1"),
                new Feature("x2", new Transform(Transform.Kind.DIFF, 1))));
    assertTold(
        "with the transforms none, none, none, this job has none, none, 1.0 x diff: ", differences);
  }

  /** State from before there were signatures says what it knew. */
  private static void assertTold(String difference, SequenceConfig config) throws Exception {
    OperatorSubtaskState state = beforeThereWereWindows();
    Exception e =
        assertThrows(
            Exception.class, () -> SequenceHarness.restore(Backend.HEAP, config, state).close());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("state was written " + difference), message);
  }

  @Test
  void aWindowOfNoLengthIsRefused() {
    for (int inputs : new int[] {-1, 100_001}) {
      assertEquals(
          "window: found " + inputs + " inputs, expected 1 to 100000, or 0 for none",
          assertThrows(IllegalArgumentException.class, () -> TestModels.window(STATEFUL, inputs))
              .getMessage());
    }
  }
}
