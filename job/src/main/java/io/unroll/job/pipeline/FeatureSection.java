package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.life.Calendar;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Transform;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an item of {@code observation.features}. */
final class FeatureSection {
  private static final String ITEM = "a field or a map with one of field, time-delta, clock";
  private static final String MISSING = "reject, previous, mask or {value: number}";
  private static final String VALUE = "the number that stands in";
  private static final List<Transform.Kind> TRANSFORMS =
      List.of(Transform.Kind.DIFF, Transform.Kind.LOG_RETURN, Transform.Kind.LOG1P);

  private final Findings findings;
  private final Fields fields;
  private final ScaleSection scales;

  /**
   * @param directory of the pipeline file
   */
  FeatureSection(Findings findings, Fields fields, Path directory) {
    this.findings = findings;
    this.fields = fields;
    this.scales = new ScaleSection(findings, directory);
  }

  /** The feature; null when something in it is wrong, which has been reported. */
  @Nullable FeatureField read(Value value) {
    if (!value.isMap()) {
      FieldPath field = fields.read(value, ITEM);
      return field == null ? null : FeatureField.raw(field);
    }
    Section section = value.section();
    String key = section == null ? null : section.exactlyOne("field", "time-delta", "clock");
    Value source = section == null || key == null ? null : section.get(key);
    if (section == null || key == null || source == null) {
      return null;
    }
    if (key.equals("field")) {
      refuse(section, key, "zone");
      return field(section, source);
    }
    refuse(section, key, "as", "transform", "times", "missing", "scale");
    if (key.equals("clock")) {
      Calendar calendar = calendar(section);
      return calendar == null ? null : new FeatureField(null, Feature.clock(calendar));
    }
    refuse(section, key, "zone");
    Duration unit = source.unit();
    return unit == null ? null : new FeatureField(null, Feature.timeDelta(unit.toMillis()));
  }

  static void refuse(Section section, String beside, String... keys) {
    for (String key : keys) {
      Value value = section.get(key);
      if (value != null) {
        value.mistake("no " + key + " beside " + beside);
      }
    }
  }

  private @Nullable FeatureField field(Section section, Value fieldValue) {
    FieldPath field = fields.read(fieldValue, "a field");
    Value asValue = section.get("as");
    String as = asValue == null ? null : asValue.text("the model's name for it");
    Transform transform = transform(section);
    Value missingValue = section.get("missing");
    Missing missing = missingValue == null ? Missing.REJECT : missing(missingValue);
    Value scaleValue = section.get("scale");
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
    Value value = section.get("transform");
    List<String> labels = TRANSFORMS.stream().map(Transform.Kind::label).toList();
    String word = value == null ? null : value.word(labels);
    Value timesValue = section.get("times");
    Double times = timesValue == null ? null : timesValue.factor();
    if (timesValue != null && value == null) {
      timesValue.mistake("a transform beside it: diff, log-return or log1p");
    }
    Transform.Kind kind =
        TRANSFORMS.stream()
            .filter(k -> k.label().equals(word))
            .findFirst()
            .orElse(Transform.Kind.NONE);
    return new Transform(kind, times == null ? 1 : times);
  }

  private static Missing missing(Value value) {
    if (value.isList()) {
      value.mistake(MISSING);
      return Missing.REJECT;
    }
    if (value.isMap()) {
      Section section = value.section();
      Value number = section == null ? null : section.require("value", VALUE);
      Double standIn = number == null ? null : number.real();
      return standIn == null ? Missing.REJECT : Missing.value(standIn);
    }
    String word = value.word(List.of("reject", "previous", "mask"));
    return "previous".equals(word)
        ? Missing.PREVIOUS
        : "mask".equals(word) ? Missing.MASK : Missing.REJECT;
  }

  /** A cycle of the calendar in a zone; null when one is wrong, which has been reported. */
  static @Nullable Calendar calendar(Section section) {
    List<Calendar.Cycle> cycles = Arrays.asList(Calendar.Cycle.values());
    List<String> labels = cycles.stream().map(Calendar.Cycle::label).toList();
    Value clockValue = section.require("clock", "one of " + String.join(", ", labels));
    String clock = clockValue == null ? null : clockValue.word(labels);
    Value zoneValue = section.require("zone", Value.ZONE);
    ZoneId zone = zoneValue == null ? null : zoneValue.zone();
    return zone == null
        ? null
        : cycles.stream()
            .filter(cycle -> cycle.label().equals(clock))
            .findFirst()
            .map(cycle -> new Calendar(cycle, zone))
            .orElse(null);
  }
}
