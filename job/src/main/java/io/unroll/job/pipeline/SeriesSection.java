package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.SeriesPart;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.ObservationKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code observation.series}. */
final class SeriesSection {
  private final Findings findings;
  private final Fields fields;

  SeriesSection(Findings findings, Fields fields) {
    this.findings = findings;
    this.fields = fields;
  }

  /** What a series' name is made of. */
  List<SeriesPart> read(Value value) {
    List<SeriesPart> parts = new ArrayList<>();
    List<Value> items =
        value.isList() ? value.items(ObservationKeys.SERIES_EXPECTED) : List.of(value.asItem());
    for (Value item : items) {
      SeriesPart part = part(item);
      if (part == null) {
        continue;
      }
      int first = parts.indexOf(part);
      if (first >= 0) {
        findings.mistake(item.path(), "found the same as in [" + first + "], expected it once");
      }
      parts.add(part);
    }
    return List.copyOf(parts);
  }

  private @Nullable SeriesPart part(Value value) {
    if (!value.isMap()) {
      FieldPath field = fields.read(value, ObservationKeys.SERIES_EXPECTED);
      return field == null ? null : SeriesPart.of(field);
    }
    Section section = value.section();
    Key<?> key =
        section == null
            ? null
            : section.exactlyOne(ObservationKeys.SERIES_VALUE, ObservationKeys.SERIES_FIELD);
    if (section == null || key == null) {
      return null;
    }
    return key.equals(ObservationKeys.SERIES_VALUE) ? constant(section, key) : field(section);
  }

  private @Nullable SeriesPart constant(Section section, Key<?> key) {
    FeatureSection.refuse(section, key, ObservationKeys.SERIES_PATTERN);
    Value value = section.value(key);
    String text = value == null ? null : value.written("the name of a series");
    if (value == null || text == null) {
      return null;
    }
    try {
      return new SeriesPart.Constant(text);
    } catch (IllegalArgumentException e) {
      findings.mistake(value.path(), Found.reason(e));
      return null;
    }
  }

  private @Nullable SeriesPart field(Section section) {
    Value value = section.value(ObservationKeys.SERIES_FIELD);
    FieldPath field = value == null ? null : fields.read(value, "a field");
    String pattern = section.require(ObservationKeys.SERIES_PATTERN);
    if (field == null || pattern == null) {
      return null;
    }
    try {
      return new SeriesPart.Field(field, pattern);
    } catch (IllegalArgumentException e) {
      findings.mistake(section.path() + ".pattern", Found.reason(e));
      return null;
    }
  }
}
