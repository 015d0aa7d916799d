package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The records that a {@link RandomPipeline} reads: of several series, with gaps, late ones and
 * duplicates, missing and wrong values, and lines that are no records.
 */
final class RandomRecords {
  /** A record: its fields by their names, or a line that is none; and what Kafka has beside it. */
  record Row(
      String series,
      long millis,
      Map<String, Object> fields,
      @Nullable String broken,
      boolean withKey) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START = 1_700_000_000_000L;
  private static final List<Object> KEPT =
      Arrays.asList("n, \"q\"", "é€😀", "", 7, 1.50, true, null, Map.of("a", List.of(1, "x")));

  final boolean csv;
  final List<Row> rows = new ArrayList<>();

  /** How timestamps are written: in a unit, with an offset, or without. */
  String timeStyle = "ms";

  /** Whether a marker is one of some values, else it is true. */
  boolean endIn;

  boolean startIn;

  private final Random random;
  final RandomCsv written; // how, if they are CSV
  private final int style; // how JSON fields are nested
  private final List<String> columns = new ArrayList<>(); // names of all fields, in CSV's order

  RandomRecords(Random random, boolean ofKafka) {
    this.random = random;
    csv = random.nextInt(3) == 0;
    style = random.nextInt(3);
    written = new RandomCsv(random, ofKafka, columns);
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** The path of a field of the record. */
  String field(String called) {
    columns.add(called);
    if (csv) {
      return written.lastColumn();
    }
    return switch (style) {
      case 0 -> called;
      case 1 -> "m." + called;
      default -> "/m/" + called;
    };
  }

  /** Draws the records, once all fields are known. */
  void draw() {
    long[] clocks = {START, START, START};
    List<String> names = List.of("A", "B", "C");
    int series = 1 + random.nextInt(names.size());
    for (int i = 20 + random.nextInt(30); i > 0; i--) {
      if (!rows.isEmpty() && one(20)) {
        rows.add(any(rows)); // again
        continue;
      }
      int which = random.nextInt(series);
      clocks[which] += 50_000 + random.nextInt(20_000);
      if (one(8)) {
        clocks[which] += one(4) ? 10_800_000L : 60_000L * (1 + random.nextInt(5));
      }
      long millis = one(10) ? clocks[which] - random.nextInt(1_800_000) : clocks[which];
      rows.add(row(names.get(which), millis));
    }
  }

  private Row row(String series, long millis) {
    Map<String, Object> values = new LinkedHashMap<>();
    boolean marker = columns.contains("end") && one(10);
    boolean bare = marker && one(2);
    for (String column : columns) {
      values.put(column, value(column, series, millis, marker, bare));
    }
    @Nullable String broken =
        one(25) ? any(List.of("no json", "{\"a\":", "[1,2]", "\"x", "{}")) : null;
    return new Row(series, millis, values, broken, !one(20));
  }

  private @Nullable Object value(
      String column, String series, long millis, boolean marker, boolean bare) {
    return switch (column) {
      case "series" -> one(40) ? null : series;
      case "site" -> series;
      case "unit" -> 1;
      case "at" -> one(30) ? any(Arrays.asList(null, "yesterday", -5, 1e30)) : time(millis);
      case "end" ->
          marker ? (endIn ? any(List.of("STOP", 7)) : true) : one(30) ? "perhaps" : any(UNSET);
      case "start" -> one(10) ? (startIn ? "GO" : true) : any(UNSET);
      case "by" -> one(30) ? null : "d" + (millis - START) / 600_000;
      case "id" -> one(30) ? null : "i" + random.nextInt(60);
      default ->
          column.startsWith("kept")
              ? any(KEPT)
              : bare ? null : one(20) ? any(BAD) : number(10 + random.nextGaussian());
    };
  }

  private static final List<Object> UNSET = Arrays.asList(false, null, "");
  private static final List<Object> BAD =
      Arrays.asList(null, "abc", "NaN", "", 1e300, -1, 0, true, "1,5", Map.of("a", 1));

  private static Object number(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private Object time(long millis) {
    return switch (timeStyle) {
      case "ms" -> millis;
      case "s" -> BigDecimal.valueOf(millis, 3);
      case "us" -> millis * 1000;
      case "ns" -> Long.toString(millis * 1_000_000);
      case "iso" -> Instant.ofEpochMilli(millis).toString();
      default -> Instant.ofEpochMilli(millis).toString().replace("Z", "");
    };
  }

  /** The record's bytes. */
  byte[] bytes(Row row) {
    String broken = row.broken();
    if (!csv) {
      return (broken != null ? broken : json(row)).getBytes(UTF_8);
    }
    return written.bytes(broken != null ? broken : written.line(row.fields().values()));
  }

  private String json(Row row) {
    Map<String, Object> present = new LinkedHashMap<>(row.fields());
    if (row.millis() % 2 == 0) { // absent as well as null
      present.values().removeIf(Objects::isNull);
    }
    try {
      return JSON.writeValueAsString(style == 0 ? present : Map.of("m", present, "other", 1));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
