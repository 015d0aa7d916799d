package io.unroll.connectors.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a look at some records shows that reading each of them does not: values that nothing reads,
 * and values that may mean something else than what is read. None of it rejects a record.
 *
 * <p>Not safe to share between threads.
 */
public final class Oddities {
  /**
   * What is a thousand where a dot sets thousands apart, and reads as a number of three decimals.
   */
  private static final Pattern DOTTED = Pattern.compile("[-+]?[1-9]\\d{0,2}\\.\\d{3}");

  /** A number that is written with a decimal comma, and a dot between thousands. */
  private static final String MIXED = "1.000,5";

  private @Nullable String place;
  private boolean looked;

  /** What to do about thousands that a dot sets apart. */
  private String wayOut = "";

  private @Nullable RecordLook look;
  private final Seen twice = new Seen();
  private final Map<FieldPath, Seen> commas = new LinkedHashMap<>();
  private final Map<FieldPath, Seen> dotted = new LinkedHashMap<>();

  /**
   * Where the records that follow are.
   *
   * @param place null: where they say themselves
   */
  public void at(@Nullable String place) {
    this.place = place;
  }

  private String place(String own) {
    return place == null ? own : place;
  }

  /**
   * A record, of which {@code paths} are read.
   *
   * @param series whose observation it is; null if it is rejected
   */
  void record(
      String own, byte[] record, Format format, List<FieldPath> paths, @Nullable String series) {
    if (!looked) {
      looked = true;
      look = format.look(paths);
    }
    if (look != null) {
      look.look(place(own), record, series);
    }
  }

  /** A record's timestamp. */
  void timestamp(String own, Value value, TimestampReader timestamps) {
    if (timestamps.isTwice(value)) {
      twice.at(place(own), value.text().strip());
    }
  }

  /** A record's feature. */
  void feature(String own, FieldPath path, Value value, Format format) {
    if (value.kind() == Value.Kind.TEXT && format.numbers().isPlain()) {
      String text = value.text().strip();
      if (FieldReader.COMMA.matcher(text).matches()) {
        wayOut = format.numberWayOut(MIXED);
        commas.computeIfAbsent(path, p -> new Seen()).at(place(own), text);
      } else if (DOTTED.matcher(text).matches()) {
        dotted.computeIfAbsent(path, p -> new Seen()).at(place(own), text);
      }
    }
  }

  /** What was seen, a line each. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (look != null) {
      lines.addAll(look.lines());
    }
    if (twice.count() > 0) {
      lines.add(
          "observation.timestamp: %d records are of an hour that the zone has twice, as the clock is put back, the first of them %s: each is read as the earlier one. Let their producer write times with an offset"
              .formatted(twice.count(), twice.first()));
    }
    dotted.forEach(
        (path, dot) -> {
          Seen comma = commas.get(path);
          if (comma != null) {
            lines.add(
                "%s: %s is read as a number of three decimals, and other records have a comma, as %s: if the comma is the sign of decimals, the dot sets thousands apart. %s"
                    .formatted(path, dot.first(), comma.first(), wayOut));
          }
        });
    return lines;
  }
}
