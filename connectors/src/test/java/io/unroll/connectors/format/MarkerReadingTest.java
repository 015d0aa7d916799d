package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.rejected;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.record.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Start and end markers, true or by their value. */
class MarkerReadingTest {

  private static final String RECORD = "{\"s\":\"a\",\"t\":1700000000000,\"x\":1";

  @ParameterizedTest
  @ValueSource(strings = {"\"STOP\"", "\"a b\"", "0", "1.50", "-0", "12345678901234567890", "true"})
  void aValueOfTheListSetsTheMarker(String json) {
    Readers end = standard().end("e", "STOP", "a b", "0", "1.50", "-0", "true");
    Readers start = standard().start("e", "STOP", "a b", "0", "1.50", "-0", "true");
    if (json.startsWith("123")) {
      end.end("e", "12345678901234567890");
      start.start("e", "12345678901234567890");
    }
    Observation last = usable(end.json(RECORD + ",\"e\":" + json + "}"));
    assertTrue(last.end);
    assertFalse(last.start);
    Observation first = usable(start.json(RECORD + ",\"e\":" + json + "}"));
    assertTrue(first.start);
    assertFalse(first.end);
    assertArrayEquals(new double[] {1}, first.features);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"stop\"",
        "\" STOP\"",
        "\"STOPS\"",
        "1",
        "1.5",
        "0.0",
        "1e0",
        "true",
        "\"TRUE\"",
        "null",
        "\"\"",
        "\" \"",
        "\"\\ud800\""
      })
  void anyOtherValueSetsNone(String json) {
    Observation seen =
        usable(
            standard()
                .end("e", "STOP", "0", "1.50", "1E0", "false")
                .json(RECORD + ",\"e\":" + json + "}"));
    assertFalse(seen.end);
  }

  @Test
  void withoutTheFieldThereIsNoMarker() {
    Observation seen = usable(standard().end("e", "STOP").start("b").json(RECORD + "}"));
    assertFalse(seen.end);
    assertFalse(seen.start);
  }

  @Test
  void aTextAndANumberAreTheSameIfTheyAreWrittenTheSame() {
    for (String json : List.of("7", "\"7\"")) {
      assertTrue(usable(standard().end("e", "7").json(RECORD + ",\"e\":" + json + "}")).end);
    }
    for (String json : List.of("true", "\"true\"")) {
      assertTrue(usable(standard().end("e", "true").json(RECORD + ",\"e\":" + json + "}")).end);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{}; e: expected a text, a number, true or false, found {}",
        "[ \"STOP\" ]; e: expected a text, a number, true or false, found [\"STOP\"]"
      })
  void aStructureIsNoMarker(String json, String reason) {
    assertEquals(reason, reason(standard().end("e", "STOP").json(RECORD + ",\"e\":" + json + "}")));
    assertEquals(
        reason, reason(standard().start("e", "STOP").json(RECORD + ",\"e\":" + json + "}")));
  }

  @Test
  void theLastOfDuplicateMarkersWins() {
    Readers readers = standard().end("e", "STOP");
    assertFalse(usable(readers.json(RECORD + ",\"e\":\"STOP\",\"e\":\"GO\"}")).end);
    assertTrue(usable(readers.json(RECORD + ",\"e\":{},\"e\":\"STOP\"}")).end);
  }

  @Test
  void aStartIsTrueOrFalseWhereNoValuesAreGiven() {
    Readers readers = standard().start("b");
    assertTrue(usable(readers.json(RECORD + ",\"b\":\"True\"}")).start);
    assertFalse(usable(readers.json(RECORD + ",\"b\":0}")).start);
    assertEquals(
        "b: expected true, false, 1 or 0, found \"go\"",
        reason(readers.json(RECORD + ",\"b\":\"go\"}")));
  }

  @Test
  void oneFieldMayMarkBothAndBeAFeature() {
    Readers readers = standard().features("x").end("x", "9.0", "8").start("x", "1.0", "8");
    String text = "{\"s\":\"a\",\"t\":1700000000000,\"x\":";
    assertTrue(usable(readers.json(text + "1.0}")).start);
    assertFalse(usable(readers.json(text + "1}")).start);
    Observation both = usable(readers.json(text + "8}"));
    assertTrue(both.start && both.end);
    assertArrayEquals(new double[] {8}, both.features);
  }

  @Test
  void markersInCsvAreTexts() {
    Readers readers = standard().end("state", "STOP", "0");
    assertTrue(usable(readers.csv("s,t,x,state", "a,1700000000000,1,STOP")).end);
    assertTrue(usable(readers.csv("s,t,x,state", "a,1700000000000,1,\"0\"")).end);
    assertFalse(usable(readers.csv("s,t,x,state", "a,1700000000000,1,")).end);
    assertFalse(usable(readers.csv("s,t,x,state", "a,1700000000000,1,0.0")).end);
    assertFalse(usable(readers.csv("s,t,x", "a,1700000000000,1")).end);
    assertEquals(
        "state: the header has this column twice",
        reason(readers.csv("s,t,x,state,state", "a,1700000000000,1,GO,GO")));
  }

  @Test
  void aStartMarkerNeedsNoFeatures() {
    Observation seen =
        usable(
            standard()
                .features("x", "y")
                .start("b", "go")
                .json("{\"s\":\"a\",\"t\":1700000000000,\"b\":\"go\",\"x\":null}"));
    assertTrue(seen.start);
    assertNull(seen.features);
    assertNull(seen.unusable);
  }

  @Test
  void onlyAnEndIsHonouredWhenFeaturesAreUnusable() {
    Readers readers = standard().features("x", "y").start("b", "go").end("e", "STOP");
    String text = "{\"s\":\"a\",\"t\":1700000000000,\"x\":1,\"b\":\"go\"";
    String reason = "y: expected a finite number, found no such field";
    assertEquals(reason, rejected(readers.json(text + "}")).reason);
    Observation both = usable(readers.json(text + ",\"e\":\"STOP\"}"));
    assertTrue(both.start && both.end);
    assertNull(both.features);
    assertEquals(reason, both.unusable);
  }

  @Test
  void aMarkersValueIsAText() {
    assertEquals(
        "e: found ' ' among the values of a marker, expected a text",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Marker(FieldPath.parse("e"), List.of("STOP", " ")))
            .getMessage());
  }

  @Test
  void fieldsWithoutMarkersByValueAreAsBefore() {
    TimestampField timestamp = new TimestampField(FieldPath.parse("t"), null, null);
    FieldPath x = FieldPath.parse("x");
    ObservationFields fields =
        new ObservationFields(List.of(x), timestamp, List.of(x), x, List.of());
    assertEquals(
        new ObservationFields(
            List.of(SeriesPart.of(x)),
            timestamp,
            List.of(new ObservationFields.FeatureSource(x, false)),
            new Marker(x, List.of()),
            null,
            null,
            null,
            List.of()),
        fields);
    assertNull(new ObservationFields(List.of(x), timestamp, List.of(), null, List.of()).end());
  }
}
