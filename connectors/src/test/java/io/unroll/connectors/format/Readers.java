package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.ObservationFields.FeatureSource;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.csv.CsvSettings;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Readers for tests: series s, timestamp t, feature x, unless told otherwise. */
final class Readers {

  private List<SeriesPart> series = List.of(SeriesPart.of(FieldPath.parse("s")));
  private KeyFormat key = KeyFormat.TEXT;
  private TimestampField timestamp = new TimestampField(FieldPath.parse("t"), null, null);
  private List<FeatureSource> features = sources(false, "x");
  private @Nullable Marker end;
  private @Nullable Marker start;
  private @Nullable FieldPath by;
  private @Nullable FieldPath deduplicateBy;
  private final List<ObservationFields.Kept> keep = new ArrayList<>();
  private TimestampBounds bounds = TimestampBounds.DEFAULT;
  private ObservationReader.WallClock clock = () -> 1_700_000_000_000L;

  static Readers standard() {
    return new Readers();
  }

  Readers series(String... names) {
    series = paths(names).stream().map(SeriesPart::of).toList();
    return this;
  }

  Readers series(SeriesPart... parts) {
    series = List.of(parts);
    return this;
  }

  Readers key(KeyFormat format) {
    key = format;
    return this;
  }

  Readers timestamp(String name, TimestampField.@Nullable Unit unit, @Nullable String zone) {
    timestamp =
        new TimestampField(FieldPath.parse(name), unit, zone == null ? null : ZoneId.of(zone));
    return this;
  }

  Readers features(String... names) {
    features = sources(false, names);
    return this;
  }

  /** Features that may be missing, after those that may not. */
  Readers optional(String... names) {
    features = Stream.concat(features.stream(), sources(true, names).stream()).toList();
    return this;
  }

  /** That no model sees. */
  Readers beside(String... names) {
    List<FeatureSource> more =
        paths(names).stream().map(field -> new FeatureSource(field, true, true)).toList();
    features = Stream.concat(features.stream(), more.stream()).toList();
    return this;
  }

  Readers end(String name, String... in) {
    end = new Marker(FieldPath.parse(name), List.of(in));
    return this;
  }

  Readers start(String name, String... in) {
    start = new Marker(FieldPath.parse(name), List.of(in));
    return this;
  }

  Readers by(String name) {
    by = FieldPath.parse(name);
    return this;
  }

  Readers deduplicateBy(String name) {
    deduplicateBy = FieldPath.parse(name);
    return this;
  }

  Readers keep(String name, String field) {
    keep.add(new ObservationFields.Kept(name, FieldPath.parse(field)));
    return this;
  }

  Readers bounds(TimestampBounds bounds) {
    this.bounds = bounds;
    return this;
  }

  Readers clock(long millis) {
    clock = () -> millis;
    return this;
  }

  ObservationReader of(Format format) {
    return new ObservationReader(
        format,
        new ObservationFields(
            series, timestamp, features, end, start, by, deduplicateBy, keep, key),
        bounds,
        true,
        clock);
  }

  /** What JSON text reads as. */
  Reading json(String text) {
    return of(new JsonFormat()).read(text.getBytes(UTF_8), "in/0@", 7);
  }

  /** What the last of a CSV file's lines reads as. */
  Reading csv(String... lines) {
    return csv(new CsvSettings.Builder(), lines);
  }

  /** What the last of a file's lines reads as, which are written as {@code settings} say. */
  Reading csv(CsvSettings.Builder settings, String... lines) {
    CsvSettings csv = settings.build();
    Charset charset = Charset.forName(csv.encoding().name());
    RecordLines records = of(new CsvFormat(csv)).lines("in.csv:");
    Reading last = null;
    for (int i = 0; i < lines.length; i++) {
      last = records.read(lines[i].getBytes(charset), i + 1);
    }
    return last;
  }

  static Observation usable(Reading reading) {
    if (reading.observation == null) {
      throw new AssertionError("expected an observation, found: " + reading.rejected.reason);
    }
    return reading.observation;
  }

  static Rejected rejected(Reading reading) {
    if (reading.rejected == null) {
      throw new AssertionError("expected a rejected record, found: " + reading.observation);
    }
    return reading.rejected;
  }

  static String reason(Reading reading) {
    return rejected(reading).reason;
  }

  private static List<FeatureSource> sources(boolean optional, String... names) {
    return paths(names).stream().map(field -> new FeatureSource(field, optional)).toList();
  }

  private static List<FieldPath> paths(String... names) {
    return Arrays.stream(names).map(FieldPath::parse).toList();
  }
}
