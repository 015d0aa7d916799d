package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.rejected;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tells sequences ({@code by}) and observations ({@code deduplicate-by}) apart. */
class LabelReadingTest {

  private static final String RECORD = "{\"s\":\"a\",\"t\":1700000000000";

  private static Readers readers() {
    return standard().by("day").deduplicateBy("id");
  }

  private static Reading read(String by, String identity) {
    return readers().json(RECORD + ",\"x\":1,\"day\":" + by + ",\"id\":" + identity + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"2024-01-02\"; 2024-01-02",
        "7; 7",
        "1.50; 1.50",
        "-0; -0",
        "12345678901234567890123; 12345678901234567890123",
        "true; true",
        "\" \"; ` `",
        "\"\\u00e9\"; \u00e9"
      })
  void areTextsOrANumbersOwnDigits(String json, String expected) {
    Observation seen = usable(read(json, json));
    assertEquals(expected, seen.by);
    assertEquals(expected, seen.identity);
  }

  @Test
  void areNullWhereThePipelineNamesNone() {
    Observation seen = usable(standard().json(RECORD + ",\"x\":1,\"day\":1,\"id\":2}"));
    assertNull(seen.by);
    assertNull(seen.identity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {"null; null", "\"\"; an empty text", "{\"a\": 1}; {\"a\":1}", "[]; []"})
  void anythingElseIsRejected(String json, String found) {
    Reading reading = read(json, "1");
    assertEquals("day: expected a value for by, found " + found, reason(reading));
    assertEquals("a", rejected(reading).series);
    assertEquals(1700000000000L, rejected(reading).timestamp);
    assertEquals(
        "id: expected a value for deduplicate-by, found " + found, reason(read("1", json)));
  }

  @Test
  void haveToBeThere() {
    assertEquals(
        "day: expected a value for by, found no such field",
        reason(readers().json(RECORD + ",\"x\":1,\"id\":1}")));
    assertEquals(
        "id: expected a value for deduplicate-by, found no such field",
        reason(readers().json(RECORD + ",\"x\":1,\"day\":1}")));
    assertEquals(
        "id: expected a value for deduplicate-by, found no such column; the header is"
            + " \"s,t,x,day\"",
        reason(readers().csv("s,t,x,day", "a,1700000000000,1,1")));
  }

  @Test
  void areWholeCharacters() {
    assertEquals(
        "day: expected a value for by of whole characters (no lone surrogate), found \"\ufffd\"",
        reason(read("\"\\ud800\"", "1")));
    assertEquals(
        "id: expected a value for deduplicate-by of whole characters (no lone surrogate), found"
            + " \"\ufffd\"",
        reason(read("1", "\"\\ud800\"")));
  }

  @Test
  void haveAtMost4096Bytes() {
    String longest = "\u20ac".repeat(1365) + "a";
    Observation seen = usable(read('"' + longest + '"', '"' + longest + '"'));
    assertEquals(longest, seen.by);
    assertEquals(longest, seen.identity);
    String longer = '"' + longest + "a\"";
    assertEquals("by: found 4097 bytes, expected at most 4096", reason(read(longer, "1")));
    assertEquals(
        "deduplicate-by: found 4097 bytes, expected at most 4096", reason(read("1", longer)));
    assertEquals(
        "deduplicate-by: found 600000 bytes, expected at most 4096",
        reason(read("1", '"' + "a".repeat(600_000) + '"')));
  }

  @Test
  void theLastOfDuplicateFieldsWins() {
    assertEquals("2", usable(read("1", "1,\"day\":\"2\"")).by);
    assertEquals(
        "id: expected a value for deduplicate-by, found null", reason(read("1", "1,\"id\":null")));
  }

  @Test
  void anEndMarkerAloneNeedsNeither() {
    Readers readers = readers().end("e");
    for (String some : new String[] {"", ",\"day\":null,\"id\":\"\"", ",\"x\":null"}) {
      Observation seen = usable(readers.json(RECORD + ",\"e\":true" + some + "}"));
      assertTrue(seen.end);
      assertNull(seen.by);
      assertNull(seen.identity);
    }
    Observation labelled = usable(readers.json(RECORD + ",\"e\":true,\"day\":7,\"id\":\" \"}"));
    assertEquals("7", labelled.by);
    assertEquals(" ", labelled.identity);
    assertEquals(
        "day: expected a value for by, found [1]",
        reason(readers.json(RECORD + ",\"e\":true,\"day\":[1]}")));
  }

  @Test
  void anEndIsHonouredWithoutThemWhenItsFeaturesAreUnusable() {
    Observation seen = usable(readers().end("e").json(RECORD + ",\"e\":true,\"x\":\"?\"}"));
    assertTrue(seen.end);
    assertEquals("x: expected a finite number, found \"?\"", seen.unusable);
    assertNull(seen.by);
    assertNull(seen.identity);
  }

  @Test
  void aStepOrAStartNeedsBoth() {
    assertEquals(
        "day: expected a value for by, found no such field",
        reason(readers().end("e").json(RECORD + ",\"e\":true,\"x\":1,\"id\":1}")));
    assertEquals(
        "id: expected a value for deduplicate-by, found no such field",
        reason(readers().start("b").json(RECORD + ",\"b\":true,\"day\":1}")));
  }

  @Test
  void mayBeTheSeriesAndTheTimestamp() {
    Observation seen = usable(standard().by("s").deduplicateBy("t").json(RECORD + ",\"x\":1}"));
    assertEquals("a", seen.by);
    assertEquals("1700000000000", seen.identity);
  }
}
