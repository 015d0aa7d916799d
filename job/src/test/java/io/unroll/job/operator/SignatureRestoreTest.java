package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Gap;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.signature.Line;
import io.unroll.job.signature.Signature;
import io.unroll.job.state.Counter;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.executiongraph.failover.ExecutionFailureHandler;
import org.junit.jupiter.params.ParameterizedTest;

/** The pipeline signature in the operator's state, on every backend. */
final class SignatureRestoreTest {
  private static final SequenceConfig CONFIG =
      TestModels.config(TestModels.rnn(), 10_000, Boundaries.NO_LIMIT, Emit.STEP);

  private static SequenceConfig features(Feature... features) {
    return SequenceConfig.of(TestModels.rnn(), List.of(features));
  }

  private static Observation at(long timestamp, double first) {
    return Observation.of("A", timestamp, first, 0.2, -0.4);
  }

  private static OperatorSubtaskState written(Backend backend, SequenceConfig config)
      throws Exception {
    try (SequenceHarness before = SequenceHarness.open(backend, config)) {
      before.observe(at(5000, 0.3));
      return before.savepoint();
    }
  }

  private static List<String> differences(
      Backend backend, SequenceConfig before, SequenceConfig after) throws Exception {
    OperatorSubtaskState state = written(backend, before);
    Exception refused =
        assertThrows(Exception.class, () -> SequenceHarness.restore(backend, after, state).close());
    assertTrue(
        ExecutionFailureHandler.isUnrecoverableError(refused), "Flink would try the same again");
    return String.valueOf(refused.getMessage())
        .lines()
        .filter(line -> line.startsWith("  "))
        .map(String::strip)
        .toList();
  }

  @ParameterizedTest
  @OnBackends
  void featuresInAnotherOrder(Backend backend) throws Exception {
    assertEquals(
        List.of("features[0]: was a, is b", "features[1]: was b, is a"),
        differences(
            backend,
            features(Feature.raw("a"), Feature.raw("b"), Feature.raw("c")),
            features(Feature.raw("b"), Feature.raw("a"), Feature.raw("c"))));
  }

  @ParameterizedTest
  @OnBackends
  void scales(Backend backend) throws Exception {
    SequenceConfig raw = features(Feature.raw("a"), Feature.raw("b"), Feature.raw("c"));
    SequenceConfig scaled = scaled(new Scale.Constant(new Norm(1, 0.1)));
    SequenceConfig table = scaled(new Scale.Table(Map.of("A", new Norm(1, 2)), null));
    assertEquals(
        List.of("features[2]: was c, is c (scale mean 1 std 0.1)"),
        differences(backend, raw, scaled));
    assertEquals(
        List.of("features[2]: was c (scale mean 1 std 0.1), is c (scale mean -2.5 std 0.1)"),
        differences(backend, scaled, scaled(new Scale.Constant(new Norm(-2.5, 0.1)))));
    for (Scale other :
        List.of(
            new Scale.Table(Map.of("A", new Norm(1, 3)), null),
            new Scale.Table(Map.of("B", new Norm(1, 2)), null),
            new Scale.Table(Map.of("A", new Norm(1, 2)), new Norm(1, 2)))) {
      List<String> found = differences(backend, table, scaled(other));
      assertEquals(1, found.size(), found.toString());
      assertTrue(
          found
              .get(0)
              .startsWith("features[2]: was c (scale from a table of 1 series with digest "),
          found.get(0));
    }
    try (SequenceHarness same = SequenceHarness.restore(backend, table, written(backend, table))) {
      same.observe(at(5001, 0.1));
      assertEquals(2, same.count(Counter.STEPS));
    }
  }

  private static SequenceConfig scaled(Scale scale) {
    return features(Feature.raw("a"), Feature.raw("b"), Feature.raw("c").scaled(scale));
  }

  /** They wait in the state for the close, by their place. */
  @ParameterizedTest
  @OnBackends
  void whatTheStateHoldsByItsPlace(Backend backend) throws Exception {
    SequenceConfig held = keeping(true, "note");
    assertEquals(
        List.of("observation.keep: was note, is more, note"),
        differences(backend, held, keeping(true, "more", "note")));
    SequenceHarness.restore(backend, keeping(false, "more"), written(backend, held)).close();
    SequenceConfig ordered = CONFIG.with(Order.EVENT_TIME);
    SequenceConfig truth =
        SequenceConfig.of(
                TestModels.rnn(),
                List.of(
                    Feature.raw("x0"), Feature.raw("x1"), Feature.raw("x2"), Feature.truth("y")))
            .with(Order.EVENT_TIME);
    assertEquals(List.of("evaluate.against: was none, is y"), differences(backend, ordered, truth));
  }

  private static SequenceConfig keeping(boolean held, String... names) {
    return CONFIG.with(Signature.of(List.of(Line.held("observation.keep", held, List.of(names)))));
  }

  /** Every subtask writes it, and all of them read it when there are more or fewer. */
  @ParameterizedTest
  @OnBackends
  void survivesRescaling(Backend backend) throws Exception {
    OperatorSubtaskState state = written(backend, CONFIG);
    for (int subtask = 0; subtask < 3; subtask++) {
      OperatorSubtaskState part = SequenceHarness.part(state, 1, 3, subtask);
      int one = subtask;
      SequenceHarness.restore(backend, CONFIG, part, 3, subtask).close();
      assertThrows(
          Exception.class,
          () ->
              SequenceHarness.restore(
                      backend,
                      features(Feature.raw("x1"), Feature.raw("x0"), Feature.raw("x2")),
                      part,
                      3,
                      one)
                  .close());
    }
  }

  /** Gaps are filled, are no longer, and are again: not with what the model saw in between. */
  @ParameterizedTest
  @OnBackends
  void aGapIsNotFilledWithTheInputsOfAnEarlierStep(Backend backend) throws Exception {
    SequenceConfig filling = CONFIG.with(Gap.previous(1000, 5));
    OperatorSubtaskState state;
    try (SequenceHarness first = SequenceHarness.open(backend, filling)) {
      first.observe(at(5000, 0.1));
      state = first.snapshot();
    }
    try (SequenceHarness second = SequenceHarness.restore(backend, CONFIG, state)) {
      second.observe(at(6000, 0.9));
      state = second.snapshot();
    }
    try (SequenceHarness third = SequenceHarness.restore(backend, filling, state)) {
      third.observe(at(8000, 0.5)); // one is missing, and what was before it is not known
      assertEquals(1, third.predictions().size());
      third.observe(at(10_000, 0.5)); // this one is filled
      assertEquals(3, third.predictions().size());
      assertEquals(1, third.count(Counter.FILLED));
      assertNull(third.rejected().stream().findAny().orElse(null));
    }
  }
}
