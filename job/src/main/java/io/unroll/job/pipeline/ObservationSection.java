package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.ObservationFields.Kept;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.format.TimestampField;
import io.unroll.job.life.SeriesMemory;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code observation:}. */
final class ObservationSection {
  private static final String FIELD = "a field";
  private static final String MARKER_VALUES = "a list of values such as [STOP, DONE]";

  private final Findings findings;
  private final Fields fields;
  private final Path directory;

  /**
   * @param directory of the pipeline file
   */
  ObservationSection(Findings findings, Fields fields, Path directory) {
    this.findings = findings;
    this.fields = fields;
    this.directory = directory;
  }

  /** The observation; null when something in it is wrong, which has been reported. */
  Pipeline.@Nullable Observation read(Section root) {
    Value value = root.require("observation", "a map with series, timestamp, features");
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    List<FieldPath> series = new ArrayList<>();
    Value seriesValue = section.require("series", "a field or a list of fields");
    if (seriesValue != null) {
      for (Value item : seriesValue.oneOrMore("a field or a list of fields")) {
        addOnce(series, fields.read(item, "a field or a list of fields"), item);
      }
    }
    TimestampField timestamp = null;
    Value timestampValue = section.require("timestamp", "a field or a map with field, unit, zone");
    if (timestampValue != null) {
      timestamp = timestamp(timestampValue);
    }
    List<FeatureField> features = new ArrayList<>();
    Value featuresValue = section.require("features", "a list of fields");
    if (featuresValue != null) {
      FeatureSection feature = new FeatureSection(findings, fields, directory);
      for (Value item : featuresValue.items("a list of fields")) {
        addOnce(features, feature.read(item), item);
      }
    }
    Marker end = marker(section.get("end"));
    Marker start = marker(section.get("start"));
    Pipeline.Duplicates duplicates = duplicates(section.get("deduplicate-by"));
    List<Kept> keep = keep(section.section("keep"));
    return timestamp == null
        ? null
        : new Pipeline.Observation(
            List.copyOf(series), timestamp, List.copyOf(features), end, start, duplicates, keep);
  }

  private Pipeline.@Nullable Duplicates duplicates(@Nullable Value value) {
    if (value == null) {
      return null;
    }
    if (!value.isMap()) {
      FieldPath field = fields.read(value, "a field or a map with field, window");
      return field == null ? null : new Pipeline.Duplicates(field, SeriesMemory.DUPLICATES);
    }
    Section section = value.section();
    if (section == null) {
      return null;
    }
    Value fieldValue = section.require("field", FIELD);
    FieldPath field = fieldValue == null ? null : fields.read(fieldValue, FIELD);
    Value windowValue = section.get("window");
    Long window = windowValue == null ? null : windowValue.integer(1, SeriesMemory.MOST_DUPLICATES);
    return field == null
        ? null
        : new Pipeline.Duplicates(
            field, window == null ? SeriesMemory.DUPLICATES : Math.toIntExact(window));
  }

  private <T> void addOnce(List<T> list, @Nullable T item, Value value) {
    if (item == null) {
      return;
    }
    int first = list.indexOf(item);
    if (first >= 0) {
      findings.mistake(value.path(), "found the same as in [" + first + "], expected it once");
    }
    list.add(item);
  }

  private @Nullable TimestampField timestamp(Value value) {
    if (!value.isMap()) {
      FieldPath field = fields.read(value, "a field or a map with field, unit, zone");
      return field == null ? null : new TimestampField(field, null, null);
    }
    Section section = value.section();
    if (section == null) {
      return null;
    }
    Value fieldValue = section.require("field", FIELD);
    FieldPath field = fieldValue == null ? null : fields.read(fieldValue, FIELD);
    TimestampField.Unit unit = unit(section.get("unit"));
    Value zoneValue = section.get("zone");
    ZoneId zone = zoneValue == null ? null : zoneValue.zone();
    if (field != null && field.origin() == Origin.TIMESTAMP) {
      for (String key : List.of("unit", "zone")) {
        Value extra = section.get(key);
        if (extra != null) {
          extra.mistake("no " + key + ": $timestamp is in milliseconds since 1970");
        }
      }
    }
    return field == null ? null : new TimestampField(field, unit, zone);
  }

  private static TimestampField.@Nullable Unit unit(@Nullable Value value) {
    List<TimestampField.Unit> units = Arrays.asList(TimestampField.Unit.values());
    String word =
        value == null ? null : value.word(units.stream().map(TimestampField.Unit::label).toList());
    return units.stream().filter(u -> u.label().equals(word)).findFirst().orElse(null);
  }

  /** A field that says true, or one that says one of some values. */
  private @Nullable Marker marker(@Nullable Value value) {
    if (value == null) {
      return null;
    }
    if (!value.isMap()) {
      FieldPath field = fields.read(value, "a boolean field or a map with field, in");
      return field == null ? null : Marker.ofTrue(field);
    }
    Section section = value.section();
    if (section == null) {
      return null;
    }
    Value fieldValue = section.require("field", FIELD);
    FieldPath field = fieldValue == null ? null : fields.read(fieldValue, FIELD);
    Value inValue = section.require("in", MARKER_VALUES);
    List<String> in = inValue == null ? List.of() : values(inValue);
    return field == null || in.isEmpty() ? null : new Marker(field, in);
  }

  private List<String> values(Value list) {
    List<String> values = new ArrayList<>();
    for (Value item : list.items(MARKER_VALUES)) {
      String value = item.written("a text, a number, true or false");
      if (value != null && values.contains(value)) {
        findings.mistake(
            item.path(), "found " + Found.quoted(value) + " a second time, expected it once");
      } else if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private List<Kept> keep(@Nullable Section section) {
    if (section == null) {
      return List.of();
    }
    List<Kept> keep = new ArrayList<>();
    Map<FieldPath, String> names = new HashMap<>();
    section
        .others()
        .forEach(
            (name, value) -> {
              FieldPath field = fields.read(value, FIELD);
              if (name.isBlank()) {
                findings.mistake(value.path(), "found an empty name, expected a name");
              } else if (field != null) {
                String other = names.putIfAbsent(field, name);
                if (other != null) {
                  value.mistake("a field that is not kept already, as " + Found.quoted(other));
                }
                keep.add(new Kept(name, field));
              }
            });
    return List.copyOf(keep);
  }
}
