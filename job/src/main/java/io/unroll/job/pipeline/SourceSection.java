package io.unroll.job.pipeline;

import io.unroll.connectors.format.RecordFormat;
import io.unroll.connectors.format.TimestampBounds;
import io.unroll.job.pipeline.ClientProperties.Client;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code source:}. */
final class SourceSection {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Duration IDLE_AFTER = Duration.ofMinutes(1);
  private static final String INPUTS = "kafka: {topics, group.id} or file: {path}";

  /** A bound is exact in the records' milliseconds, with room for sums. */
  private static final Instant EARLIEST = Instant.parse("-9999-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final Findings findings;
  private final Path directory;
  private final Map<String, String> common;

  SourceSection(Findings findings, Path directory, Map<String, String> common) {
    this.findings = findings;
    this.directory = directory;
    this.common = common;
  }

  /** The source; null when something in it is wrong, which has been reported. */
  Pipeline.@Nullable Source read(Section root) {
    Value value = root.require("source", "a map with " + INPUTS);
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    Pipeline.Input input = input(section);
    RecordFormat format = null;
    Value formatValue = section.require("format", "one of csv, json");
    if (formatValue != null) {
      format = format(formatValue);
    }
    Duration outOfOrder = duration(section, "out-of-order", Duration.ZERO, Duration.ZERO);
    Duration idleAfter = duration(section, "idle-after", Duration.ofMillis(1), IDLE_AFTER);
    boolean advanceWhenIdle = advanceWhenIdle(section);
    Duration maxDrift = maxDrift(section);
    TimestampBounds bounds = bounds(section);
    int generation = generation(section);
    return input == null || format == null
        ? null
        : new Pipeline.Source(
            input, format, outOfOrder, idleAfter, advanceWhenIdle, maxDrift, bounds, generation);
  }

  private static int generation(Section section) {
    Value value = section.get("generation");
    Long found =
        value == null ? null : value.integer(Pipeline.Source.FIRST_GENERATION, Integer.MAX_VALUE);
    return found == null ? Pipeline.Source.FIRST_GENERATION : Math.toIntExact(found);
  }

  static @Nullable RecordFormat format(Value value) {
    String word = value.word(List.of("csv", "json"));
    return word == null ? null : word.equals("csv") ? RecordFormat.CSV : RecordFormat.JSON;
  }

  private static Duration duration(Section section, String key, Duration least, Duration standard) {
    Value value = section.get(key);
    Duration duration = value == null ? null : value.duration(least);
    return Objects.requireNonNullElse(duration, standard);
  }

  private static boolean isFile(Section section) {
    return section.has("file") && !section.has("kafka");
  }

  private static boolean advanceWhenIdle(Section section) {
    Value value = section.get("when-all-idle");
    String word = value == null ? null : value.word(List.of("hold", "advance"));
    if (value != null && word != null && isFile(section)) {
      value.mistake("no such choice: only a Kafka source has partitions that fall silent");
    }
    return "advance".equals(word);
  }

  private static @Nullable Duration maxDrift(Section section) {
    Value value = section.get("max-drift");
    Duration drift = value == null ? null : value.duration(Duration.ofMillis(1));
    if (value != null && isFile(section)) {
      value.mistake("no such limit: only a Kafka source has partitions that drift apart");
    }
    return drift;
  }

  private Pipeline.@Nullable Input input(Section section) {
    String key = section.exactlyOne("kafka", "file");
    Section input = key == null ? null : section.section(key);
    if (key == null || input == null) {
      return null;
    }
    return key.equals("kafka") ? kafka(input) : file(input);
  }

  private Pipeline.@Nullable Input file(Section section) {
    Value value = section.require("path", "a file or a folder");
    Path path = value == null ? null : value.file(directory);
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
    Value topicsValue = section.require("topics", "a topic or a list of topics");
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
    Value groupValue = section.require("group.id", "the name of a consumer group");
    String group = groupValue == null ? null : groupValue.text("the name of a consumer group");
    Value startValue = section.get("start");
    String start = startValue == null ? null : startValue.word(List.of("earliest", "latest"));
    Value stopValue = section.get("stop");
    String stop = stopValue == null ? null : stopValue.word(List.of("latest"));
    Map<String, String> properties =
        ClientProperties.merge(
            common,
            ClientProperties.read(findings, section.others(), Client.CONSUMER),
            Client.CONSUMER);
    ClientProperties.requireBroker(findings, section.path(), properties);
    return new Pipeline.KafkaInput(
        List.copyOf(topics),
        Objects.requireNonNullElse(group, ""),
        "latest".equals(start) ? Pipeline.Start.LATEST : Pipeline.Start.EARLIEST,
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
    boolean kafka = section.has("kafka") && !section.has("file");
    Value aheadValue = section.get("max-ahead");
    Duration ahead = kafka ? TimestampBounds.DEFAULT_MAX_AHEAD : null;
    if (aheadValue != null) {
      Duration found = aheadValue.duration(Duration.ZERO);
      if (isFile(section)) {
        aheadValue.mistake("no such limit: only a Kafka source is held against the wall clock");
      } else if (found != null) {
        ahead = found;
      }
    }
    Instant from = TimestampBounds.DEFAULT.from();
    Instant to = TimestampBounds.DEFAULT.to();
    Value between = section.get("timestamp-between");
    if (between != null) {
      String expected = "two dates or instants such as [2000-01-01, 2100-01-01]";
      List<Value> items = between.items(expected);
      if (!items.isEmpty() && items.size() != 2) {
        findings.mistake(
            between.path(), "found a list of " + items.size() + ", expected " + expected);
      } else if (items.size() == 2) {
        Instant first = instant(items.get(0));
        Instant second = instant(items.get(1));
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
    return new TimestampBounds(from, to, ahead);
  }

  /** A date (its first moment in UTC) or an instant, where milliseconds can hold it. */
  static @Nullable Instant instant(Value value) {
    String expected = "a date such as 2000-01-01 or an instant such as 2000-01-01T00:00:00Z";
    String text = value.text(expected);
    if (text == null) {
      return null;
    }
    try {
      Instant instant =
          text.contains("T")
              ? Instant.parse(text)
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
        return instant;
      }
    } catch (DateTimeException e) {
      value.mistake(expected);
      return null;
    }
    value.mistake(expected + ", between " + EARLIEST + " and " + LATEST);
    return null;
  }
}
