package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.unroll.Decoded;
import io.unroll.model.unroll.Decoder;
import io.unroll.model.unroll.DecoderRules;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.FMatrixRMaj;

/**
 * What one series must give, written down from the rules of the design in plain Java: one step
 * after the other, no Flink, no timers, no batches. Told of its own observations and of every
 * watermark.
 */
final class ReferenceSeries {
  /** What an input came to, for rule 10. */
  enum Fate {
    STEP,
    PRIMING,
    MARKER,
    LATE,
    REJECTED
  }

  private final SequenceConfig config;
  private final RecurrentModel model;
  private final Workspace workspace;
  private final List<Observation> held = new ArrayList<>();

  final List<String> predictions = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<String> rejected = new ArrayList<>();
  final List<String> late = new ArrayList<>();
  final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);

  private long watermark = Long.MIN_VALUE;

  // The open sequence.
  private boolean open;
  private String id = "";
  private long opened;
  private long last;
  private long seen;
  private long steps;
  private String input = "";
  private float[] hidden = {};
  private double[] previous = {};
  private float[] pending; // the last output, while it waits for the close
  private float[] seenInputs = {};

  ReferenceSeries(SequenceConfig config) {
    this.config = config;
    model = config.serve(TestModels.read(config.model()));
    workspace = model.workspace(1);
  }

  void observe(Observation observation) {
    if (config.order() == Order.EVENT_TIME) {
      if (observation.timestamp > watermark) {
        held.add(observation);
        return;
      }
      if (open && observation.timestamp < seen) {
        late.add(observation.input());
        count(Fate.LATE);
        return;
      }
    }
    take(observation, false);
  }

  void watermark(long timestamp) {
    watermark = timestamp;
    List<Observation> passed =
        held.stream()
            .filter(o -> o.timestamp <= watermark)
            .sorted(
                Comparator.<Observation>comparingLong(o -> o.timestamp)
                    .thenComparing(o -> o.end && o.features == null))
            .toList();
    held.removeAll(passed);
    passed.forEach(o -> take(o, true));
    if (open && due() <= watermark) {
      closeByTime();
    }
  }

  int heldBack() {
    return held.size();
  }

  private void take(Observation o, boolean onTime) {
    boolean over = open && o.timestamp >= due();
    boolean restarted = open && !over && o.start;
    boolean changed = open && !over && !o.start && o.by != null && !o.by.equals(id);
    String fault = fault(o);
    if (fault != null) {
      reject(o, over, changed);
      return;
    }
    if (o.features == null) {
      count(Fate.MARKER);
      if (!open) {
        return;
      }
      if (!over && !restarted && !changed) {
        last = Math.max(last, o.timestamp);
        close("end", o.timestamp, o.input());
      } else {
        closeBefore(o, over, restarted);
      }
      return;
    }
    boolean opens = !open || over || restarted || changed;
    long idle = config.boundaries().idleTimeoutMillis();
    if (opens
        && !onTime
        && idle != Boundaries.NO_TIMEOUT
        && Math.addExact(o.timestamp, idle) <= watermark) {
      if (over) {
        closeByTime();
      }
      late.add(o.input());
      count(Fate.LATE);
      return;
    }
    if (config.isAlone()) {
      open(o);
      count(Fate.STEP);
      steps = 1;
      decode("decoded", null, floats(o.features));
      close("end", o.timestamp, o.input());
      return;
    }
    boolean primes = config.features().stream().anyMatch(f -> f.transform().needsPrevious());
    if (opens && primes) {
      if (open) {
        closeBefore(o, over, restarted);
      }
      open(o);
      previous = o.features.clone();
      count(Fate.PRIMING);
      if (o.end) {
        close("end", o.timestamp, o.input());
      }
      return;
    }
    FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
    if (opens) {
      model.initialState(state.data, 0);
    } else {
      state.data = hidden.clone();
    }
    FMatrixRMaj x = new FMatrixRMaj(1, model.inputSize());
    for (int i = 0; i < o.features.length; i++) {
      Transform transform = config.features().get(i).transform();
      double value =
          switch (transform.kind()) {
            case NONE -> o.features[i];
            case DIFF -> transform.times() * (o.features[i] - previous[i]);
            case LOG_RETURN -> transform.times() * StrictMath.log(o.features[i] / previous[i]);
          };
      x.data[i] = (float) value;
    }
    model.step(x, state, workspace);
    if (!workspace.advanced(0)) {
      reject(o, over, changed);
      return;
    }
    if (opens) {
      if (open) {
        closeBefore(o, over, restarted);
      }
      open(o);
    }
    count(Fate.STEP);
    hidden = state.data.clone();
    previous = o.features.clone();
    steps++;
    last = Math.max(last, o.timestamp);
    seen = o.timestamp;
    input = o.input();
    seenInputs = x.data.clone();
    float[] output = Arrays.copyOf(workspace.output().data, model.outputSize());
    if (config.emission().on() == Emit.END) {
      pending = output;
    } else if (steps % config.emission().every() == 0) {
      if (config.decoding() != null) {
        decode("forecast", hidden, seenInputs);
      } else {
        predictions.add(line("step", output));
      }
    }
    if (o.end) {
      close("end", o.timestamp, o.input());
    } else if (steps >= config.boundaries().maxSteps()) {
      close("max-steps", o.timestamp, o.input());
    }
  }

  /** The rest of a sequence by the offline decoder. */
  private void decode(String kind, float[] state, float[] inputs) {
    Decoding decoding = config.decoding();
    boolean given = decoding.rules().first() instanceof DecoderRules.First.Input;
    float[] vector = inputs;
    if (!decoding.last().isEmpty()) {
      vector = new float[decoding.last().size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = inputs[decoding.last().get(i)];
      }
    }
    Decoded decoded =
        new Decoder(TestModels.read(decoding.decoder()), decoding.rules())
            .run(state, given ? vector : null);
    for (int i = 0; i < decoded.outputs().length; i++) {
      predictions.add(
          line(kind, decoded.outputs()[i])
              + " ahead "
              + (i + 1)
              + " for "
              + (seen + (i + 1) * decoding.everyMillis()));
    }
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }

  private String fault(Observation o) {
    if (o.unusable != null) {
      return o.unusable;
    }
    if (o.features == null) {
      return o.end || o.start ? null : "none";
    }
    for (int i = 0; i < o.features.length; i++) {
      boolean positive = config.features().get(i).transform().kind() == Transform.Kind.LOG_RETURN;
      if (!Double.isFinite(o.features[i]) || (positive && o.features[i] <= 0)) {
        return "value";
      }
    }
    return null;
  }

  private void reject(Observation o, boolean over, boolean changed) {
    rejected.add(o.input());
    count(Fate.REJECTED);
    if (o.end && open && !changed) {
      if (over) {
        closeByTime();
      } else {
        close("end", o.timestamp, o.input());
      }
    }
  }

  private void open(Observation o) {
    open = true;
    opened = o.timestamp;
    last = o.timestamp;
    seen = o.timestamp;
    steps = 0;
    input = o.input();
    pending = null;
    hidden = new float[model.stateLayout().size()];
    model.initialState(hidden, 0);
    id = o.by != null ? o.by : Long.toString(o.timestamp);
    events.add("opened " + o.series + "/" + id + " @" + opened + " " + input);
    series = o.series;
  }

  private String series = "";

  private void closeBefore(Observation o, boolean over, boolean restarted) {
    if (over) {
      closeByTime();
    } else {
      close(restarted ? "restarted" : "changed", o.timestamp, o.input());
    }
  }

  private void closeByTime() {
    long due = due();
    close(limit(), due == Long.MAX_VALUE ? last : due, input);
  }

  private void close(String reason, long timestamp, String place) {
    if (pending != null && steps >= config.boundaries().minSteps()) {
      if (config.decoding() != null) {
        decode("decoded", hidden, seenInputs);
      } else {
        predictions.add(line("final", pending));
      }
    }
    events.add(
        "closed %s/%s %s steps %d %d..%d @%d %s"
            .formatted(series, id, reason, steps, opened, last, timestamp, place));
    open = false;
  }

  private long idleDue() {
    long idle = config.boundaries().idleTimeoutMillis();
    return idle == Boundaries.NO_TIMEOUT ? Long.MAX_VALUE : last + idle;
  }

  private long durationDue() {
    long duration = config.boundaries().maxDurationMillis();
    return duration == Boundaries.NO_TIMEOUT ? Long.MAX_VALUE : opened + duration;
  }

  /**
   * The first time of day after the opening, minute by minute: slow, and not how the operator does.
   */
  private long closeAtDue() {
    CloseAt closeAt = config.boundaries().closeAt();
    if (closeAt == null) {
      return Long.MAX_VALUE;
    }
    LocalDate day = Instant.ofEpochMilli(opened).atZone(closeAt.zone()).toLocalDate().minusDays(1);
    long moment;
    do {
      moment = ZonedDateTime.of(day, closeAt.time(), closeAt.zone()).toInstant().toEpochMilli();
      day = day.plusDays(1);
    } while (moment <= opened);
    return moment;
  }

  private long due() {
    return Math.min(idleDue(), Math.min(durationDue(), closeAtDue()));
  }

  private String limit() {
    long due = due();
    if (due == Long.MAX_VALUE) {
      return "end-of-input";
    }
    return due == idleDue() ? "idle" : due == durationDue() ? "max-duration" : "close-at";
  }

  private String line(String kind, float[] output) {
    return "%s/%s %s %d @%d %s %s"
        .formatted(series, id, kind, steps - 1, seen, input, Arrays.toString(output));
  }

  private void count(Fate fate) {
    fates.merge(fate, 1, Integer::sum);
  }
}
