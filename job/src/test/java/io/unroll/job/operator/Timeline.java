package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.state.Counter;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.CellWeights;
import io.unroll.model.kernel.RnnForm;
import io.unroll.model.onnx.OnnxFile;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.jspecify.annotations.Nullable;

/**
 * A scenario: what comes in, one thing after the other, and what each of them must give. {@link
 * #run} puts it through the operator, {@link TimelineDrawing} draws what has come out.
 *
 * <p>Times are written as hours and minutes of one day. Expected lines are
 *
 * <pre>
 * step 10:00/1 @10:05 = 2           kind, sequence, step, timestamp, output
 * decoded 10:00/1 +3 @10:05 = 5     and how far ahead
 * opened 10:00
 * closed 10:00 idle @10:35 after 2  reason, timestamp, steps
 * late 10:00
 * rejected 10:00
 * </pre>
 *
 * with the series in front where it is not A.
 */
final class Timeline {
  /** The series of a timeline that needs only one. */
  static final String SERIES = "A";

  private static final LocalDate DAY = LocalDate.of(2026, 1, 5);

  /** One thing that happens. */
  sealed interface Input {}

  record Observed(Observation observation) implements Input {}

  record Watermark(long timestamp) implements Input {}

  record WallClock(long timestamp) implements Input {}

  record EndOfInput() implements Input {}

  /**
   * A stop with a savepoint, and a start from it.
   *
   * @param wallClock of the start; null where no clock matters
   */
  record Restart(@Nullable Long wallClock) implements Input {}

  /** One thing that happens, and the lines that it must give. */
  record Column(Input input, List<String> expected) {}

  /** What one thing gave. */
  record Given(
      List<Prediction> predictions,
      List<SequenceEvent> events,
      List<Rejected> rejected,
      List<Rejected> late,
      Map<Counter, Long> counts) {

    long count(Counter counter) {
      return counts.getOrDefault(counter, 0L);
    }

    Given then(Given next) {
      return new Given(
          together(predictions, next.predictions),
          together(events, next.events),
          together(rejected, next.rejected),
          together(late, next.late),
          next.counts);
    }

    private static <T> List<T> together(List<T> first, List<T> next) {
      return Stream.concat(first.stream(), next.stream()).toList();
    }
  }

  private final String text;
  private final SequenceConfig config;
  private final List<Column> columns = new ArrayList<>();
  private String account = "";

  Timeline(String text, SequenceConfig config) {
    this.text = text;
    this.config = config;
  }

  Timeline then(Observation observation, String... expected) {
    return add(new Observed(observation.at("t/0@", columns.size())), expected);
  }

  Timeline watermark(String time, String... expected) {
    return add(new Watermark(millis(time)), expected);
  }

  Timeline wallClock(String time, String... expected) {
    return add(new WallClock(millis(time)), expected);
  }

  Timeline endOfInput(String... expected) {
    return add(new EndOfInput(), expected);
  }

  Timeline restart(@Nullable String wallClock, String... expected) {
    return add(new Restart(wallClock == null ? null : millis(wallClock)), expected);
  }

  private Timeline add(Input input, String... expected) {
    columns.add(new Column(input, List.of(expected)));
    return this;
  }

  /** Draws what each observation is counted as, and expects this sum at the end. */
  Timeline counted(String expected) {
    account = expected;
    return this;
  }

  String text() {
    return text;
  }

  SequenceConfig config() {
    return config;
  }

  List<Column> columns() {
    return columns;
  }

  /** The expected sum of all counts; empty where it is not drawn. */
  String account() {
    return account;
  }

  @Override
  public String toString() {
    return text;
  }

  // ---- times ----

  /** Epoch milliseconds of a time of the day. */
  static long millis(String time) {
    return DAY.atTime(LocalTime.parse(time)).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** The time of the day of epoch milliseconds. */
  static String time(long millis) {
    LocalDate day = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
    if (!day.equals(DAY)) {
      throw new IllegalArgumentException(Instant.ofEpochMilli(millis) + " is another day");
    }
    return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalTime().toString();
  }

  /** A sequence's id: itself a time where nobody names the sequence. */
  static String id(String sequence) {
    return sequence.matches("\\d{13}") ? time(Long.parseLong(sequence)) : sequence;
  }

  // ---- the models ----

  /**
   * A network that sums its input, and so counts where each is 1: its output says what its state
   * has seen.
   */
  static OnnxFile counting() {
    return relu("counting", 1, 0);
  }

  /** A network that sums up both of two values. */
  static OnnxFile countingBoth() {
    return relu("counting-both", 2, 0);
  }

  /** A network that counts on from a state. */
  static OnnxFile countingOn() {
    return relu("counting-on", 1, 1);
  }

  private static OnnxFile relu(String name, int inputs, float bias) {
    float[] weights = new float[inputs];
    Arrays.fill(weights, 1);
    CellWeights sum =
        new CellWeights(
            "sum", inputs, 1, weights, new float[] {1}, new float[] {bias}, new float[] {0});
    return OnnxFile.of(
        RecurrentModel.builder()
            .name(name)
            .inputs(inputs)
            .rnn(sum, RnnForm.of(Activation.RELU))
            .build());
  }

  static String number(double value) {
    return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
  }

  // ---- running ----

  /** What has come of all columns. */
  record Outcome(List<Given> given, int open, int sequences, int timers) {
    /** The lines of each column. */
    List<List<String>> lines() {
      return given.stream().map(Timeline::lines).toList();
    }

    /** The lines of all columns, those of each output in their order. */
    List<String> allLines() {
      return byOutput(lines().stream().flatMap(List::stream).toList());
    }
  }

  /** Predictions, then openings and closings, then the rest: rows in batches come out later. */
  static List<String> byOutput(List<String> lines) {
    return lines.stream().sorted(Comparator.comparingInt(Timeline::output)).toList();
  }

  private static int output(String line) {
    List<String> words = List.of(line.split(" "));
    if (words.contains("opened") || words.contains("closed")) {
      return 1;
    }
    return words.contains("rejected") ? 2 : words.contains("late") ? 3 : 0;
  }

  /** Puts the scenario through the operator. */
  Outcome run(Backend backend) throws Exception {
    try (Run run = new Run(backend)) {
      List<Given> given = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        given.add(run.take(i));
      }
      return new Outcome(given, run.open, run.harness.sequences(), run.harness.timers());
    }
  }

  private final class Run implements AutoCloseable {
    private final Backend backend;
    private SequenceHarness harness;
    private int open;

    // What has been seen of the harness's outputs.
    private int predictions;
    private int events;
    private int late;
    private int rejected;

    Run(Backend backend) throws Exception {
      this.backend = backend;
      harness = SequenceHarness.open(backend, config).patient();
    }

    Given take(int index) throws Exception {
      Input input = columns.get(index).input();
      Map<Counter, Long> before = counts();
      Given stopped = null;
      if (input instanceof Observed observed) {
        harness.observe(observed.observation(), index);
      } else if (input instanceof Watermark watermark) {
        harness.watermark(watermark.timestamp());
      } else if (input instanceof WallClock clock) {
        harness.wallClock(clock.timestamp());
      } else if (input instanceof EndOfInput) {
        harness.endOfInput();
      } else if (input instanceof Restart restart) {
        stopped = restart(restart);
      }
      if (index == columns.size() - 1) {
        harness.barrier();
      }
      Map<Counter, Long> counts = counts();
      before.forEach((counter, count) -> counts.merge(counter, -count, Long::sum));
      Given given = given(counts);
      return stopped == null ? given : stopped.then(given);
    }

    /** What came out before the savepoint is given back. */
    private Given restart(Restart restart) throws Exception {
      OperatorSubtaskState state = harness.snapshot();
      Given stopped = given(Map.of());
      harness.close();
      harness = SequenceHarness.restore(backend, config, state).patient();
      predictions = 0;
      events = 0;
      late = 0;
      rejected = 0;
      if (restart.wallClock() != null) {
        harness.wallClock(restart.wallClock());
      }
      return stopped;
    }

    private Map<Counter, Long> counts() {
      Map<Counter, Long> counts = new EnumMap<>(Counter.class);
      for (Counter counter : Counter.values()) {
        counts.put(counter, harness.count(counter));
      }
      return counts;
    }

    private Given given(Map<Counter, Long> counts) {
      Given given =
          new Given(
              rest(harness.predictions(), predictions),
              rest(harness.events(), events),
              rest(harness.rejected(), rejected),
              rest(harness.late(), late),
              counts);
      predictions += given.predictions().size();
      events += given.events().size();
      rejected += given.rejected().size();
      late += given.late().size();
      for (SequenceEvent event : given.events()) {
        open += event.reason == null ? 1 : -1;
      }
      return given;
    }

    private static <T> List<T> rest(List<T> all, int seen) {
      return List.copyOf(all.subList(seen, all.size()));
    }

    @Override
    public void close() {
      harness.close();
    }
  }

  private static List<String> lines(Given given) {
    List<String> lines = new ArrayList<>();
    given.predictions().forEach(p -> lines.add(series(p.series) + line(p)));
    given.events().forEach(e -> lines.add(series(e.series) + line(e)));
    given.rejected().forEach(r -> lines.add("rejected " + Timeline.time(r.timestamp)));
    given.late().forEach(r -> lines.add("late " + Timeline.time(r.timestamp)));
    return lines;
  }

  private static String series(String series) {
    return series.equals(SERIES) ? "" : series + " ";
  }

  private static String line(Prediction p) {
    return "%s %s/%d%s @%s = %s"
        .formatted(
            p.kind.label(),
            id(p.sequence),
            p.step,
            p.ahead == 0 ? "" : " +" + p.ahead,
            time(p.timestamp),
            number(p.output[0]));
  }

  private static String line(SequenceEvent e) {
    return e.reason == null
        ? "opened " + id(e.sequence)
        : "closed %s %s @%s after %d"
            .formatted(id(e.sequence), e.reason.label(), time(e.timestamp), e.steps);
  }
}
