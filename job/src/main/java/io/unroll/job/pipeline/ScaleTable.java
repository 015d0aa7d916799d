package io.unroll.job.pipeline;

import io.unroll.connectors.file.CsvTable;
import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.csv.CsvLines;
import io.unroll.job.describe.Found;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scales of features by series, from a CSV file with the columns {@code series, feature, mean,
 * std}. Other columns are not looked at.
 */
final class ScaleTable {
  /** The series whose row stands for every series that has none. */
  static final String STANDARD = "default";

  /** A file of something else has a mistake in each row: a few of them say so. */
  private static final int MOST_MISTAKES = 10;

  private static final List<String> COLUMNS = List.of("series", "feature", "mean", "std");

  private final Map<String, Map<String, Norm>> features = new LinkedHashMap<>(); // then by series
  private final List<String> mistakes = new ArrayList<>();
  private int more;

  private ScaleTable() {}

  /** Reads a file; what is wrong with it stands in {@link #mistakes}. */
  static ScaleTable read(Path file) {
    ScaleTable table = new ScaleTable();
    if (!Files.exists(file)) {
      table.mistake("there is no " + file);
      return table;
    }
    if (!Files.isRegularFile(file)) {
      table.mistake(file + " is a folder or a device");
      return table;
    }
    try (CsvTable rows = CsvTable.open(file)) {
      table.read(rows);
    } catch (CsvTable.UnreadableTableException e) {
      table.mistake(Found.reason(e));
    } catch (IOException e) {
      table.mistake(file + ": found an unreadable file, expected a CSV file: " + Found.reason(e));
    }
    return table;
  }

  private void read(CsvTable rows) throws IOException {
    Map<String, Integer> places = new HashMap<>(); // of the columns in a row
    for (String column : COLUMNS) {
      int place = rows.header().indexOf(column);
      places.put(column, place);
      if (place < 0) {
        mistake(
            rows.place()
                + ": found the columns "
                + Found.reason(String.join(", ", rows.header()))
                + ", expected "
                + Found.quoted(column)
                + " among them");
      }
    }
    if (!mistakes.isEmpty()) {
      return;
    }
    List<String> row = rows.next();
    while (row != null) {
      List<String> values = row;
      add(
          rows.place(),
          COLUMNS.stream().map(column -> values.get(places.getOrDefault(column, 0))).toList());
      row = rows.next();
    }
  }

  /**
   * Takes a row in.
   *
   * @param values of {@link #COLUMNS}, in their order
   */
  private void add(String place, List<String> values) {
    String series = values.get(0);
    String feature = values.get(1);
    if (series.isBlank() || feature.isBlank()) {
      mistake(place + ": found an empty " + COLUMNS.get(series.isBlank() ? 0 : 1));
      return;
    }
    for (int i = 2; i < COLUMNS.size(); i++) {
      if (!CsvLines.isNumber(values.get(i))) {
        mistake(
            place
                + ": found "
                + Found.quoted(values.get(i))
                + " as "
                + COLUMNS.get(i)
                + ", expected a number");
        return;
      }
    }
    Norm norm;
    try {
      norm = new Norm(Double.parseDouble(values.get(2)), Double.parseDouble(values.get(3)));
    } catch (IllegalArgumentException e) {
      mistake(place + ": " + Found.reason(e));
      return;
    }
    Map<String, Norm> bySeries = features.computeIfAbsent(feature, f -> new HashMap<>());
    if (bySeries.putIfAbsent(series, norm) != null) {
      mistake(
          place
              + ": found a second row of series "
              + Found.quoted(series)
              + " and feature "
              + Found.quoted(feature)
              + ", expected one");
    }
  }

  private void mistake(String text) {
    if (mistakes.size() < MOST_MISTAKES) {
      mistakes.add(text);
    } else {
      more++;
    }
  }

  /** What is wrong with the file and where, in its order; empty if nothing is. */
  List<String> mistakes() {
    List<String> all = new ArrayList<>(mistakes);
    if (more > 0) {
      all.add("and " + more + (more == 1 ? " mistake" : " mistakes") + " more in the same file");
    }
    return all;
  }

  /** The features that have rows. */
  Set<String> features() {
    return features.keySet();
  }

  /**
   * The name by which the table has rows of a field: as the field is written, or else its last
   * name; null without rows.
   */
  @Nullable String nameOf(FieldPath field) {
    if (features.containsKey(field.text())) {
      return field.text();
    }
    String last = FeatureField.lastName(field);
    return features.containsKey(last) ? last : null;
  }

  /** The scale of a feature by its name in the table. */
  Scale of(String name) {
    Map<String, Norm> bySeries = new HashMap<>(features.getOrDefault(name, Map.of()));
    Norm standard = bySeries.remove(STANDARD);
    return new Scale.Table(bySeries, standard);
  }
}
