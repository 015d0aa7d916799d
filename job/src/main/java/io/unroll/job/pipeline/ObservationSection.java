package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.ObservationFields.Kept;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.format.SeriesPart;
import io.unroll.connectors.format.TimestampField;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.ObservationKeys;
import io.unroll.job.describe.RootKeys;
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

  ObservationSection(Findings findings, Fields fields) {
    this.findings = findings;
    this.fields = fields;
  }

  /**
   * The observation; null when something in it is wrong, which has been reported.
   *
   * @param description what the model sees of it. Modified.
   */
  Pipeline.@Nullable Observation read(Section root, Description description) {
    Value value = root.requireValue(RootKeys.OBSERVATION);
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    Value seriesValue = section.requireValue(ObservationKeys.SERIES);
    List<SeriesPart> series =
        seriesValue == null ? List.of() : new SeriesSection(findings, fields).read(seriesValue);
    TimestampField timestamp = null;
    Value timestampValue = section.requireValue(ObservationKeys.TIMESTAMP);
    if (timestampValue != null) {
      timestamp = timestamp(timestampValue);
    }
    List<FeatureField> features = new ArrayList<>();
    Value featuresValue = section.requireValue(ObservationKeys.FEATURES);
    if (featuresValue != null) {
      FeatureSection feature = new FeatureSection(findings, fields);
      for (Value item : featuresValue.items("a list of fields")) {
        FeatureField read = feature.read(item);
        if (read != null) {
          features.add(read);
        }
      }
    }
    Marker end =
        marker(
            section.value(ObservationKeys.END), ObservationKeys.END_FIELD, ObservationKeys.END_IN);
    Marker start =
        marker(
            section.value(ObservationKeys.START),
            ObservationKeys.START_FIELD,
            ObservationKeys.START_IN);
    FieldPath identity = identity(section.value(ObservationKeys.DEDUPLICATE_BY), description);
    List<Kept> keep = keep(section.section(ObservationKeys.KEEP));
    if (timestamp == null) {
      return null;
    }
    description.say(
        ObservationKeys.FEATURES, features.stream().map(FeatureField::described).toList());
    return new Pipeline.Observation(
        series, timestamp, List.copyOf(features), end, start, identity, keep);
  }

  /** What two observations that are one have in common; null without. */
  private @Nullable FieldPath identity(@Nullable Value value, Description description) {
    if (value == null) {
      return null;
    }
    FieldPath field;
    Long window = null;
    if (value.isMap()) {
      Section section = value.section();
      if (section == null) {
        return null;
      }
      field = field(section, ObservationKeys.DEDUPLICATE_FIELD);
      window = section.get(ObservationKeys.DEDUPLICATE_WINDOW);
    } else {
      field = fields.read(value, "a field or a map with field, window");
    }
    if (field != null) {
      description.say(
          ObservationKeys.DEDUPLICATE_WINDOW,
          ObservationKeys.DEDUPLICATE_WINDOW.orStandard(window));
    }
    return field;
  }

  private @Nullable FieldPath field(Section section, Key<String> key) {
    Value value = section.requireValue(key);
    return value == null ? null : fields.read(value, FIELD);
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
    FieldPath field = field(section, ObservationKeys.TIMESTAMP_FIELD);
    TimestampField.Unit unit = unit(section.get(ObservationKeys.TIMESTAMP_UNIT));
    ZoneId zone = section.get(ObservationKeys.TIMESTAMP_ZONE);
    if (field != null && field.origin() == Origin.TIMESTAMP) {
      List<Key<?>> extras = List.of(ObservationKeys.TIMESTAMP_UNIT, ObservationKeys.TIMESTAMP_ZONE);
      for (Key<?> key : extras) {
        Value extra = section.value(key);
        if (extra != null) {
          extra.mistake("no " + key.name() + ": $timestamp is in milliseconds since 1970");
        }
      }
    }
    return field == null ? null : new TimestampField(field, unit, zone);
  }

  private static TimestampField.@Nullable Unit unit(@Nullable String label) {
    return Arrays.stream(TimestampField.Unit.values())
        .filter(unit -> unit.label().equals(label))
        .findFirst()
        .orElse(null);
  }

  /** A field that says true, or one that says one of some values. */
  private @Nullable Marker marker(
      @Nullable Value value, Key<String> fieldKey, Key<List<String>> inKey) {
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
    FieldPath field = field(section, fieldKey);
    Value inValue = section.requireValue(inKey);
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
