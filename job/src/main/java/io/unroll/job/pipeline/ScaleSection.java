package io.unroll.job.pipeline;

import io.unroll.connectors.format.FieldPath;
import io.unroll.job.describe.FeatureKeys;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.Spelling;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Scale;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code observation.features[].scale}; each table once. */
final class ScaleSection {
  private static final String SCALE =
      "online, {mean: m, std: s}, {from: scalers.csv} or {half-life: n}";
  private static final String TABLE = "the path of a CSV file with series, feature, mean, std";

  private final Findings findings;
  private final Map<Path, ScaleTable> tables = new HashMap<>();

  /** Which feature takes the rows of a name in a table. */
  private final Map<Rows, String> taken = new HashMap<>();

  private record Rows(Path table, String name) {}

  /**
   * A scale as the file has it.
   *
   * @param table the file that it is from, as the pipeline names it; null without
   */
  record Read(Scale scale, @Nullable String table) {
    static final Read NONE = new Read(Scale.NONE, null);
  }

  ScaleSection(Findings findings) {
    this.findings = findings;
  }

  /**
   * A scale; none when something in it is wrong, which has been reported.
   *
   * @param field that is scaled; null when it is wrong in itself
   * @param feature the path of the feature
   */
  Read read(Value value, @Nullable FieldPath field, String feature) {
    if (value.isList()) {
      value.mistake(SCALE);
      return Read.NONE;
    }
    if (!value.isMap()) {
      return value.word(List.of("online")) == null
          ? Read.NONE
          : new Read(new Scale.Online(Scale.Online.FOREVER), null);
    }
    Section section = value.section();
    Key<?> key = section == null ? null : way(section);
    if (section == null || key == null) {
      return Read.NONE;
    }
    if (key.equals(FeatureKeys.SCALE_MEAN)) {
      return constant(section);
    }
    FeatureSection.refuse(section, key, FeatureKeys.SCALE_STD);
    Value named = section.value(key);
    if (named == null) {
      return Read.NONE;
    }
    if (key.equals(FeatureKeys.SCALE_FROM)) {
      return table(named, field, feature);
    }
    Double halfLife = section.get(FeatureKeys.SCALE_HALF_LIFE);
    return halfLife == null ? Read.NONE : new Read(new Scale.Online(halfLife), null);
  }

  /** Which of the ways the map goes; {@code std} without a mean lacks the mean. */
  private static @Nullable Key<?> way(Section section) {
    boolean deviation =
        section.has(FeatureKeys.SCALE_STD)
            && !section.has(FeatureKeys.SCALE_FROM)
            && !section.has(FeatureKeys.SCALE_HALF_LIFE);
    return deviation
        ? FeatureKeys.SCALE_MEAN
        : section.exactlyOne(
            FeatureKeys.SCALE_MEAN, FeatureKeys.SCALE_FROM, FeatureKeys.SCALE_HALF_LIFE);
  }

  private static Read constant(Section section) {
    Double mean = section.require(FeatureKeys.SCALE_MEAN);
    Double std = section.require(FeatureKeys.SCALE_STD);
    return mean == null || std == null
        ? Read.NONE
        : new Read(new Scale.Constant(new Norm(mean, std)), null);
  }

  private Read table(Value value, @Nullable FieldPath field, String feature) {
    Path file = value.read(FeatureKeys.SCALE_FROM.type());
    String named = file == null ? null : value.text(TABLE);
    if (file == null || named == null) {
      return Read.NONE;
    }
    ScaleTable table = tables.get(file);
    if (table == null) {
      table = ScaleTable.read(file);
      tables.put(file, table);
      for (String mistake : table.mistakes()) {
        findings.mistake(
            value.path(), "found " + Found.quoted(named) + ", expected " + TABLE + ": " + mistake);
      }
    }
    if (field == null || !table.mistakes().isEmpty()) {
      return Read.NONE;
    }
    String name = table.nameOf(field);
    if (name == null) {
      findings.mistake(
          value.path(),
          "found no row of "
              + Found.quoted(field.text())
              + " in "
              + Found.oneLine(named)
              + ", expected one for each series, or for default; it has "
              + (table.features().isEmpty()
                  ? "no rows"
                  : "rows of "
                      + Found.reason(String.join(", ", table.features()))
                      + Found.didYouMean(Spelling.closest(field.text(), table.features()))));
      return Read.NONE;
    }
    String other = taken.putIfAbsent(new Rows(file, name), feature);
    if (other != null) {
      findings.mistake(
          value.path(),
          "found the rows of "
              + Found.quoted(name)
              + ", which "
              + other
              + " takes, expected a name of its own in the table, or another table");
      return Read.NONE;
    }
    return new Read(table.of(name), named);
  }
}
