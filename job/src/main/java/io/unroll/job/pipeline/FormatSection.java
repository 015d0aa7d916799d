package io.unroll.job.pipeline;

import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.csv.CsvSettings;
import io.unroll.connectors.format.csv.Encoding;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads {@code source.format}: a format's name, or how somebody writes CSV. */
final class FormatSection {
  private static final String HEADER = "true, false or a list of the columns' names";

  private static final Map<String, Key<?>> SIGNS =
      Map.of(
          SourceKeys.DELIMITER.name(), SourceKeys.DELIMITER,
          SourceKeys.QUOTE.name(), SourceKeys.QUOTE,
          SourceKeys.DECIMAL.name(), SourceKeys.DECIMAL,
          SourceKeys.THOUSANDS.name(), SourceKeys.THOUSANDS,
          SourceKeys.COMMENT.name(), SourceKeys.COMMENT);

  private final Findings findings;

  FormatSection(Findings findings) {
    this.findings = findings;
  }

  /** The format; null when something in it is wrong, which has been reported. */
  @Nullable Format read(Section source) {
    Value value = source.requireValue(SourceKeys.FORMAT);
    if (value == null || !value.isMap()) {
      return value == null ? null : value.read(SourceKeys.FORMAT.type());
    }
    Section format = value.section();
    if (format == null || (!format.has(SourceKeys.CSV) && findings.isWrong(format.path()))) {
      return null;
    }
    Value csv = format.requireValue(SourceKeys.CSV);
    Section settings = csv == null ? null : csv.section();
    boolean kafka = source.has(SourceKeys.KAFKA) && !source.has(SourceKeys.FILE);
    return settings == null ? null : csv(settings, kafka);
  }

  private @Nullable Format csv(Section section, boolean kafka) {
    CsvSettings.Builder settings =
        new CsvSettings.Builder()
            .delimiter(section.of(SourceKeys.DELIMITER))
            .quote(section.of(SourceKeys.QUOTE))
            .decimal(section.of(SourceKeys.DECIMAL))
            .skip(Math.toIntExact(section.of(SourceKeys.SKIP)));
    Character thousands = section.get(SourceKeys.THOUSANDS);
    if (thousands != null) {
      settings.thousands(thousands);
    }
    String comment = section.get(SourceKeys.COMMENT);
    if (comment != null) {
      settings.comment(comment);
    }
    Boolean trim = section.get(SourceKeys.TRIM);
    if (trim != null) {
      settings.trim(trim);
    }
    readHeader(section.value(SourceKeys.HEADER), settings, kafka);
    readEncoding(section.value(SourceKeys.ENCODING), settings);
    if (kafka) {
      refuseOfTopic(section.value(SourceKeys.SKIP), "lines at the beginning");
      refuseOfTopic(section.value(SourceKeys.COMMENT), "lines beside its records");
    }
    CsvSettings.Clash clash = settings.clash();
    if (clash == null) {
      return new CsvFormat(settings.build());
    }
    report(section, clash.key(), clash.other(), clash.expected());
    report(section, clash.other(), clash.key(), clash.expected());
    return null;
  }

  private static void refuseOfTopic(@Nullable Value value, String what) {
    if (value != null) {
      value.mistake("nothing: only a file has " + what);
    }
  }

  private void readHeader(@Nullable Value header, CsvSettings.Builder settings, boolean kafka) {
    if (header == null) {
      return;
    }
    if (header.isList()) {
      settings.header(names(header));
      return;
    }
    String word = header.node() instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (word.equals("false")) {
      settings.noHeader();
    } else if (!word.equals("true")) {
      header.mistake(HEADER);
    } else if (kafka) {
      header.mistake("false or a list of the columns' names: no record of a topic names them");
    }
  }

  private List<String> names(Value header) {
    List<String> names = new ArrayList<>();
    for (Value item : header.items(HEADER)) {
      String name = item.text("the name of a column");
      if (name != null && names.contains(name)) {
        findings.mistake(
            item.path(), "found column " + Found.quoted(name) + " a second time, expected once");
      } else if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  private void readEncoding(@Nullable Value encoding, CsvSettings.Builder settings) {
    String name = encoding == null ? null : encoding.read(SourceKeys.ENCODING.type());
    if (encoding == null || name == null) {
      return;
    }
    try {
      settings.encoding(Encoding.of(name));
    } catch (IllegalArgumentException e) {
      encoding.mistake(Found.reason(e));
    }
  }

  /** A sign that cannot be the same as another one; nothing where the file does not say it. */
  private void report(Section section, String key, String other, String expected) {
    Value value = section.value(Objects.requireNonNull(SIGNS.get(key)));
    if (value != null) {
      findings.mistake(
          value.path(),
          "found the same sign as " + section.path() + "." + other + ", expected " + expected);
    }
  }
}
