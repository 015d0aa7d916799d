package io.unroll.job.operator;

import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.Batch;
import io.unroll.job.life.DecoderRuns;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Emitter;
import io.unroll.job.life.Evaluator;
import io.unroll.job.life.Features;
import io.unroll.job.life.Outlet;
import io.unroll.job.life.Row;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SequenceLife;
import io.unroll.job.life.SeriesTimers;
import io.unroll.job.life.ServedModel;
import io.unroll.job.life.ServedModels;
import io.unroll.job.state.Counter;
import io.unroll.job.state.Counters;
import io.unroll.job.state.EvaluationSums;
import io.unroll.job.state.SequenceState;
import io.unroll.job.state.SequenceStore;
import io.unroll.model.RecurrentModel;
import io.unroll.model.unroll.Feedback;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first observations would give, without a job: the same rules, in the order of the
 * source, with a clock that stands. What only time behind the last record can close stays open,
 * nothing is late, and nothing is held back.
 */
public final class Preview {
  /** Begins the note of a record that is rejected. */
  public static final String REJECTED = "rejected: ";

  private final Emission emission;
  private final ServedModel served;
  private final Counters counters = new Counters();
  private final Store store = new Store();
  private final Collected collected = new Collected();
  private final SequenceLife life;
  private final boolean alone;
  private final boolean decodes;

  /**
   * The result for one observation.
   *
   * @param filled what the steps before it gave that fill a gap; none where a decoder runs
   * @param output what the observation's own step gives, or the first step of the decoder; null for
   *     nothing
   * @param token the decoder's first; {@link Feedback#NO_TOKEN} without
   * @param decoded steps of the decoder; 0 without
   * @param note what else there is to say, or empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Result(
      List<Prediction> filled, float @Nullable [] output, int token, int decoded, String note) {
    static Result without(String note) {
      return new Result(List.of(), null, Feedback.NO_TOKEN, 0, note);
    }
  }

  /**
   * A preview with nothing open yet.
   *
   * @param model as it is served
   * @param network the decoder's; null without a decoder
   * @throws IllegalArgumentException when the decoder fits neither its rules nor the model
   */
  public Preview(SequenceConfig config, RecurrentModel model, @Nullable RecurrentModel network) {
    Features features = new Features(config.features());
    emission = config.output().emission();
    alone = config.isAlone();
    decodes = config.decoding() != null && network != null;
    Evaluator evaluator = new Evaluator(List.of(), new EvaluationSums(), model.id(), collected);
    Emitter emitter = new Emitter(collected, counters, config.output().warmUp(), evaluator);
    DecoderRuns decoder =
        DecoderRuns.of(
            config,
            model,
            network != null && alone ? config.serve(network) : network,
            1,
            emitter,
            counters,
            series -> store.series = series);
    served = ServedModel.of(config, features, model, decoder, 1, new Settler());
    life =
        new SequenceLife(
            config.with(Emission.EVERY_STEP).rules(),
            new ServedModels(served),
            store,
            new StandingClock(),
            null,
            counters,
            emitter,
            evaluator);
  }

  /** Takes the next observation, in the order of the source. */
  public Result observe(Observation observation) throws Exception {
    collected.clear();
    long markers = counters.get(Counter.MARKERS);
    long primings = counters.get(Counter.PRIMINGS);
    store.series = observation.series;
    Row row = life.observe(observation.series, observation);
    if (row != null) {
      row.served().batch().add(row);
    }
    while (served.batch().flush() + served.decode() > 0) {
      // Until nothing waits.
    }
    if (!collected.rejected.isEmpty()) {
      return Result.without(REJECTED + collected.rejected.get(0).reason);
    }
    if (counters.get(Counter.MARKERS) > markers) {
      return Result.without(observation.end ? "end marker" : "start marker");
    }
    if (counters.get(Counter.PRIMINGS) > primings) {
      return Result.without("primes the transforms");
    }
    if (collected.predictions.isEmpty()) {
      return Result.without("the decoder's first step is not finite");
    }
    SequenceState open = store.get();
    long steps = open == null ? 0 : open.steps; // none is open: the sequence has closed
    boolean silent = !alone && steps > 0 && (emission.on() == Emit.END || !emission.after(steps));
    List<Prediction> filled =
        !decodes ? collected.predictions.stream().filter(p -> p.filled).toList() : List.of();
    List<Prediction> own = collected.predictions.stream().filter(p -> !p.filled).toList();
    if (own.isEmpty()) {
      return Result.without("no step of its own");
    }
    Prediction first = own.get(0);
    return new Result(
        filled,
        first.output,
        first.token,
        !decodes ? 0 : own.size(),
        !silent
            ? ""
            : emission.on() == Emit.END
                ? "not emitted: the sequence goes on"
                : "not emitted: every " + emission.every() + " steps");
  }

  /** Each row by itself. */
  private final class Settler implements Batch.Settler {
    @Override
    public void settle(Row row, int index) throws Exception {
      Row next = life.settle(row, index);
      if (next != null) {
        next.served().batch().add(next);
      }
    }

    @Override
    public void reject(Row row, String reason) throws Exception {
      life.reject(row, reason);
    }
  }

  /** The open sequences, in memory. */
  private static final class Store implements SequenceStore {
    private final Map<String, SequenceState> bySeries = new HashMap<>();
    private String series = "";

    @Override
    public @Nullable SequenceState get() {
      return bySeries.get(series);
    }

    @Override
    public void put(SequenceState sequence) {
      bySeries.put(series, sequence);
    }

    @Override
    public void remove() {
      bySeries.remove(series);
    }

    @Override
    public void flush() {
      // Nothing waits here.
    }
  }

  /** No time passes. */
  private static final class StandingClock implements SeriesTimers {
    private final long now = System.currentTimeMillis();

    @Override
    public long watermark() {
      return Long.MIN_VALUE;
    }

    @Override
    public long now() {
      return now;
    }

    @Override
    public void register(long timestamp) {
      // Never fires.
    }

    @Override
    public void delete(long timestamp) {
      // None stands.
    }

    @Override
    public void registerAlarm(long timestamp) {
      // Never fires.
    }

    @Override
    public void deleteAlarm(long timestamp) {
      // None stands.
    }
  }

  /** What came out for one observation. */
  private static final class Collected implements Outlet {
    private final List<Prediction> predictions = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();

    void clear() {
      predictions.clear();
      rejected.clear();
    }

    @Override
    public void prediction(Prediction prediction) {
      predictions.add(prediction);
    }

    @Override
    public void event(SequenceEvent event) {
      // A preview is about predictions.
    }

    @Override
    public void rejected(Rejected record) {
      rejected.add(record);
    }

    @Override
    public void late(Rejected record) {
      throw new IllegalStateException("a late record, expected none before a clock that stands");
    }

    @Override
    public void evaluation(Evaluation pair) {
      throw new IllegalStateException("an evaluation, expected none");
    }
  }
}
