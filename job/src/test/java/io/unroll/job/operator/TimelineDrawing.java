package io.unroll.job.operator;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import io.unroll.job.describe.Durations;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.CloseAt;
import io.unroll.job.life.Decoding;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Order;
import io.unroll.job.life.Row;
import io.unroll.job.life.SequenceClock;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Transform;
import io.unroll.job.operator.Timeline.Column;
import io.unroll.job.operator.Timeline.EndOfInput;
import io.unroll.job.operator.Timeline.Given;
import io.unroll.job.operator.Timeline.Input;
import io.unroll.job.operator.Timeline.Observed;
import io.unroll.job.operator.Timeline.Restart;
import io.unroll.job.operator.Timeline.WallClock;
import io.unroll.job.operator.Timeline.Watermark;
import io.unroll.job.state.Counter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A timeline as text: a column for each thing that happens, a row for what comes in and one for
 * each output.
 */
final class TimelineDrawing {
  private static final String GAP = "  ";

  /** What an observation can be counted as. */
  private static final Map<Counter, String> COUNTED =
      Map.of(
          Counter.STEPS, "step",
          Counter.PRIMINGS, "priming",
          Counter.MARKERS, "marker",
          Counter.LATE, "late",
          Counter.REJECTED, "rejected",
          Counter.HELD_BACK, "held back");

  /**
   * @param open whether a sequence goes on into the next column, as a bar
   */
  private record Cell(String text, boolean open) {
    int length() {
      return text.length() + (open && !text.isEmpty() ? 1 : 0);
    }

    String padded(int width) {
      String start = open && !text.isEmpty() ? text + " " : text;
      return start + (open ? "-" : " ").repeat(width - start.length());
    }
  }

  private record Row(String label, List<Cell> cells) {
    boolean isBlank() {
      return cells.stream().allMatch(cell -> cell.text().isEmpty() && !cell.open());
    }
  }

  private final Timeline timeline;
  private final List<Given> given;
  private final List<Row> rows = new ArrayList<>();

  private TimelineDrawing(Timeline timeline, List<Given> given) {
    this.timeline = timeline;
    this.given = given;
  }

  /** The lines of the drawing. */
  static List<String> draw(Timeline timeline, List<Given> given) {
    return new TimelineDrawing(timeline, given).lines();
  }

  private List<String> lines() {
    inputs("input", this::input);
    inputs("watermark", input -> input instanceof Watermark w ? Timeline.time(w.timestamp()) : "");
    inputs("wall clock", TimelineDrawing::wallClock);
    if (timeline.config().order() == Order.EVENT_TIME) {
      cells("held back", heldBack());
    }
    if (!timeline.account().isEmpty()) {
      outputs("counted as", TimelineDrawing::counted);
    }
    outputs("predictions", one -> predictions(one.predictions()));
    outputs("late", one -> times(one.late()));
    outputs("rejected", one -> times(one.rejected()));
    Set<String> series = new LinkedHashSet<>();
    given.forEach(one -> one.events().forEach(event -> series.add(event.series)));
    for (String one : series) {
      rows.add(new Row(series.size() == 1 ? "sequences" : "sequences " + one, bars(one)));
    }
    rows.removeIf(Row::isBlank);
    return text();
  }

  private void inputs(String label, Function<Input, String> cell) {
    cells(label, timeline.columns().stream().map(Column::input).map(cell).toList());
  }

  private void outputs(String label, Function<Given, String> cell) {
    cells(label, given.stream().map(cell).toList());
  }

  private void cells(String label, List<String> texts) {
    rows.add(new Row(label, texts.stream().map(text -> new Cell(text, false)).toList()));
  }

  // ---- cells ----

  private String input(Input input) {
    if (input instanceof Observed observed) {
      return observation(observed.observation());
    }
    return input instanceof EndOfInput
        ? "end of input"
        : input instanceof Restart ? "stop, start" : "";
  }

  private String observation(Observation o) {
    String words =
        (severalSeries() ? o.series + " " : "")
            + Timeline.time(o.timestamp)
            + (o.start ? " start" : "")
            + (o.by != null ? " by=" + o.by : "")
            + (o.features != null ? values(o.features) : "")
            + (o.unusable != null ? " x=?" : "")
            + (o.end ? " end" : "");
    return o.features == null && o.unusable == null ? "(" + words + ")" : words;
  }

  private String values(double[] features) {
    if (features.length == 1) {
      return showsValue(features[0]) ? " x=" + value(features[0]) : "";
    }
    StringBuilder there = new StringBuilder();
    for (int i = 0; i < features.length; i++) {
      String name = timeline.config().features().get(i).name();
      there.append(Double.isNaN(features[i]) ? "" : " " + name + "=" + value(features[i]));
    }
    return there.toString();
  }

  /** All values are shown where one counts as more than one, or less. */
  private boolean showsValue(double x) {
    return !Double.isFinite(x)
        || observations()
            .anyMatch(
                o -> o.features != null && o.features[0] != 1 && Double.isFinite(o.features[0]));
  }

  private static String value(double x) {
    return Double.isFinite(x) ? Timeline.number(x) : "NaN";
  }

  private boolean severalSeries() {
    return observations().map(o -> o.series).distinct().count() > 1;
  }

  private Stream<Observation> observations() {
    return timeline.columns().stream()
        .filter(column -> column.input() instanceof Observed)
        .map(column -> ((Observed) column.input()).observation());
  }

  private static String wallClock(Input input) {
    Long time =
        input instanceof WallClock clock
            ? Long.valueOf(clock.timestamp())
            : input instanceof Restart restart ? restart.wallClock() : null;
    return time == null ? "" : Timeline.time(time);
  }

  private List<String> heldBack() {
    List<String> cells = new ArrayList<>();
    long held = 0;
    for (Given one : given) {
      long more = one.count(Counter.HELD_BACK);
      held += more;
      cells.add(more == 0 ? "" : Long.toString(held));
    }
    return cells;
  }

  private static String counted(Given given) {
    return COUNTED.keySet().stream()
        .filter(counter -> given.count(counter) > 0)
        .sorted()
        .map(
            counter ->
                given.count(counter) == 1
                    ? COUNTED.get(counter)
                    : given.count(counter) + " " + counter.label())
        .collect(Collectors.joining(", "));
  }

  /** {@code 1, 2}, {@code final 2}, {@code decoded 3 4 5}. */
  private static String predictions(List<Prediction> predictions) {
    StringBuilder cell = new StringBuilder();
    Prediction.@Nullable Kind before = null;
    for (Prediction p : predictions) {
      boolean named = p.kind != Prediction.Kind.STEP && (p.kind != before || p.ahead <= 1);
      cell.append(cell.isEmpty() ? "" : p.ahead > 1 ? " " : ", ")
          .append(named ? p.kind.label() + " " : "")
          .append(Timeline.number(p.output[0]));
      before = p.kind;
    }
    return cell.toString();
  }

  private static String times(List<Rejected> records) {
    return records.stream()
        .map(record -> Timeline.time(record.timestamp))
        .collect(Collectors.joining(", "));
  }

  // ---- bars ----

  private List<Cell> bars(String series) {
    List<Cell> cells = new ArrayList<>();
    boolean open = false;
    for (Given one : given) {
      StringBuilder cell = new StringBuilder();
      for (SequenceEvent event : one.events()) {
        if (event.series.equals(series)) {
          open = event.reason == null;
          cell.append(open && !cell.isEmpty() ? " " : "")
              .append(open ? opened(event) : closed(event));
        }
      }
      cells.add(new Cell(cell.toString(), open));
    }
    return cells;
  }

  private static String opened(SequenceEvent event) {
    return "[" + Timeline.id(event.sequence);
  }

  private static String closed(SequenceEvent event) {
    String by = event.reason == null ? "" : event.reason.label();
    String when =
        switch (by) {
          case "idle", "max-duration", "close-at" -> " " + Timeline.time(event.timestamp);
          default -> "";
        };
    return " " + by + when + (event.steps == 0 ? ", 0 steps]" : "]");
  }

  // ---- text ----

  private List<String> text() {
    int label = rows.stream().mapToInt(row -> row.label().length()).max().orElse(0);
    int[] widths = new int[given.size()];
    for (Row row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.cells().get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      StringBuilder line =
          new StringBuilder(new Cell(row.label(), false).padded(label)).append(GAP);
      for (int i = 0; i < widths.length; i++) {
        line.append(row.cells().get(i).padded(widths[i] + GAP.length()));
      }
      boolean goesOn = row.cells().get(widths.length - 1).open();
      lines.add(goesOn ? line + ">" : line.toString().stripTrailing());
    }
    return lines;
  }

  // ---- settings ----

  /** The settings that make a difference, in the words of the pipeline file. */
  static String settings(SequenceConfig config) {
    List<String> words = new ArrayList<>();
    Boundaries boundaries = config.boundaries();
    duration(words, "idle-timeout", boundaries.idleTimeoutMillis());
    duration(words, "max-duration", boundaries.maxDurationMillis());
    CloseAt closeAt = boundaries.closeAt();
    if (closeAt != null) {
      words.add(
          "close-at: "
              + closeAt.time()
              + " "
              + closeAt.zone()
              + (closeAt.inclusive() ? " inclusive" : "")
              + (closeAt.margin().isZero() ? "" : " + " + Durations.words(closeAt.margin())));
    }
    if (boundaries.maxSteps() != Boundaries.NO_LIMIT) {
      words.add("max-steps: " + boundaries.maxSteps());
    }
    if (boundaries.minSteps() != 0) {
      words.add("min-steps: " + boundaries.minSteps());
    }
    if (boundaries.clock() != SequenceClock.EVENT) {
      words.add("clock: " + boundaries.clock().label());
    }
    if (config.order() != Order.ARRIVAL) {
      words.add("order: " + config.order().label());
    }
    for (Feature feature : config.features()) {
      if (feature.transform().kind() != Transform.Kind.NONE) {
        words.add("transform: " + feature.transform().kind().label());
      }
    }
    if (config.features().stream().anyMatch(f -> f.missing().equals(Missing.PREVIOUS))) {
      words.add("missing: previous");
      if (config.memory() != null) {
        duration(words, "keep-series-for", config.memory().keepMillis());
      }
    }
    if (config.output().emission().on() == Emit.END) {
      words.add("emit: {on: end}");
    } else if (config.output().emission().every() != 1) {
      words.add("emit: {on: step, every: " + config.output().emission().every() + "}");
    }
    Decoding decoding = config.decoding();
    if (decoding != null) {
      words.add("decoder: {steps: " + decoding.rules().steps() + "}");
    }
    return words.stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }

  private static void duration(List<String> words, String key, long millis) {
    if (millis != Boundaries.NO_TIMEOUT) {
      long minutes = Duration.ofMillis(millis).toMinutes();
      words.add(key + ": " + (minutes % 60 == 0 ? minutes / 60 + " h" : minutes + " min"));
    }
  }
}
