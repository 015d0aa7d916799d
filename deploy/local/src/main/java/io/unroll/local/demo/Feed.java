package io.unroll.local.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A feed as its file has it: per series, its observations in order.
 *
 * @param series name to observations
 */
record Feed(Map<String, List<Row>> series) {

  /**
   * One observation.
   *
   * @param timestamp epoch milliseconds
   * @param values the columns asked for
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Row(long timestamp, double[] values) {}

  static Feed read(Path csv, String... columns) throws IOException {
    Map<String, List<Row>> series = new LinkedHashMap<>();
    try (MappingIterator<Map<String, String>> lines =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(csv.toFile())) {
      while (lines.hasNextValue()) {
        Map<String, String> line = lines.nextValue();
        double[] values = new double[columns.length];
        for (int i = 0; i < columns.length; i++) {
          values[i] = Double.parseDouble(column(line, columns[i]));
        }
        series
            .computeIfAbsent(column(line, "series"), s -> new ArrayList<>())
            .add(new Row(Long.parseLong(column(line, "timestamp")), values));
      }
    }
    return new Feed(series);
  }

  private static String column(Map<String, String> line, String name) throws IOException {
    String value = line.get(name);
    if (value == null) {
      throw new IOException("the feed has no column '" + name + "'");
    }
    return value;
  }
}
