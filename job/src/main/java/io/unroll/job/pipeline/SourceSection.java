package io.unroll.job.pipeline;

import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.KeyFormat;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.Type;
import io.unroll.job.pipeline.ClientProperties.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code source:}. */
final class SourceSection {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  private final Findings findings;
  private final Map<String, String> common;

  SourceSection(Findings findings, Map<String, String> common) {
    this.findings = findings;
    this.common = common;
  }

  /** The source; null when something in it is wrong, which has been reported. */
  Pipeline.@Nullable Source read(Section root) {
    Value value = root.requireValue(RootKeys.SOURCE);
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    Pipeline.Input input = input(section);
    Format format = new FormatSection(findings).read(section);
    KeyFormat keyFormat = of(section.section(SourceKeys.KEY), SourceKeys.KEY_FORMAT);
    Value key = section.value(SourceKeys.KEY);
    if (key != null && isFile(section) && key.isMap()) {
      key.mistake("no such map: only Kafka records have a key");
    }
    Section watermark = section.section(SourceKeys.WATERMARK);
    Duration outOfOrder = of(watermark, SourceKeys.OUT_OF_ORDER);
    Duration idleAfter = of(watermark, SourceKeys.IDLE_AFTER);
    boolean advanceWhenIdle = of(watermark, SourceKeys.WHEN_ALL_IDLE);
    Duration maxDrift = watermark == null ? null : watermark.get(SourceKeys.MAX_DRIFT);
    if (watermark != null && isFile(section)) {
      refuseOfFile(watermark);
    }
    TimestampBounds bounds = bounds(section);
    int generation = Math.toIntExact(section.of(SourceKeys.GENERATION));
    return input == null || format == null
        ? null
        : new Pipeline.Source(
            input,
            format,
            keyFormat,
            outOfOrder,
            idleAfter,
            advanceWhenIdle,
            maxDrift,
            bounds,
            generation);
  }

  /** The value of a key whose map may be left out, or its default. */
  private static <T> T of(@Nullable Section section, Key<T> key) {
    return section == null ? key.orStandard(null) : section.of(key);
  }

  private static boolean isFile(Section section) {
    return section.has(SourceKeys.FILE) && !section.has(SourceKeys.KAFKA);
  }

  /** What only a topic's partitions have. */
  private void refuseOfFile(Section watermark) {
    Value idle = watermark.value(SourceKeys.WHEN_ALL_IDLE);
    if (idle != null && !findings.isWrong(idle.path())) {
      idle.mistake("no such choice: only a Kafka source has partitions that fall silent");
    }
    Value drift = watermark.value(SourceKeys.MAX_DRIFT);
    if (drift != null) {
      drift.mistake("no such limit: only a Kafka source has partitions that drift apart");
    }
  }

  private Pipeline.@Nullable Input input(Section section) {
    Key<?> key = section.exactlyOne(SourceKeys.KAFKA, SourceKeys.FILE);
    Section input = key == null ? null : section.section(key);
    if (key == null || input == null) {
      return null;
    }
    return key.equals(SourceKeys.KAFKA) ? kafka(input) : file(input);
  }

  private Pipeline.@Nullable Input file(Section section) {
    Value value = section.requireValue(SourceKeys.PATH);
    Path path = value == null ? null : value.read(SourceKeys.PATH.type());
    if (value == null || path == null) {
      return null;
    }
    if (!Files.exists(path)) {
      value.mistake("a file or a folder: there is no " + Found.path(path));
    } else if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
      value.mistake(
          "a file or a folder: "
              + Found.path(path)
              + " is a device or a pipe, which cannot be read again from where a checkpoint stands");
    } else if (!Files.isReadable(path)) {
      value.mistake("a file or a folder: " + Found.path(path) + " may not be read");
    }
    return new Pipeline.FileInput(path);
  }

  private Pipeline.Input kafka(Section section) {
    List<String> topics = new ArrayList<>();
    Value topicsValue = section.requireValue(SourceKeys.TOPICS);
    if (topicsValue != null) {
      for (Value item : topicsValue.oneOrMore("a topic or a list of topics")) {
        String topic = topic(item);
        if (topic != null && topics.contains(topic)) {
          findings.mistake(
              item.path(), "found topic " + Found.quoted(topic) + " a second time, expected once");
        } else if (topic != null) {
          topics.add(topic);
        }
      }
    }
    String group = section.require(SourceKeys.GROUP);
    Pipeline.Start start = section.of(SourceKeys.START);
    String stop = section.get(SourceKeys.STOP);
    Map<String, String> properties =
        ClientProperties.merge(
            common,
            ClientProperties.read(findings, section.others(), Client.CONSUMER),
            Client.CONSUMER);
    ClientProperties.requireBroker(findings, section.path(), properties);
    return new Pipeline.KafkaInput(
        List.copyOf(topics),
        Objects.requireNonNullElse(group, ""),
        start,
        stop != null,
        properties);
  }

  /** A topic's name by Kafka's rule. */
  static @Nullable String topic(Value value) {
    String topic = value.text("a topic's name");
    if (topic == null) {
      return null;
    }
    if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
      value.mistake("a topic's name: 1 to 249 letters, digits, '.', '_' and '-'");
      return null;
    }
    return topic;
  }

  private TimestampBounds bounds(Section section) {
    boolean kafka = section.has(SourceKeys.KAFKA) && !section.has(SourceKeys.FILE);
    Value aheadValue = section.value(SourceKeys.MAX_AHEAD);
    Duration ahead = section.of(SourceKeys.MAX_AHEAD);
    if (aheadValue != null && isFile(section)) {
      aheadValue.mistake("no such limit: only a Kafka source is held against the wall clock");
    }
    Instant from = TimestampBounds.DEFAULT.from();
    Instant to = TimestampBounds.DEFAULT.to();
    Value between = section.value(SourceKeys.TIMESTAMP_BETWEEN);
    if (between != null) {
      String expected = "two dates or instants such as [2000-01-01, 2100-01-01]";
      List<Value> items = between.items(expected);
      if (!items.isEmpty() && items.size() != 2) {
        findings.mistake(
            between.path(), "found a list of " + items.size() + ", expected " + expected);
      } else if (items.size() == 2) {
        Instant first = items.get(0).read(new Type.Moment());
        Instant second = items.get(1).read(new Type.Moment());
        if (first != null && second != null) {
          if (!first.isBefore(second)) {
            findings.mistake(
                between.path(),
                "found " + first + " to " + second + ", expected the earlier one first");
          }
          from = first;
          to = second;
        }
      }
    }
    return new TimestampBounds(from, to, kafka ? ahead : null);
  }
}
