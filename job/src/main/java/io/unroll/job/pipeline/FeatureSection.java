package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.describe.FeatureKeys;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Transform;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an item of {@code observation.features}. */
final class FeatureSection {
  private static final String ITEM = "a field or a map with one of field, time-delta, clock";
  private static final String MISSING = "reject, previous, mask or {value: number}";

  private final Findings findings;
  private final Fields fields;
  private final ScaleSection scales;

  FeatureSection(Findings findings, Fields fields) {
    this.findings = findings;
    this.fields = fields;
    this.scales = new ScaleSection(findings);
  }

  /** The feature; null when something in it is wrong, which has been reported. */
  @Nullable FeatureField read(Value value) {
    if (!value.isMap()) {
      FieldPath field = fields.read(value, ITEM);
      return field == null ? null : FeatureField.raw(field);
    }
    Section section = value.section();
    if (section == null) {
      return null;
    }
    Key<?> key = section.exactlyOne(FeatureKeys.FIELD, FeatureKeys.TIME_DELTA, FeatureKeys.CLOCK);
    if (key == null) {
      return null;
    }
    if (key.equals(FeatureKeys.FIELD)) {
      refuse(section, key, FeatureKeys.ZONE);
      return field(section);
    }
    refuse(
        section,
        key,
        FeatureKeys.AS,
        FeatureKeys.TRANSFORM,
        FeatureKeys.MULTIPLY_BY,
        FeatureKeys.MISSING,
        FeatureKeys.SCALE);
    if (key.equals(FeatureKeys.CLOCK)) {
      Calendar calendar = calendar(section, FeatureKeys.CLOCK, FeatureKeys.ZONE);
      return calendar == null ? null : new FeatureField(null, Feature.clock(calendar));
    }
    refuse(section, key, FeatureKeys.ZONE);
    Duration unit = section.get(FeatureKeys.TIME_DELTA);
    return unit == null ? null : new FeatureField(null, Feature.timeDelta(unit.toMillis()));
  }

  static void refuse(Section section, Key<?> beside, Key<?>... keys) {
    for (Key<?> key : keys) {
      Value value = section.value(key);
      if (value != null) {
        value.mistake("no " + key.name() + " beside " + beside.name());
      }
    }
  }

  private @Nullable FeatureField field(Section section) {
    Value fieldValue = section.value(FeatureKeys.FIELD);
    FieldPath field = fieldValue == null ? null : fields.read(fieldValue, "a field");
    String as = section.get(FeatureKeys.AS);
    Transform transform = transform(section);
    Value missingValue = section.value(FeatureKeys.MISSING);
    Missing missing = missingValue == null ? Missing.REJECT : missing(missingValue);
    Value scaleValue = section.value(FeatureKeys.SCALE);
    ScaleSection.Read scale =
        scaleValue == null
            ? ScaleSection.Read.NONE
            : scales.read(scaleValue, field, section.path());
    if (field == null) {
      return null;
    }
    try {
      return new FeatureField(
          field,
          new Feature(field.text(), transform).missing(missing).scaled(scale.scale()),
          scale.table(),
          as);
    } catch (IllegalArgumentException e) {
      findings.mistake(section.path() + ".missing.value", Found.reason(e));
      return null;
    }
  }

  private static Transform transform(Section section) {
    Transform.Kind kind = section.get(FeatureKeys.TRANSFORM);
    Double times = section.get(FeatureKeys.MULTIPLY_BY);
    Value timesValue = section.value(FeatureKeys.MULTIPLY_BY);
    if (timesValue != null && !section.has(FeatureKeys.TRANSFORM)) {
      timesValue.mistake("a transform beside it: diff, log-return or log1p");
    }
    return new Transform(kind == null ? Transform.Kind.NONE : kind, times == null ? 1 : times);
  }

  private static Missing missing(Value value) {
    if (value.isList()) {
      value.mistake(MISSING);
      return Missing.REJECT;
    }
    if (value.isMap()) {
      Section section = value.section();
      Double standIn = section == null ? null : section.require(FeatureKeys.MISSING_VALUE);
      return standIn == null ? Missing.REJECT : Missing.value(standIn);
    }
    String word = value.word(List.of("reject", "previous", "mask"));
    return "previous".equals(word)
        ? Missing.PREVIOUS
        : "mask".equals(word) ? Missing.MASK : Missing.REJECT;
  }

  /** A cycle of the calendar in a zone; null when one is wrong, which has been reported. */
  static @Nullable Calendar calendar(Section section, Key<Calendar.Cycle> clock, Key<ZoneId> zone) {
    Calendar.Cycle cycle = section.require(clock);
    ZoneId where = section.require(zone);
    return cycle == null || where == null ? null : new Calendar(cycle, where);
  }
}
