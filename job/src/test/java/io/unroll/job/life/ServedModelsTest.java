package io.unroll.job.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.state.Counters;
import io.unroll.job.state.EvaluationSums;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStore;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.onnx.OnnxFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Which model steps a series, and that state of any other is refused whatever asks for it. */
final class ServedModelsTest {
  private static final String SERIES = "A";

  private final OneSeries store = new OneSeries();
  private final List<Prediction> predictions = new ArrayList<>();
  private final ServedModel served = serving(Feature.raw("price"));
  private final ServedModels models = new ServedModels(served);

  /** A model of one input and one output. */
  private static RecurrentModel model(float weight) {
    return RecurrentModel.builder()
        .name("model")
        .inputs(1)
        .rnn(
            new CellWeights(
                "rnn", 1, 1, new float[] {weight}, new float[] {0.5f}, new float[1], new float[1]))
        .build();
  }

  /** A model that sees one feature. */
  static ServedModel serving(Feature feature) {
    RecurrentModel model = model(0.25f);
    return ServedModel.of(
        SequenceConfig.of(OnnxFile.of(model), List.of(feature)),
        new Features(List.of(feature)),
        model,
        null,
        1,
        new Unsettled());
  }

  private SequenceLife life(SequenceClock clock) {
    Counters counters = new Counters();
    Evaluator evaluator =
        new Evaluator(List.of(), new EvaluationSums(), "model", new Predictions());
    return new SequenceLife(
        new Rules(
            Boundaries.NONE.withIdleTimeout(1000).withClock(clock),
            Emission.EVERY_STEP,
            null,
            null,
            false),
        models,
        store,
        new StandingClock(),
        null,
        counters,
        new Emitter(new Predictions(), counters, 0, evaluator),
        evaluator);
  }

  private static Observation at(long timestamp) {
    return Observation.of(SERIES, timestamp, 0.5).at("t/0@", timestamp);
  }

  /** Takes an observation as the operator does, and lets its row step. */
  private static void step(SequenceLife life, long timestamp) throws Exception {
    Row row = Objects.requireNonNull(life.observe(SERIES, at(timestamp)));
    Advance advance = row.served().advance();
    assertNull(advance.load(0, row));
    advance.run(1);
    assertNull(life.settle(row, 0));
  }

  @Test
  void theStateOfASequenceNamesTheModelThatSteppedIt() throws Exception {
    step(life(SequenceClock.EVENT), 500);
    SequenceState open = store.state();
    assertEquals(ServedModel.fingerprint(model(0.25f)), open.model);
    assertNotEquals(ServedModel.fingerprint(model(0.75f)), open.model);
    assertSame(served, models.of(SERIES, open));
    assertEquals(served.id(), predictions.get(0).model);
  }

  @Test
  void aSequenceThatGoesOnIsSteppedByItsModelAndOneThatOpensByTheNewest() throws Exception {
    step(life(SequenceClock.EVENT), 500);
    SequenceState open = store.state();
    assertSame(models.of(SERIES, open), models.stepping(SERIES, open, null));
    open.model++;
    assertThrows(IllegalStateException.class, () -> models.stepping(SERIES, open, null));
    assertSame(models.newest(), models.stepping(SERIES, open, CloseReason.IDLE));
    assertSame(models.newest(), models.stepping(SERIES, SequenceState.closed(), null));
    assertSame(models.newest(), models.stepping(SERIES, null, null));
  }

  @Test
  void stateOfAModelThatIsNotServedIsRefused() throws Exception {
    for (SequenceClock clock : SequenceClock.values()) {
      SequenceLife life = life(clock);
      step(life, 500);
      SequenceState open = store.state();
      long timer = open.timer;
      long alarm = open.alarm;
      open.model = 0xfeedL;
      assertRefused(() -> life.observe(SERIES, at(600)));
      assertRefused(() -> life.observe(SERIES, Observation.endOf(SERIES, 600)));
      assertRefused(() -> life.observe(SERIES, at(9000))); // which only closes it
      assertRefused(() -> life.observeReleased(SERIES, at(600)));
      assertRefused(() -> life.onTimer(SERIES, timer));
      assertRefused(() -> life.onAlarm(SERIES, alarm));
      assertRefused(() -> life.afterRelease(SERIES));
      assertSame(open, store.state());
      store.remove();
      predictions.clear();
    }
  }

  private void assertRefused(Executable asking) {
    IllegalStateException refusal = assertThrows(IllegalStateException.class, asking);
    assertEquals(
        "series 'A': its state is of model 000000000000feed, this job runs "
            + served.id()
            + " ("
            + String.format("%016x", served.fingerprint())
            + "): a hidden state means nothing to another model. Start from a savepoint of this"
            + " model, or without the old state.",
        refusal.getMessage());
    assertEquals(1, predictions.size()); // that of the step before
  }

  /** Between sequences a series has no hidden state, so nothing of it is a model's. */
  @Test
  void whatASeriesKeepsBetweenSequencesIsOfNoModel() throws Exception {
    SequenceState between = SequenceState.closed();
    between.model = 0xfeedL;
    store.put(between);
    step(life(SequenceClock.EVENT), 500);
    assertEquals(served.fingerprint(), store.state().model);
  }

  /** The tests take rows themselves. */
  private static final class Unsettled implements Batch.Settler {
    @Override
    public void settle(Row row, int index) {
      throw new AssertionError(row);
    }

    @Override
    public void reject(Row row, String reason) {
      throw new AssertionError(reason);
    }
  }

  private static final class OneSeries implements SequenceStore {
    private @Nullable SequenceState value;

    SequenceState state() {
      return Objects.requireNonNull(value);
    }

    @Override
    public @Nullable SequenceState get() {
      return value;
    }

    @Override
    public void put(SequenceState sequence) {
      value = sequence;
    }

    @Override
    public void remove() {
      value = null;
    }

    @Override
    public void flush() {
      // Nothing waits here.
    }
  }

  private static final class StandingClock implements SeriesTimers {
    @Override
    public long watermark() {
      return Long.MIN_VALUE;
    }

    @Override
    public long now() {
      return 500;
    }

    @Override
    public void register(long timestamp) {
      // The tests say when it fires.
    }

    @Override
    public void delete(long timestamp) {
      // None stands.
    }

    @Override
    public void registerAlarm(long timestamp) {
      // The tests say when it fires.
    }

    @Override
    public void deleteAlarm(long timestamp) {
      // None stands.
    }
  }

  private final class Predictions implements Outlet {
    @Override
    public void prediction(Prediction prediction) {
      predictions.add(prediction);
    }

    @Override
    public void event(SequenceEvent event) {
      assertEquals(SequenceEvent.Event.OPENED, event.event);
    }

    @Override
    public void rejected(Rejected record) {
      throw new AssertionError(record.reason);
    }

    @Override
    public void late(Rejected record) {
      throw new AssertionError(record.reason);
    }

    @Override
    public void evaluation(Evaluation pair) {
      throw new AssertionError(pair);
    }
  }
}
