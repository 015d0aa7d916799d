package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Order;
import io.unroll.job.life.Scale;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Unscale;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Workspace;
import io.unroll.model.kernel.Kernels;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import io.unroll.model.unroll.Decoded;
import io.unroll.model.unroll.Decoder;
import io.unroll.model.unroll.DecoderRules;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
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

  /** An open sequence. */
  private static final class Sequence {
    String series = "";
    String id = "";
    long opened;
    long last;
    long seen;
    long steps;
    String input = "";
    float[] hidden = {};
    Double[] values = {}; // the last of each field, null for none
    float[] inputs = {};
    float[] output = {};

    Sequence copy() {
      Sequence copy = new Sequence();
      copy.series = series;
      copy.id = id;
      copy.opened = opened;
      copy.last = last;
      copy.seen = seen;
      copy.steps = steps;
      copy.input = input;
      copy.hidden = hidden.clone();
      copy.values = values.clone();
      copy.inputs = inputs.clone();
      copy.output = output.clone();
      return copy;
    }
  }

  private final SequenceConfig config;
  private final RecurrentModel model;
  private final Workspace workspace;
  private final List<Observation> held = new ArrayList<>();
  private final boolean primes;
  private final boolean learns;
  private final Decoder decoder;

  final List<String> predictions = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  final List<String> rejected = new ArrayList<>();
  final List<String> late = new ArrayList<>();
  final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
  final List<String> evaluations = new ArrayList<>();
  int filled;
  int unmatched;

  private long watermark = Long.MIN_VALUE;
  private boolean forgets; // what opens next, opens between two sequences
  private Sequence open; // null for none
  private final Deque<String> used = new ArrayDeque<>(); // identities
  private long usedLast = Long.MIN_VALUE;
  private boolean recorded; // something is remembered across sequences
  private double[][] moments; // of each feature: weight, mean, sum of squares
  private boolean learnt; // scales have seen an observation
  private Double[] left; // the values that incomplete records had; null for none
  private long observed;
  private double[] actuals;
  private final List<Waiting> waiting = new ArrayList<>();

  /** A prediction that waits for what it is about. */
  private record Waiting(
      Evaluate evaluation, long due, long predicted, double value, double before, String text) {}

  ReferenceSeries(SequenceConfig config) {
    this.config = config;
    model = config.serve(read(config, config.model()));
    decoder =
        config.decoding() == null
            ? null
            : new Decoder(read(config, config.decoding().decoder()), config.decoding().rules());
    workspace = model.workspace(1);
    primes = config.features().stream().anyMatch(f -> f.transform().needsPrevious());
    learns = config.features().stream().anyMatch(f -> f.scale() instanceof Scale.Online);
    forget();
    unmatched = 0;
  }

  private static RecurrentModel read(SequenceConfig config, OnnxFile file) {
    try {
      return file.read(Kernels.named(config.tuning().kernel()));
    } catch (OnnxException e) {
      throw new IllegalStateException(e);
    }
  }

  void observe(Observation observation) {
    if (observation.rejected != null) {
      if (held.isEmpty()) {
        take(observation, true);
      } else { // behind all that came before
        observation.timestamp = held.stream().mapToLong(o -> o.timestamp).max().orElseThrow();
        held.add(observation);
      }
      return;
    }
    if (config.order() == Order.EVENT_TIME) {
      if (observation.timestamp > watermark) {
        held.add(observation);
        return;
      }
      if (open != null && observation.timestamp < open.seen) {
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
                    .thenComparing(o -> o.rejected != null)
                    .thenComparing(o -> o.end && o.features == null && o.unusable == null))
            .toList();
    held.removeAll(passed);
    passed.forEach(o -> take(o, true));
    if (open != null && due(open) <= watermark) {
      closeByTime(open);
    }
    if (open == null && isForgottenAt(watermark)) {
      forget();
    }
  }

  private boolean isForgottenAt(long timestamp) {
    return config.memory() != null
        && recorded
        && timestamp >= usedLast + config.memory().keepMillis();
  }

  private void forget() {
    used.clear();
    usedLast = Long.MIN_VALUE;
    recorded = false;
    left = null;
    learnt = false;
    moments = new double[config.features().size()][3];
    unmatched += waiting.size();
    waiting.clear();
    observed = 0;
    actuals = new double[config.output().evaluations().size()];
    Arrays.fill(actuals, Double.NaN);
  }

  private boolean remembers(Observation o) {
    return config.memory() != null && config.memory().duplicates() > 0 && o.identity != null;
  }

  /**
   * An observation is used.
   *
   * @param before the fields' last values in the sequence
   * @param inputs what the model sees; null for nothing
   */
  private void use(Observation o, Double[] before, float[] inputs) {
    boolean evaluates = !config.output().evaluations().isEmpty();
    if (!remembers(o) && (o.features == null || !(learns || evaluates))) {
      return;
    }
    recorded = true;
    usedLast = Math.max(usedLast, o.timestamp);
    if (remembers(o)) {
      used.addLast(o.identity);
      while (used.size() > config.memory().duplicates()) {
        used.removeFirst();
      }
    }
    if (o.features != null) {
      learnt = learns;
      learn(o, before);
      come(o, inputs);
    }
  }

  private void learn(Observation o, Double[] before) {
    int field = 0;
    for (int i = 0; i < moments.length; i++) {
      Feature feature = config.features().get(i);
      if (!feature.isField()) {
        continue;
      }
      double value = o.features[field];
      Double previous = before[field++];
      boolean known =
          !Double.isNaN(value) && !(feature.transform().needsPrevious() && previous == null);
      if (feature.scale() instanceof Scale.Online online && known) {
        moments[i] = with(moments[i], transformed(feature, value, previous), online);
      }
    }
  }

  private static double[] with(double[] moments, double value, Scale.Online online) {
    double fade = online.halfLife() == 0 ? 1 : StrictMath.pow(0.5, 1 / online.halfLife());
    double weight = fade * moments[0] + 1;
    double mean = moments[1] + (value - moments[1]) / weight;
    return new double[] {
      weight, mean, Math.max(0, fade * moments[2] + (value - moments[1]) * (value - mean))
    };
  }

  private static double transformed(Feature feature, double value, Double before) {
    return switch (feature.transform().kind()) {
      case NONE -> feature.transform().times() * value;
      case DIFF -> feature.transform().times() * (value - before);
      case LOG_RETURN -> feature.transform().times() * StrictMath.log(value / before);
      case LOG1P -> feature.transform().times() * StrictMath.log1p(value);
    };
  }

  /** What was said of the observation has come true. */
  private void come(Observation o, float[] inputs) {
    observed++;
    double[] now = new double[actuals.length];
    for (int i = 0; i < actuals.length; i++) {
      Evaluate evaluation = config.output().evaluations().get(i);
      List<Feature> before = config.features().subList(0, evaluation.feature());
      double raw = o.features[(int) before.stream().filter(Feature::isField).count()];
      int input = before.stream().mapToInt(Feature::inputs).sum();
      now[i] =
          !Double.isFinite(raw) || (!evaluation.raw() && inputs == null)
              ? Double.NaN
              : evaluation.raw() ? raw : inputs[input];
    }
    for (Waiting one : List.copyOf(waiting)) {
      boolean timed = one.predicted() != Prediction.NOT_PREDICTED;
      boolean mine = timed ? one.predicted() == o.timestamp : one.due() == observed;
      if (mine) {
        waiting.remove(one);
        double actual = now[config.output().evaluations().indexOf(one.evaluation())];
        if (Double.isNaN(actual)) {
          unmatched++;
        } else {
          evaluations.add(
              "%s: %s said %s, was %s, before %s @%d"
                  .formatted(
                      one.evaluation().label(),
                      one.text(),
                      one.value(),
                      actual,
                      one.before(),
                      o.timestamp));
        }
      } else if (timed && one.predicted() < o.timestamp) {
        waiting.remove(one);
        unmatched++;
      }
    }
    know(now);
  }

  private void know(double[] now) {
    for (int i = 0; i < now.length; i++) {
      actuals[i] = Double.isNaN(now[i]) ? actuals[i] : now[i];
    }
  }

  /** The observation of a filled step never came. */
  private void missed() {
    if (recorded && !config.output().evaluations().isEmpty()) {
      observed++;
      for (Waiting one : List.copyOf(waiting)) {
        if (one.predicted() == Prediction.NOT_PREDICTED && one.due() == observed) {
          waiting.remove(one);
          unmatched++;
        }
      }
    }
  }

  /** The outputs in the units of their fields; from {@code bases}, which go on. */
  private float[] told(float[] output, double[] bases) {
    float[] told = output.clone();
    for (int i = 0; i < bases.length; i++) {
      Unscale one = config.output().unscaled().get(i);
      Feature feature = config.features().get(one.feature());
      double[] moment = moments[one.feature()];
      double value = output[one.output()];
      if (feature.scale() instanceof Scale.Constant constant) {
        value = value * constant.norm().std() + constant.norm().mean();
      } else if (feature.scale() instanceof Scale.Online) {
        value = value * (moment[0] > 0 ? Math.sqrt(moment[2] / moment[0]) : 0) + moment[1];
      }
      value /= feature.transform().times();
      bases[i] =
          switch (feature.transform().kind()) {
            case NONE -> value;
            case DIFF -> bases[i] + value;
            case LOG_RETURN -> bases[i] * StrictMath.exp(value);
            case LOG1P -> StrictMath.expm1(value);
          };
      told[one.output()] = (float) bases[i];
    }
    return told;
  }

  private double[] bases(Sequence sequence) {
    return config.output().unscaled().stream()
        .mapToDouble(
            one -> {
              List<Feature> before = config.features().subList(0, one.feature());
              Double last = sequence.values[(int) before.stream().filter(Feature::isField).count()];
              return last == null ? Double.NaN : last;
            })
        .toArray();
  }

  private void predict(Sequence sequence, String kind, float[] told, int ahead, String suffix) {
    String line = line(sequence, kind, told) + suffix;
    predictions.add(line + (sequence.steps - 1 < config.output().warmUp() ? " warming" : ""));
    if (!recorded) {
      return;
    }
    for (Evaluate evaluation : config.output().evaluations()) {
      if ((ahead == 0 || ahead == evaluation.ahead()) && sequence.seen >= evaluation.fromMillis()) {
        waiting.add(
            new Waiting(
                evaluation,
                observed + evaluation.ahead(),
                ahead == 0
                    ? Prediction.NOT_PREDICTED
                    : sequence.seen + ahead * config.decoding().everyMillis(),
                told[evaluation.index()],
                actuals[config.output().evaluations().indexOf(evaluation)],
                "%s/%s %d @%d %s"
                    .formatted(
                        sequence.series,
                        sequence.id,
                        sequence.steps - 1,
                        sequence.seen,
                        sequence.input)));
      }
    }
  }

  int heldBack() {
    return held.size();
  }

  private void take(Observation o, boolean onTime) {
    if (o.rejected != null) {
      rejected.add(o.input());
      count(Fate.REJECTED);
      return;
    }
    boolean over = open != null && o.timestamp >= due(open);
    boolean restarted = open != null && !over && o.start;
    boolean changed = open != null && !over && !o.start && o.by != null && !o.by.equals(open.id);
    long missing = open == null || over || o.features == null ? 0 : missing(o);
    boolean torn =
        !restarted
            && !changed
            && config.course().gap() != null
            && missing > config.course().gap().atMost();
    String reason =
        over ? "time" : restarted ? "restarted" : changed ? "changed" : torn ? "gap" : null;
    boolean forgotten = (open == null || over) && isForgottenAt(o.timestamp);
    if (o.identity != null && config.memory() != null && !forgotten && used.contains(o.identity)) {
      rejected.add(o.input());
      count(Fate.REJECTED);
    } else if (fault(o)) {
      reject(o, reason);
    } else if (o.features == null) {
      mark(o, reason);
    } else if (open != null && reason == null) {
      goOn(o, missing);
    } else {
      begin(o, reason, onTime);
    }
  }

  private long missing(Observation o) {
    if (config.course().gap() == null || open.steps == 0) {
      return 0;
    }
    double distances = (o.timestamp - open.last) / (double) config.course().gap().expectMillis();
    return distances > 1.5 ? Math.round(distances) - 1 : 0;
  }

  private void mark(Observation o, String reason) {
    count(Fate.MARKER);
    if (open != null && reason != null) {
      closeBefore(open, reason, o);
    }
    // One that is not remembered is nothing to the series.
    boolean between = reason == null ? open == null : "time".equals(reason);
    if (between && remembers(o) && isForgottenAt(o.timestamp)) {
      forget();
    }
    use(o, null, null);
    if (open != null) {
      open.last = Math.max(open.last, o.timestamp);
      close(open, "end", o.timestamp, o.input());
    }
  }

  private void reject(Observation o, String reason) {
    rejected.add(o.input());
    count(Fate.REJECTED);
    if (o.end && open != null && !"changed".equals(reason)) {
      if ("time".equals(reason)) {
        closeByTime(open);
      } else {
        close(open, "end", o.timestamp, o.input());
      }
    }
  }

  /** An observation that opens a sequence, and perhaps shows that another is over. */
  private void begin(Observation o, String reason, boolean onTime) {
    forgets = open == null || "time".equals(reason);
    long idle = config.boundaries().idleTimeoutMillis();
    if (!onTime && idle != Boundaries.NO_TIMEOUT && o.timestamp + idle <= watermark) {
      if ("time".equals(reason)) {
        closeByTime(open);
      }
      late.add(o.input());
      count(Fate.LATE);
      return;
    }
    if (missesPrevious(o, left(o))) {
      rejectIncomplete(o, reason);
      return;
    }
    if (config.isAlone() || primes) {
      Sequence fresh = fresh(o);
      if (open != null) {
        closeBefore(open, reason, o);
      }
      open(fresh, o);
      use(o, new Double[fresh.values.length], null);
      remember(open, o);
      if (primes) {
        count(Fate.PRIMING);
      } else {
        count(Fate.STEP);
        open.steps = 1;
        decode(open, "decoded", null, floats(o.features));
      }
      if (o.end || config.isAlone()) {
        close(open, "end", o.timestamp, o.input());
      }
      return;
    }
    Sequence fresh = fresh(o);
    if (!step(fresh, inputs(fresh, o, true)) || !isTellable(fresh, o)) {
      spoil(o);
      reject(o, reason);
      return;
    }
    if (open != null) {
      closeBefore(open, reason, o);
    }
    open(fresh, o);
    settle(o);
  }

  private void goOn(Observation o, long missing) {
    forgets = false;
    Sequence work = open.copy();
    List<Runnable> fillings = new ArrayList<>();
    int fills = 0;
    for (long k = 0; k < missing && work.steps < config.boundaries().maxSteps(); k++) {
      long at = work.last + config.course().gap().expectMillis();
      float[] x = work.inputs.clone();
      float[] before = work.output;
      config.course().gap().feedback().forEach((input, output) -> x[input] = before[output]);
      time(x, at, work.seen);
      if (!step(work, x) || !isTellable(work, null)) {
        reject(o, null);
        return;
      }
      fills++;
      work.steps++;
      work.last = at;
      work.seen = at;
      boolean predicts =
          config.output().emission().on() == Emit.STEP
              && config.decoding() == null
              && work.steps % config.output().emission().every() == 0;
      Sequence then = work.copy();
      fillings.add(
          () -> {
            missed();
            if (predicts) {
              predict(then, "step", told(then.output, bases(then)), 0, " filled");
            }
          });
    }
    boolean full = fills > 0 && work.steps >= config.boundaries().maxSteps();
    Sequence next = full ? fresh(o) : work;
    if (full && missesPrevious(o, left(o))) {
      rejectIncomplete(o, null);
      return;
    }
    boolean usable = (full && primes) || (step(next, inputs(next, o, full)) && isTellable(next, o));
    if (!usable) {
      if (full) {
        spoil(o);
      }
      reject(o, null);
      return;
    }
    filled += fills;
    fillings.forEach(Runnable::run);
    open = work;
    if (!full) {
      settle(o);
      return;
    }
    close(work, "max-steps", work.last, work.input);
    open(next, o);
    if (primes) {
      use(o, new Double[open.values.length], null);
      remember(open, o);
      count(Fate.PRIMING);
      if (o.end) {
        close(open, "end", o.timestamp, o.input());
      }
    } else {
      settle(o);
    }
  }

  /** The open sequence has stepped with an observation. */
  private void settle(Observation o) {
    count(Fate.STEP);
    use(o, open.values, open.inputs);
    remember(open, o);
    open.steps++;
    open.last = Math.max(open.last, o.timestamp);
    open.seen = o.timestamp;
    open.input = o.input();
    if (config.output().emission().on() == Emit.STEP
        && open.steps % config.output().emission().every() == 0) {
      if (config.decoding() != null) {
        decode(open, "forecast", open.hidden, open.inputs);
      } else {
        predict(open, "step", told(open.output, bases(open)), 0, "");
      }
    }
    if (o.end) {
      close(open, "end", o.timestamp, o.input());
    } else if (open.steps >= config.boundaries().maxSteps()) {
      close(open, "max-steps", o.timestamp, o.input());
    }
  }

  /** Whether the outputs are finite in the units of their fields, when {@code o} has been taken. */
  private boolean isTellable(Sequence sequence, Observation o) {
    if (config.decoding() != null || config.output().unscaled().isEmpty()) {
      return true;
    }
    Sequence after = sequence.copy();
    double[][] before = moments;
    if (o != null) {
      moments =
          forgets && isForgottenAt(o.timestamp) ? new double[before.length][3] : before.clone();
      learn(o, after.values);
      remember(after, o);
    }
    float[] told = told(after.output, bases(after));
    moments = before;
    for (Unscale one : config.output().unscaled()) {
      if (!Float.isFinite(told[one.output()])) {
        return false;
      }
    }
    return true;
  }

  private boolean step(Sequence sequence, float[] x) {
    if (x == null) {
      return false;
    }
    FMatrixRMaj state = FMatrixRMaj.wrap(1, sequence.hidden.length, sequence.hidden.clone());
    model.step(FMatrixRMaj.wrap(1, x.length, x), state, workspace);
    if (!workspace.advanced(0)) {
      return false;
    }
    sequence.hidden = state.data;
    sequence.inputs = x;
    sequence.output = Arrays.copyOf(workspace.output().data, model.outputSize());
    return true;
  }

  /** What the model sees; null if it cannot. */
  private float[] inputs(Sequence sequence, Observation o, boolean first) {
    List<Float> x = new ArrayList<>();
    int field = 0;
    boolean none = forgets && isForgottenAt(o.timestamp);
    for (int at = 0; at < moments.length; at++) {
      Feature feature = config.features().get(at);
      if (feature.inputs() == 0) {
        field++;
        continue;
      }
      if (!feature.isField()) {
        for (int i = 0; i < feature.inputs(); i++) {
          x.add(0f);
        }
        continue;
      }
      Double before = sequence.values[field];
      double value = o.features[field++];
      boolean mask = feature.missing().kind() == Missing.Kind.MASK;
      boolean there = !Double.isNaN(value);
      if (!there && feature.missing().kind() == Missing.Kind.VALUE) {
        value = feature.missing().value();
      } else if (!there && feature.missing().kind() == Missing.Kind.PREVIOUS) {
        if (before == null) {
          return null;
        }
        value = before;
      }
      if (mask && feature.transform().needsPrevious() && before == null) {
        there = false;
      }
      double seen = 0;
      if (!mask || there) {
        double[] moment = none ? new double[3] : moments[at];
        seen = scaled(feature.scale(), transformed(feature, value, before), moment);
      }
      if (!Float.isFinite((float) seen)) {
        return null;
      }
      x.add((float) seen);
      if (mask) {
        x.add(there ? 1f : 0f);
      }
    }
    float[] result = new float[x.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = x.get(i);
    }
    time(result, o.timestamp, first ? o.timestamp : sequence.seen);
    return result;
  }

  private static double scaled(Scale scale, double value, double[] moments) {
    if (scale instanceof Scale.Constant constant) {
      return (value - constant.norm().mean()) / constant.norm().std();
    }
    if (scale instanceof Scale.Online online) {
      double[] after = with(moments, value, online);
      double std = Math.sqrt(after[2] / after[0]);
      return std > 0 ? (value - after[1]) / std : 0;
    }
    return value;
  }

  private void time(float[] x, long timestamp, long before) {
    int at = 0;
    for (Feature feature : config.features()) {
      if (feature.source() instanceof Feature.Source.TimeDelta delta) {
        x[at] = (float) ((timestamp - before) / (double) delta.unitMillis());
      } else if (feature.source() instanceof Feature.Source.Clock clock) {
        ZonedDateTime time = Instant.ofEpochMilli(timestamp).atZone(clock.calendar().zone());
        double part =
            switch (clock.calendar().cycle()) {
              case HOUR_OF_DAY -> time.getHour() / 24.0;
              case DAY_OF_WEEK -> (time.getDayOfWeek().getValue() - 1) / 7.0;
              case DAY_OF_YEAR -> (time.getDayOfYear() - 1) / 365.25;
              case MINUTE_OF_DAY -> (time.getHour() * 60 + time.getMinute()) / 1440.0;
              case HOUR_OF_WEEK ->
                  (time.getDayOfWeek().getValue() - 1) / 7.0 + time.getHour() / 168.0;
            };
        x[at] = (float) Math.sin(2 * Math.PI * part);
        x[at + 1] = (float) Math.cos(2 * Math.PI * part);
        // The last bit may differ from the operator's way there; the angle may not.
        float[] operators = new float[2];
        clock.calendar().write(timestamp, operators, 0);
        if (Math.abs(operators[0] - x[at]) > 1e-6 || Math.abs(operators[1] - x[at + 1]) > 1e-6) {
          throw new AssertionError(clock + " at " + timestamp);
        }
        x[at] = operators[0];
        x[at + 1] = operators[1];
      }
      at += feature.inputs();
    }
  }

  private boolean missesPrevious(Observation o, Double[] before) {
    int field = 0;
    for (Feature feature : config.features()) {
      if (feature.isField()) {
        if (Double.isNaN(o.features[field])
            && before[field] == null
            && feature.missing().kind() == Missing.Kind.PREVIOUS) {
          return true;
        }
        field++;
      }
    }
    return false;
  }

  /** What incomplete records left for a sequence that opens with {@code o}: one for each field. */
  private Double[] left(Observation o) {
    return left == null || (forgets && isForgottenAt(o.timestamp))
        ? new Double[fields()]
        : left.clone();
  }

  /** The exception of rule 9: what is there is remembered, if a series is. */
  private void rejectIncomplete(Observation o, String reason) {
    Double[] having = new Double[fields()];
    int field = 0;
    for (Feature feature : config.features()) {
      if (feature.isField()) {
        double value = o.features[field];
        boolean wanted = feature.missing().kind() == Missing.Kind.PREVIOUS;
        having[field++] = wanted && !Double.isNaN(value) ? value : null;
      }
    }
    if (config.memory() == null || Arrays.stream(having).allMatch(value -> value == null)) {
      reject(o, reason);
      return;
    }
    rejected.add(o.input());
    count(Fate.REJECTED);
    if ("time".equals(reason)) {
      closeByTime(open);
    }
    if (open == null && isForgottenAt(o.timestamp)) {
      forget();
    }
    recorded = true;
    usedLast = Math.max(usedLast, o.timestamp);
    left = left == null ? new Double[fields()] : left;
    for (int i = 0; i < having.length; i++) {
      left[i] = having[i] == null ? left[i] : having[i];
    }
    if (o.end && open != null && !"changed".equals(reason)) {
      close(open, "end", o.timestamp, o.input());
    }
  }

  /** What was left has been tried, and goes: it may be what cannot be used. */
  private void spoil(Observation o) {
    if (missesPrevious(o, new Double[fields()])) {
      taken();
    }
  }

  private void taken() {
    if (left != null) {
      left = null;
      recorded = !used.isEmpty() || observed > 0 || learnt;
      usedLast = recorded ? usedLast : Long.MIN_VALUE;
    }
  }

  private int fields() {
    return (int) config.features().stream().filter(Feature::isField).count();
  }

  private void remember(Sequence sequence, Observation o) {
    int field = 0;
    for (Feature feature : config.features()) {
      if (feature.isField()) {
        double value = o.features[field];
        if (Double.isNaN(value) && feature.missing().kind() == Missing.Kind.VALUE) {
          value = feature.missing().value();
        }
        if (!Double.isNaN(value)) {
          sequence.values[field] = value;
        }
        field++;
      }
    }
  }

  /** The rest of a sequence by the offline decoder. */
  private void decode(Sequence sequence, String kind, float[] state, float[] inputs) {
    Decoding decoding = config.decoding();
    boolean given = decoding.rules().first() instanceof DecoderRules.First.Input;
    float[] vector = inputs;
    if (!decoding.last().isEmpty()) {
      vector = new float[decoding.last().size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = inputs[decoding.last().get(i)];
      }
    }
    Decoded decoded = decoder.run(state, given ? vector : null);
    double[] bases = bases(sequence);
    for (int i = 0; i < decoded.outputs().length; i++) {
      float[] told = told(decoded.outputs()[i], bases);
      for (Unscale one : config.output().unscaled()) {
        if (!Float.isFinite(told[one.output()])) {
          return;
        }
      }
      predict(
          sequence,
          kind,
          told,
          i + 1,
          " ahead " + (i + 1) + " for " + (sequence.seen + (i + 1) * decoding.everyMillis()));
    }
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }

  private boolean fault(Observation o) {
    if (o.unusable != null) {
      return true;
    }
    if (o.features == null) {
      return !o.end && !o.start;
    }
    int field = 0;
    for (Feature feature : config.features()) {
      if (feature.isField()) {
        double value = o.features[field++];
        if (feature.inputs() == 0) {
          continue;
        }
        boolean missing = Double.isNaN(value) && feature.missing().kind() != Missing.Kind.REJECT;
        boolean usable =
            Double.isFinite(value)
                && switch (feature.transform().kind()) {
                  case NONE, DIFF -> true;
                  case LOG_RETURN -> value > 0;
                  case LOG1P -> value > -1;
                };
        if (!missing && !usable) {
          return true;
        }
      }
    }
    return false;
  }

  private Sequence fresh(Observation o) {
    Sequence fresh = new Sequence();
    fresh.hidden = new float[model.stateLayout().size()];
    model.initialState(fresh.hidden, 0);
    fresh.values = left(o);
    fresh.series = o.series;
    return fresh;
  }

  private void open(Sequence sequence, Observation o) {
    if (forgets && isForgottenAt(o.timestamp)) {
      forget();
    }
    taken();
    open = sequence;
    open.opened = o.timestamp;
    open.last = o.timestamp;
    open.seen = o.timestamp;
    open.input = o.input();
    open.id = o.by != null ? o.by : Long.toString(o.timestamp);
    events.add("opened " + o.series + "/" + open.id + " @" + open.opened + " " + open.input);
  }

  private void closeBefore(Sequence sequence, String reason, Observation o) {
    if ("time".equals(reason)) {
      closeByTime(sequence);
    } else {
      close(sequence, reason, o.timestamp, o.input());
    }
  }

  private void closeByTime(Sequence sequence) {
    long due = due(sequence);
    close(sequence, limit(sequence), due == Long.MAX_VALUE ? sequence.last : due, sequence.input);
  }

  private void close(Sequence sequence, String reason, long timestamp, String place) {
    if (config.output().emission().on() == Emit.END
        && !config.isAlone()
        && sequence.steps > 0
        && sequence.steps >= config.boundaries().minSteps()) {
      if (config.decoding() != null) {
        decode(sequence, "decoded", sequence.hidden, sequence.inputs);
      } else {
        predict(sequence, "final", told(sequence.output, bases(sequence)), 0, "");
      }
    }
    events.add(
        "closed %s/%s %s steps %d %d..%d @%d %s"
            .formatted(
                sequence.series,
                sequence.id,
                reason,
                sequence.steps,
                sequence.opened,
                sequence.last,
                timestamp,
                place));
    open = null;
  }

  private long idleDue(Sequence sequence) {
    long idle = config.boundaries().idleTimeoutMillis();
    return idle == Boundaries.NO_TIMEOUT ? Long.MAX_VALUE : sequence.last + idle;
  }

  private long durationDue(Sequence sequence) {
    long duration = config.boundaries().maxDurationMillis();
    return duration == Boundaries.NO_TIMEOUT ? Long.MAX_VALUE : sequence.opened + duration;
  }

  private long closeAtDue(Sequence sequence) {
    CloseAt closeAt = config.boundaries().closeAt();
    if (closeAt == null) {
      return Long.MAX_VALUE;
    }
    LocalDate day =
        Instant.ofEpochMilli(sequence.opened).atZone(closeAt.zone()).toLocalDate().minusDays(3);
    long first;
    do {
      long moment =
          ZonedDateTime.of(day, closeAt.time(), closeAt.zone())
              .toInstant()
              .plus(closeAt.margin())
              .toEpochMilli();
      first = closeAt.inclusive() ? moment + 1 : moment;
      day = day.plusDays(1);
    } while (first <= sequence.opened);
    return first;
  }

  private long due(Sequence sequence) {
    return Math.min(idleDue(sequence), Math.min(durationDue(sequence), closeAtDue(sequence)));
  }

  private String limit(Sequence sequence) {
    long due = due(sequence);
    if (due == Long.MAX_VALUE) {
      return "end-of-input";
    }
    return due == idleDue(sequence)
        ? "idle"
        : due == durationDue(sequence) ? "max-duration" : "close-at";
  }

  private static String line(Sequence sequence, String kind, float[] output) {
    return "%s/%s %s %d @%d %s %s"
        .formatted(
            sequence.series,
            sequence.id,
            kind,
            sequence.steps - 1,
            sequence.seen,
            sequence.input,
            Arrays.toString(output));
  }

  private void count(Fate fate) {
    fates.merge(fate, 1, Integer::sum);
  }
}
