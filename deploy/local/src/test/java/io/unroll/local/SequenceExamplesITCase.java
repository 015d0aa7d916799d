package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of where a sequence ends and of its order do what they say. */
final class SequenceExamplesITCase {
  private static final long DAY = 86_400_000L;

  @TempDir private Path folder;

  private ExampleRuns examples;

  @BeforeEach
  void copiesTheExamples() throws IOException {
    examples = ExampleRuns.in(folder);
  }

  private List<String> feed(String name) throws IOException {
    return examples.rows("feeds/" + name);
  }

  /** The last column of a series. */
  @Tag("thorough")
  @Test
  void sessionsEndWithTheirNameOrAtHalfPastFive() throws Exception {
    assertEquals(
        List.of(
            "sessions: finished",
            "inputs       54 = 42 steps + 12 primings + 0 markers + 0 late + 0 rejected",
            "sequences    12 opened; closed: 6 changed, 6 close-at",
            "predictions  42"),
        examples.run("sessions"));
    Map<String, String> closings = new TreeMap<>();
    for (JsonNode event : examples.closed("sessions")) {
      closings.put(
          event.get("series").asText() + " " + event.get("sequence").asText(),
          event.get("reason").asText()
              + " "
              + event.get("steps").asInt()
              + " "
              + Instant.ofEpochMilli(event.get("timestamp").asLong()));
    }
    Map<String, String> expected = new TreeMap<>();
    for (String index : List.of("DAX", "CAC")) {
      expected.put(index + " 2024-03-27 morning", "changed 3 2024-03-27T12:00:00Z");
      expected.put(index + " 2024-03-27 afternoon", "close-at 4 2024-03-27T16:30:00Z");
      expected.put(index + " 2024-03-28 morning", "changed 3 2024-03-28T12:00:00Z");
      expected.put(index + " 2024-03-28 afternoon", "close-at 4 2024-03-28T16:30:00Z");
      // Summer time has begun.
      expected.put(index + " 2024-04-02 morning", "changed 3 2024-04-02T11:00:00Z");
      expected.put(index + " 2024-04-02 afternoon", "close-at 4 2024-04-02T15:30:00Z");
    }
    assertEquals(expected, closings);
  }

  @Test
  void whatIsCutOffEarlyHasNoPrediction() throws Exception {
    assertEquals(
        List.of(
            "limits: finished",
            "inputs       2,922 = 2,922 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    34 opened; closed: 34 max-duration",
            "predictions  32"),
        examples.run("limits"));
    assertEquals(
        Map.of(90, 32L, 21, 2L),
        examples.closed("limits").stream()
            .collect(
                Collectors.groupingBy(event -> event.get("steps").asInt(), Collectors.counting())));
    for (JsonNode prediction : examples.json("limits", "predictions")) {
      assertEquals("final", prediction.get("kind").asText());
      assertEquals(89, prediction.get("step").asInt(), prediction.toString());
    }
  }

  @Tag("thorough")
  @Test
  void aDryDayIsTheLastOfItsSequence() throws Exception {
    assertEquals(
        List.of(
            "end-values: finished",
            "inputs       2,922 = 2,922 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    1,830 opened; closed: 1,829 end, 1 end-of-input",
            "predictions  2,922"),
        examples.run("end-values"));
    List<String> days = feed("weather.csv");
    for (JsonNode event : examples.closed("end-values")) {
      String input = event.get("input").asText();
      String day = days.get(Integer.parseInt(input.substring(input.indexOf(':') + 1)) - 2);
      boolean dry = day.split(",", -1)[2].equals("0.0");
      assertEquals(dry ? "end" : "end-of-input", event.get("reason").asText(), day);
    }
  }

  /** As if the days had come in their order. */
  @Test
  void lateDaysStepInTheirOrder() throws Exception {
    assertEquals(
        List.of(
            "event-time: finished",
            "inputs       60 = 60 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    2 opened; closed: 2 idle",
            "predictions  60"),
        examples.run("event-time"));
    assertEquals(List.of(), examples.json("event-time", "late"));
    examples.run("weather");
    Map<String, String> inOrder = examples.predictions("weather");
    Map<String, String> late = examples.predictions("event-time");
    assertEquals(60, late.size());
    late.forEach((step, prediction) -> assertEquals(inOrder.get(step), prediction, step));
  }

  /** However fast the file is read: it is done long before a clock would have moved a watermark. */
  @Test
  void whatIsTooLateIsToldByTheRecordsAlone() throws Exception {
    List<String> days = new ArrayList<>(feed("weather.csv"));
    List<String> moved = new ArrayList<>();
    for (int i = 100; i + 20 < days.size(); i += 100) {
      String day = days.remove(i);
      moved.add(day);
      days.add(i + 20, day); // two series: ten days late
    }
    Path file = examples.folder().resolve("feeds/stale.csv");
    days.add(0, Files.readAllLines(file.resolveSibling("weather.csv")).get(0));
    Files.write(file, days);
    examples.vary("event-time", "stale", text -> text.replace("weather-late.csv", "stale.csv"));
    examples.run("stale");
    List<String> late = new ArrayList<>();
    for (JsonNode record : examples.json("stale", "late")) {
      late.add(record.get("raw").asText());
    }
    Collections.sort(moved);
    Collections.sort(late);
    assertEquals(29, moved.size());
    assertEquals(moved, late);
  }

  @Test
  void missingDaysAreFilledIn() throws Exception {
    assertEquals(
        List.of(
            "gaps: finished",
            "inputs       31 = 31 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "filled       4 steps where observations were missing",
            "sequences    3 opened; closed: 1 gap, 2 end-of-input",
            "predictions  35"),
        examples.run("gaps"));
    List<String> filled = new ArrayList<>();
    for (JsonNode prediction : examples.json("gaps", "predictions")) {
      if (prediction.path("filled").asBoolean()) {
        filled.add(
            prediction.get("series").asText()
                + " "
                + prediction.get("step").asInt()
                + " "
                + Instant.ofEpochMilli(prediction.get("timestamp").asLong()));
      }
    }
    Collections.sort(filled);
    assertEquals(
        List.of(
            "New York 13 2012-01-14T00:00:00Z",
            "New York 6 2012-01-07T00:00:00Z",
            "New York 7 2012-01-08T00:00:00Z",
            "Seattle 4 2012-01-05T00:00:00Z"),
        filled);
    Map<String, Integer> steps = new TreeMap<>();
    for (JsonNode event : examples.closed("gaps")) {
      steps.put(
          event.get("series").asText() + " " + event.get("reason").asText(),
          event.get("steps").asInt());
    }
    assertEquals(
        Map.of("New York end-of-input", 20, "Seattle gap", 9, "Seattle end-of-input", 6), steps);

    // As if the days, and the wind, had been those of the day before.
    Map<String, String> withGaps = examples.predictions("gaps");
    List<String> byHand = new ArrayList<>(filledByHand("New York"));
    byHand.add(0, "series,timestamp,precipitation,temp_max,temp_min,wind");
    Files.write(examples.folder().resolve("feeds/weather.csv"), byHand);
    examples.run("weather");
    Map<String, String> whole = examples.predictions("weather");
    assertEquals(20, whole.size());
    whole.forEach((step, prediction) -> assertEquals(prediction, withGaps.get(step), step));
  }

  /** The days of a city with holes, filled with those before. */
  private List<String> filledByHand(String city) throws IOException {
    List<String> whole = new ArrayList<>();
    String[] before = {};
    for (String day : feed("weather-gaps.csv")) {
      String[] values = day.split(",", -1);
      if (values[0].equals(city)) {
        while (before.length > 0 && Long.parseLong(before[1]) + DAY < Long.parseLong(values[1])) {
          before[1] = String.valueOf(Long.parseLong(before[1]) + DAY);
          whole.add(String.join(",", before));
        }
        values[5] = values[5].isEmpty() ? before[5] : values[5];
        whole.add(String.join(",", values));
        before = values;
      }
    }
    return whole;
  }

  /** As if every record had come once. */
  @Test
  void whatComesTwiceIsUsedOnce() throws Exception {
    assertEquals(
        List.of(
            "duplicates: finished",
            "inputs       47 = 40 steps + 0 primings + 0 markers + 0 late + 7 rejected",
            "sequences    4 opened; closed: 4 max-steps",
            "predictions  40",
            "rejected     7 x duplicate: 'ny-2' has been used (first at weather-twice.csv:5)"),
        examples.runWithRejects("duplicates"));
    List<String> rows = feed("weather-twice.csv");
    Set<String> messages = new HashSet<>();
    List<String> once = new ArrayList<>();
    List<String> twice = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      String message = rows.get(i).substring(0, rows.get(i).indexOf(','));
      if (messages.add(message)) {
        once.add(rows.get(i));
      } else {
        int line = i + 2;
        twice.add("weather-twice.csv:" + line + " duplicate: '" + message + "' has been used");
      }
    }
    assertEquals(
        twice,
        examples.json("duplicates", "rejected").stream()
            .map(record -> record.get("input").asText() + " " + record.get("reason").asText())
            .toList());

    once.add(0, "message,series,timestamp,precipitation,temp_max,temp_min,wind");
    Files.write(examples.folder().resolve("feeds/weather-twice.csv"), once);
    examples.vary(
        "duplicates",
        "once",
        text -> text.replaceAll("\n  (deduplicate-by|keep-series-for): [^\n]*", ""));
    examples.run("once");
    Map<String, String> predictions = examples.predictions("once");
    assertEquals(40, predictions.size());
    assertEquals(predictions, examples.predictions("duplicates"));
  }

  /** As if there were no limit of time, since all of the file arrives within an hour. */
  @Tag("thorough")
  @Test
  void theWallClockDoesNotLookAtTimestamps() throws Exception {
    assertEquals(
        List.of(
            "arrival: finished",
            "inputs       31 = 31 steps + 0 primings + 0 markers + 0 late + 0 rejected",
            "sequences    2 opened; closed: 2 end-of-input",
            "predictions  31"),
        examples.run("arrival"));
    examples.vary("arrival", "endless", text -> text.replaceAll("\nsequence:(\n  [^\n]*){2}", ""));
    examples.run("endless");
    Map<String, String> predictions = examples.predictions("endless");
    assertEquals(31, predictions.size());
    assertEquals(predictions, examples.predictions("arrival"));

    examples.vary("arrival", "by-event", text -> text.replace("clock: processing", "clock: event"));
    assertEquals(
        List.of(
            "by-event: finished",
            "inputs       31 = 29 steps + 0 primings + 0 markers + 0 late + 2 rejected",
            "sequences    29 opened; closed: 29 idle",
            "predictions  29",
            "rejected     2 x feature 'wind': found no value, and none before it, expected a finite"
                + " number (first at weather-gaps.csv:8)"),
        examples.runWithRejects("by-event"));
  }

  @Test
  void theirFeedsAreExcerpts() throws IOException {
    List<String> days = feed("weather-late.csv");
    List<String> sorted = new ArrayList<>(days);
    sorted.sort(
        Comparator.comparing((String day) -> day.split(",", -1)[1])
            .thenComparing(day -> day.split(",", -1)[0]));
    assertEquals(feed("weather.csv").subList(0, 60), sorted);
    long newest = Long.MIN_VALUE;
    long latest = 0;
    for (String day : days) {
      long timestamp = Long.parseLong(day.split(",", -1)[1]);
      newest = Math.max(newest, timestamp);
      latest = Math.max(latest, newest - timestamp);
    }
    assertEquals(3 * DAY, latest, "what max-delay has to be at least");

    List<String> withGaps = feed("weather-gaps.csv");
    assertEquals(31, withGaps.size());
    List<String> first = feed("weather.csv").subList(0, 40);
    for (String day : withGaps) {
      assertTrue(first.stream().anyMatch(d -> d.startsWith(day)), day);
    }
    assertEquals(2, withGaps.stream().filter(day -> day.endsWith(",")).count());

    List<String> twice = feed("weather-twice.csv");
    assertEquals(47, twice.size());
    assertEquals(
        first, twice.stream().distinct().map(day -> day.substring(day.indexOf(',') + 1)).toList());

    List<String> hours = feed("hours.csv");
    assertEquals(54, hours.size());
    for (String index : List.of("DAX", "CAC")) {
      List<String> closes = last(feed("eu-stock-indices.csv"), index);
      assertEquals(closes.subList(closes.size() - 27, closes.size()), last(hours, index), index);
    }
    assertTrue(hours.get(53).startsWith("CAC,2024-04-02T17:00,2024-04-02 afternoon,"));
  }

  private static List<String> last(List<String> rows, String series) {
    return rows.stream()
        .filter(row -> row.startsWith(series + ","))
        .map(row -> row.substring(row.lastIndexOf(',') + 1))
        .toList();
  }
}
