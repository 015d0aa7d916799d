package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.ObservationFields.Kept;
import io.unroll.connectors.format.RecordFormat;
import io.unroll.connectors.format.TimestampField;
import io.unroll.job.operator.Transform;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code observation:}. */
final class ObservationSection {
  private static final Pattern COLUMN = Pattern.compile("/(0|[1-9][0-9]{0,5})");
  private static final String FIELD = "a field";

  private final Findings findings;
  private final Pipeline.@Nullable Source source;

  /**
   * @param source what the fields are read from; null when it is not known
   */
  ObservationSection(Findings findings, Pipeline.@Nullable Source source) {
    this.findings = findings;
    this.source = source;
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
        addOnce(series, field(item, "a field or a list of fields"), item);
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
      for (Value item : featuresValue.items("a list of fields")) {
        addOnce(features, feature(item), item);
      }
    }
    FieldPath end = end(section.get("end"));
    List<Kept> keep = keep(section.section("keep"));
    return timestamp == null
        ? null
        : new Pipeline.Observation(
            List.copyOf(series), timestamp, List.copyOf(features), end, keep);
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

  /** A field that the source's records can have. */
  private @Nullable FieldPath field(Value value, String expected) {
    String text = value.text(expected);
    if (text == null) {
      return null;
    }
    FieldPath path;
    try {
      path = FieldPath.parse(text);
    } catch (IllegalArgumentException e) {
      findings.mistake(value.path(), Found.reason(e));
      return null;
    }
    if (source != null) {
      boolean kafka = source.input() instanceof Pipeline.KafkaInput;
      boolean csv = source.format() == RecordFormat.CSV;
      boolean column = COLUMN.matcher(text).matches();
      if (path.needsKafka() && !kafka) {
        value.mistake("a field of the record: the source is a file, only Kafka records have that");
      } else if (csv && path.origin() == Origin.POINTER && !column) {
        value.mistake("a column's number such as /0: records are CSV");
      } else if (csv && kafka && path.origin() == Origin.VALUE) {
        value.mistake("a column's number such as /0: CSV records from Kafka have no header");
      }
    }
    return path;
  }

  private @Nullable TimestampField timestamp(Value value) {
    if (!value.isMap()) {
      FieldPath field = field(value, "a field or a map with field, unit, zone");
      return field == null ? null : new TimestampField(field, null, null);
    }
    Section section = value.section();
    if (section == null) {
      return null;
    }
    Value fieldValue = section.require("field", FIELD);
    FieldPath field = fieldValue == null ? null : field(fieldValue, FIELD);
    TimestampField.Unit unit = unit(section.get("unit"));
    ZoneId zone = zone(section.get("zone"));
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

  private static @Nullable ZoneId zone(@Nullable Value value) {
    String expected = "a time zone such as Europe/Berlin or +01:00";
    String text = value == null ? null : value.text(expected);
    if (value == null || text == null) {
      return null;
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      value.mistake(
          expected + Found.didYouMean(Spelling.closest(text, ZoneId.getAvailableZoneIds())));
      return null;
    }
  }

  private @Nullable FeatureField feature(Value value) {
    if (!value.isMap()) {
      FieldPath field = field(value, "a field or a map with field, transform, times");
      return field == null ? null : new FeatureField(field, Transform.NONE);
    }
    Section section = value.section();
    if (section == null) {
      return null;
    }
    Value fieldValue = section.require("field", FIELD);
    FieldPath field = fieldValue == null ? null : field(fieldValue, FIELD);
    Value transformValue = section.get("transform");
    String word =
        transformValue == null ? null : transformValue.word(List.of("diff", "log-return"));
    Value timesValue = section.get("times");
    Double times = timesValue == null ? null : timesValue.factor();
    if (timesValue != null && transformValue == null) {
      timesValue.mistake("a transform beside it: diff or log-return");
    }
    Transform.Kind kind =
        word == null
            ? Transform.Kind.NONE
            : word.equals("diff") ? Transform.Kind.DIFF : Transform.Kind.LOG_RETURN;
    return field == null
        ? null
        : new FeatureField(field, new Transform(kind, times == null ? 1 : times));
  }

  private @Nullable FieldPath end(@Nullable Value value) {
    if (value == null) {
      return null;
    }
    if (value.isMap()) {
      findings.mistake(
          value.path(),
          "found a map, which this version does not know yet, expected the name of a boolean"
              + " field");
      return null;
    }
    return field(value, "the name of a boolean field");
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
              FieldPath field = field(value, FIELD);
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
