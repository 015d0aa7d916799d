package io.unroll.job.verify;

import io.unroll.connectors.file.CsvTable;
import io.unroll.model.RecurrentModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Inputs and expected outputs as two CSV files, read side by side: rows of expected outputs wait in
 * memory only as far as their series come in another order than in the input.
 */
public final class CsvCase implements Case {
  private static final String ONLY = "";

  private final Path input;
  private final Path expected;
  private final RecurrentModel model;
  private final boolean perStep;
  private final List<String> featureNames;
  private final List<String> outputNames;

  /**
   * Reads both headers.
   *
   * @param perStep true: a row of expected outputs per row of input, false: one per series
   * @throws UnfitException if a column is missing, or there are too many
   */
  public CsvCase(Path input, Path expected, RecurrentModel model, boolean perStep)
      throws IOException, UnfitException {
    this.input = input;
    this.expected = expected;
    this.model = model;
    this.perStep = perStep;
    try (CsvTable in = CsvTable.open(input);
        CsvTable out = CsvTable.open(expected)) {
      featureNames = features(in).names();
      Columns outputs = outputs(out);
      outputNames = outputs.names();
      if (outputs.series() >= 0 && features(in).series() < 0) {
        throw new UnfitException(
            out.place() + ": found a column 'series', expected one in " + input + " too");
      }
    }
  }

  private Columns features(CsvTable table) throws UnfitException {
    return Columns.of(table, "features", model.featureNames(), model.inputSize(), true);
  }

  private Columns outputs(CsvTable table) throws UnfitException {
    return Columns.of(table, "outputs", model.outputNames(), model.outputSize(), false);
  }

  @Override
  public List<String> featureNames() {
    return featureNames;
  }

  @Override
  public List<String> outputNames() {
    return outputNames;
  }

  @Override
  public boolean perStep() {
    return perStep;
  }

  @Override
  public boolean hasInitialStates() {
    return false;
  }

  @Override
  public float @Nullable [] initialState(String series) {
    return null;
  }

  @Override
  public Steps open() throws IOException, UnfitException {
    CsvTable in = CsvTable.open(input);
    try {
      return new Rows(in, CsvTable.open(expected));
    } catch (IOException | UnfitException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** A row of expected outputs. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Waiting(String place, List<String> row, float @Nullable [] values) {}

  /** The timestamp of an input, and where it was read. */
  private record Time(@Nullable String written, String place) {}

  private final class Rows implements Steps {
    private final CsvTable in;
    private final CsvTable out;
    private final Columns features;
    private final Columns outputs;
    private final Map<String, Long> steps = new HashMap<>();
    private final Set<String> expectedSeries = new HashSet<>();
    private long expectedRows;
    private final Map<String, Deque<Waiting>> waiting = new LinkedHashMap<>();

    /** Of the last input of each series, where only those have outputs to go with. */
    private final Map<String, Time> lastTimes = new HashMap<>();

    Rows(CsvTable in, CsvTable out) throws UnfitException {
      this.in = in;
      this.out = out;
      features = features(in);
      outputs = outputs(out);
    }

    @Override
    public @Nullable Step next() throws IOException, UnfitException {
      List<String> row = in.next();
      if (row == null) {
        end();
        return null;
      }
      String series = features.series(row, in, ONLY);
      long index = steps.merge(series, 1L, Long::sum) - 1;
      float[] values = features.values(row, in, true);
      if (values == null) {
        throw new IllegalStateException("required values are there or refused");
      }
      Time time = new Time(features.timestamp(row), in.place());
      if (!perStep && outputs.timestamp() >= 0 && time.written() != null) {
        lastTimes.put(series, time);
      }
      float @Nullable [] wanted = perStep ? expected(series, index, time) : null;
      return new Step(series, index, in.place(), values, wanted);
    }

    private void end() throws IOException, UnfitException {
      if (steps.isEmpty()) {
        throw new UnfitException(in.place() + ": found no rows behind the header");
      }
      if (!perStep) {
        return;
      }
      for (Map.Entry<String, Deque<Waiting>> left : waiting.entrySet()) {
        for (Waiting row : left.getValue()) {
          throw tooMany(row.place(), left.getKey());
        }
      }
      List<String> row = out.next();
      if (row != null) {
        throw tooMany(out.place(), outputs.series(row, out, ONLY));
      }
    }

    private UnfitException tooMany(String place, String series) {
      long there = steps.getOrDefault(series, 0L);
      return new UnfitException(
          outputs.series() < 0
              ? "%s: found a row more than the %d of %s"
                  .formatted(place, steps.values().stream().mapToLong(Long::longValue).sum(), input)
              : "%s: found a row more of series %s than the %d of %s"
                  .formatted(place, series, there, input));
    }

    /** The row of expected outputs of a step. */
    private float @Nullable [] expected(String series, long index, Time time)
        throws IOException, UnfitException {
      String queue = outputs.series() < 0 ? ONLY : series;
      Deque<Waiting> rows = waiting.computeIfAbsent(queue, s -> new ArrayDeque<>());
      while (rows.isEmpty()) {
        List<String> row = nextExpected();
        if (row == null) {
          throw withLast(
              "%s: found no row for %s, expected one as %s"
                  .formatted(expected, Case.at(series, index), in.place()));
        }
        waiting
            .computeIfAbsent(outputs.series(row, out, ONLY), s -> new ArrayDeque<>())
            .add(new Waiting(out.place(), row, outputs.values(row, out, false)));
      }
      Waiting row = rows.remove();
      try {
        outputs.checkStep(row.row(), row.place(), index);
        outputs.checkTimestamp(row.row(), row.place(), time.written(), time.place());
      } catch (UnfitException e) {
        throw withLast(String.valueOf(e.getMessage()));
      }
      return row.values();
    }

    private @Nullable List<String> nextExpected() throws IOException, UnfitException {
      List<String> row = out.next();
      if (row != null) {
        expectedRows++;
        expectedSeries.add(outputs.series(row, out, ONLY));
      }
      return row;
    }

    /**
     * A mistake, with the way out where the expected outputs are those of last steps: reads both
     * files to their ends to see whether there is one row for each series.
     */
    private UnfitException withLast(String mistake) throws IOException, UnfitException {
      while (nextExpected() != null) {
        // counted
      }
      for (List<String> row = in.next(); row != null; row = in.next()) {
        steps.merge(features.series(row, in, ONLY), 1L, Long::sum);
      }
      long inputs = steps.values().stream().mapToLong(Long::longValue).sum();
      boolean named = outputs.series() < 0 || expectedSeries.equals(steps.keySet());
      boolean last = named && expectedRows == steps.size() && inputs > expectedRows;
      return new UnfitException(
          last ? mistake + "; with one row per series, compare last steps: --last" : mistake);
    }

    @Override
    public List<End> ends(Map<String, Long> lengths) throws IOException, UnfitException {
      List<End> ends = new ArrayList<>();
      Map<String, String> seen = new HashMap<>();
      List<String> order = List.copyOf(lengths.keySet());
      for (List<String> row = out.next(); row != null; row = out.next()) {
        String place = out.place();
        if (outputs.series() < 0 && seen.size() == order.size()) {
          throw new UnfitException(
              place + ": found a row more than the " + order.size() + " series of " + input);
        }
        String inOrder = seen.size() < order.size() ? order.get(seen.size()) : ONLY;
        String series = outputs.series(row, out, inOrder);
        Long length = lengths.get(series);
        if (length == null) {
          throw new UnfitException(
              place + ": found series " + series + ", expected one of " + input);
        }
        String first = seen.putIfAbsent(series, place);
        if (first != null) {
          throw new UnfitException(
              place
                  + ": found series "
                  + series
                  + " a second time, expected one row per series: its first is at "
                  + first);
        }
        outputs.checkStep(row, place, length - 1);
        Time time = lastTimes.get(series);
        if (time != null) {
          outputs.checkTimestamp(row, place, time.written(), time.place());
        }
        float[] values = outputs.values(row, out, true);
        if (values != null) {
          ends.add(new End(series, values));
        }
      }
      for (String series : order) {
        if (!seen.containsKey(series)) {
          throw new UnfitException(
              "%s: found no row%s, expected one per series of %s"
                  .formatted(expected, series.isEmpty() ? "" : " for series " + series, input));
        }
      }
      return ends;
    }

    @Override
    public void close() throws IOException {
      try (in) {
        out.close();
      }
    }
  }
}
