package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.rejected;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReadingTest {

  private static final String T = "\"t\":1700000000000";

  @Test
  void readsAnObservationAndItsPlace() {
    Observation seen =
        usable(standard().json("{\"s\":\"a\"," + T + ",\"x\":1.5,\"other\":[{\"s\":1}]}"));
    assertEquals("a", seen.series);
    assertEquals(1700000000000L, seen.timestamp);
    assertArrayEquals(new double[] {1.5}, seen.features);
    assertEquals("in/0@7", seen.input());
    assertNull(seen.keep);
    assertNull(seen.unusable);
  }

  @Test
  void findsNestedFlatAndPointedFields() {
    String text =
        "{\"s\":\"a\","
            + T
            + ",\"a\":{\"b\":1,\"c\":{\"d\":2},\"x~/y\":3},\"a.b\":10,\"l\":[4,[5,6]],\"\":7}";
    assertArrayEquals(
        new double[] {10, 1, 2, 3, 4, 6, 7},
        usable(
                standard()
                    .features("a.b", "/a/b", "a.c.d", "/a/x~0~1y", "/l/0", "/l/1/1", "/")
                    .json(text))
            .features);
  }

  @Test
  void aFlatDottedFieldWinsWhereverItStands() {
    for (String text :
        new String[] {
          "{\"a.b\":1,\"a\":{\"b\":2},\"s\":\"a\"," + T + "}",
          "{\"a\":{\"b\":2},\"a.b\":1,\"s\":\"a\"," + T + "}"
        }) {
      assertArrayEquals(
          new double[] {1}, usable(standard().features("a.b").json(text)).features, text);
    }
  }

  @Test
  void theLastOfDuplicateFieldsWinsWithAllBelowIt() {
    assertArrayEquals(
        new double[] {2},
        usable(standard().json("{\"s\":\"a\"," + T + ",\"x\":1,\"x\":2}")).features);
    assertEquals(
        "a.b: expected a finite number, found no such field",
        reason(
            standard().features("a.b").json("{\"s\":\"a\"," + T + ",\"a\":{\"b\":1},\"a\":{}}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "1.5; 1.5",
        "-0; -0.0",
        "1e3; 1000",
        "\"2.5\"; 2.5",
        "\" +.5e1 \"; 5",
        "\"007\"; 7",
        "true; 1",
        "false; 0",
        "\"true\"; 1",
        "\"False\"; 0",
        "3.4028235e38; 3.4028235e38",
        "1e-400; 0"
      })
  void readsNumbersTextsAndBooleansAsFeatures(String json, double expected) {
    assertArrayEquals(
        new double[] {expected},
        usable(standard().json("{\"s\":\"a\"," + T + ",\"x\":" + json + "}")).features);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "null; x: expected a finite number, found null",
        "\"\"; x: expected a finite number, found an empty text",
        "\"abc\"; x: expected a finite number, found \"abc\". A feature is a number: where words stand for numbers, map them before, in the producer or in Flink SQL",
        "\"NaN\"; x: expected a finite number, found \"NaN\"",
        "\"Infinity\"; x: expected a finite number, found \"Infinity\"",
        "\"1f\"; x: expected a finite number, found \"1f\"",
        "\"0x1p3\"; x: expected a finite number, found \"0x1p3\"",
        "\"1,5\"; x: expected a finite number, found \"1,5\". Write numbers with a decimal point, and nothing between thousands",
        "\"AfQ=\"; x: expected a finite number, found \"AfQ=\". It looks like bytes in base64, as Debezium writes decimals: set decimal.handling.mode: double in the connector",
        "[ 1, 2 ]; x: expected a finite number, found [1,2]",
        "{\"a\": \" b\\\"\"}; x: expected a finite number, found {\"a\":\" b\\\"\"}",
        "3.5e38; x: expected a number that fits a 32-bit float, found 3.5e38",
        "1e999999999; x: expected a number that fits a 32-bit float, found 1e999999999",
        "\"-1e400\"; x: expected a number that fits a 32-bit float, found \"-1e400\""
      })
  void rejectsWhatIsNoFeature(String json, String reason) {
    assertEquals(reason, reason(standard().json("{\"s\":\"a\"," + T + ",\"x\":" + json + "}")));
  }

  @Test
  void rejectsAMissingFeatureAndKeepsWhatItCouldRead() {
    Reading reading = standard().json("{\"s\":\"a\"," + T + "}");
    assertEquals("x: expected a finite number, found no such field", reason(reading));
    assertEquals("a", rejected(reading).series);
    assertEquals(1700000000000L, rejected(reading).timestamp);
    assertEquals("in/0@7", rejected(reading).input);
    assertNull(rejected(reading).watermark);
    assertEquals("{\"s\":\"a\"," + T + "}", new String(rejected(reading).raw.value, UTF_8), "raw");
  }

  @Test
  void cutsLongValuesInReasons() {
    String reason =
        reason(standard().json("{\"s\":\"a\"," + T + ",\"x\":\"" + "y".repeat(5000) + "\"}"));
    assertEquals(
        "x: expected a finite number, found \""
            + "y".repeat(100)
            + "... (5000 characters)\". A feature is a number: where"
            + " words stand for numbers, map them before, in the producer or in Flink SQL",
        reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"a b\"; a b",
        "7; 7",
        "12345678901234567890123; 12345678901234567890123",
        "10000000000; 10000000000",
        "1.50; 1.50",
        "true; true",
        "\" \"; ` `"
      })
  void aSeriesIsTextOrANumbersOwnDigits(String json, String expected) {
    assertEquals(
        expected, usable(standard().json("{\"s\":" + json + "," + T + ",\"x\":1}")).series);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "null; s: expected a series, found null",
        "\"\"; s: expected a series, found an empty text",
        "{}; s: expected a series, found {}",
        "\"\\ud800\"; `s: expected a series of whole characters (no lone surrogate), found \"\ufffd\"`"
      })
  void rejectsWhatIsNoSeries(String json, String reason) {
    assertEquals(reason, reason(standard().json("{\"s\":" + json + "," + T + ",\"x\":1}")));
  }

  @Test
  void joinsCompositeSeriesSoThatNoTwoMeet() {
    Readers readers = standard().series("s", "p.q");
    assertEquals(
        "a\\|b|c\\\\",
        usable(readers.json("{\"s\":\"a|b\",\"p\":{\"q\":\"c\\\\\"}," + T + ",\"x\":1}")).series);
    assertEquals(
        "a|b\\|c",
        usable(readers.json("{\"s\":\"a\",\"p\":{\"q\":\"b|c\"}," + T + ",\"x\":1}")).series);
    assertEquals(
        "p.q: expected a series, found an empty text",
        reason(readers.json("{\"s\":\"a\",\"p\":{\"q\":\"\"}," + T + ",\"x\":1}")));
  }

  @Test
  void keepsValuesAsTheyAre() {
    Readers readers =
        standard()
            .keep("n", "n")
            .keep("d", "d")
            .keep("o", "o")
            .keep("deep", "o.p")
            .keep("text", "text")
            .keep("none", "none")
            .keep("null", "null")
            .keep("flag", "flag");
    Observation seen =
        usable(
            readers.json(
                "{\"s\":\"a\","
                    + T
                    + ",\"x\":1,\"n\":12345678901234567890123,\"d\":1.10,\"o\":{ \"p\" : [1.0,\n"
                    + "\"a \\\" b\" ] },\"text\":\"q\\\"\\n\\u00e9\",\"null\":null,\"flag\":true}"));
    assertArrayEquals(
        new String[] {
          "12345678901234567890123",
          "1.10",
          "{\"p\":[1.0,\"a \\\" b\"]}",
          "[1.0,\"a \\\" b\"]",
          "\"q\\\"\\n\u00e9\"",
          "null",
          "null",
          "true"
        },
        seen.keep);
  }

  @Test
  void keepsValuesOfRecordsLargerThanTheParsersBuffer() {
    String pad = "\u20ac".repeat(20_000);
    String big = "{\"p\":\"" + pad + "\",\"q\":[1]}";
    Observation seen =
        usable(
            standard()
                .keep("o", "o")
                .keep("after", "after")
                .json(
                    "{\"pad\":\""
                        + pad
                        + "\",\"s\":\"a\","
                        + T
                        + ",\"o\": "
                        + big
                        + " ,\"x\":1,\"after\": { \"z\" : 2 } }"));
    assertArrayEquals(new String[] {big, "{\"z\":2}"}, seen.keep);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "\"true\"", "\"TRUE\"", "1", "\"1\"", "1.0"})
  void marksTheEnd(String json) {
    assertTrue(
        usable(standard().end("e").json("{\"s\":\"a\"," + T + ",\"x\":1,\"e\":" + json + "}")).end);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "\"false\"", "0", "\"0\"", "null", "\"\""})
  void marksNoEnd(String json) {
    assertEquals(
        false,
        usable(standard().end("e").json("{\"s\":\"a\"," + T + ",\"x\":1,\"e\":" + json + "}")).end);
  }

  @Test
  void rejectsAnEndThatIsNeither() {
    assertEquals(
        "e: expected true, false, 1 or 0, found \"yes\"",
        reason(standard().end("e").json("{\"s\":\"a\"," + T + ",\"x\":1,\"e\":\"yes\"}")));
    assertEquals(
        "e: expected true, false, 1 or 0, found 2",
        reason(standard().end("e").json("{\"s\":\"a\"," + T + ",\"x\":1,\"e\":2}")));
  }

  @Test
  void anEndMarkerNeedsNoFeatures() {
    Readers readers = standard().features("x", "y").end("e");
    for (String features : new String[] {"", ",\"x\":null", ",\"x\":\"\",\"y\":null"}) {
      Observation seen = usable(readers.json("{\"s\":\"a\"," + T + ",\"e\":true" + features + "}"));
      assertTrue(seen.end);
      assertNull(seen.features);
      assertNull(seen.unusable);
    }
  }

  @Test
  void anEndMarkerWithUnusableFeaturesTravelsWithItsReason() {
    Observation seen =
        usable(
            standard()
                .features("x", "y")
                .end("e")
                .json("{\"s\":\"a\"," + T + ",\"e\":true,\"x\":1}"));
    assertTrue(seen.end);
    assertNull(seen.features);
    assertEquals("y: expected a finite number, found no such field", seen.unusable);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; expected a JSON object, found nothing",
        "[1]; expected a JSON object, found an array. Let its producer write a record for each element",
        "17; expected a JSON object, found 17",
        "null; expected a JSON object, found null",
        "{} {}; expected the end after the JSON object, found \"{}\"",
        "{} x; not JSON: Unrecognized token 'x', at character 4",
        "{\"s\":1; not JSON: it ends in the middle, at character 6",
        "{\"s\":\"a; not JSON: it ends in the middle, at character 7",
        "{\"s\" 1}; not JSON: Unexpected character ('1' (code 49)), at character 5",
        "{\"s\":nan}; not JSON: Unrecognized token 'nan', at character 8",
        "{\"s\":+1}; not JSON: Unexpected character ('+' (code 43)) in numeric value, at character 6",
        "{/**/}; not JSON: Unexpected character ('/' (code 47)): maybe a (non-standard) comment?, at character 1",
        "{s:1}; not JSON: Unexpected character ('s' (code 115)), at character 1"
      })
  void rejectsWhatIsNotOneJsonObject(String text, String reason) {
    assertEquals(reason, reason(standard().json(text)));
  }

  @Test
  void rejectsBytesThatAreNotUtf8() {
    byte[] bytes = "{\"s\":\"a?\"}".getBytes(UTF_8);
    bytes[7] = (byte) 0xC3;
    assertEquals(
        "value: expected UTF-8, found byte 0xc3 at 7",
        reason(standard().of(new JsonFormat()).read(bytes, "in/0@", 0)));
  }

  @Test
  void acceptsAReplacementCharacterThatWasSent() {
    assertEquals("\ufffd", usable(standard().json("{\"s\":\"\ufffd\"," + T + ",\"x\":1}")).series);
  }

  @Test
  void rejectsANestingBomb() {
    String deep = "[".repeat(100_000);
    assertEquals(
        "not JSON: Document nesting depth (1001) exceeds the maximum allowed (1000)",
        reason(standard().json("{\"s\":\"a\",\"x\":" + deep)));
  }

  @Test
  void rejectsNumbersOfAThousandDigits() {
    assertEquals(
        "t: expected a timestamp, found " + "1".repeat(100) + "... (1000 characters), out of range",
        reason(standard().json("{\"s\":\"a\",\"t\":" + "1".repeat(1000) + ",\"x\":1}")));
    assertEquals(
        "not JSON: Number value length (1001) exceeds the maximum allowed (1000)",
        reason(standard().json("{\"s\":\"a\",\"t\":" + "1".repeat(1001) + ",\"x\":1}")));
  }

  @Test
  void rejectsFieldsThatOnlyKafkaHas() {
    assertEquals(
        "$key: expected a series, found no such field",
        reason(standard().series("$key").json("{" + T + ",\"x\":1}")));
    assertEquals(
        "$timestamp: the record has no timestamp of its own",
        reason(standard().timestamp("$timestamp", null, null).json("{\"s\":\"a\",\"x\":1}")));
  }

  @Test
  void carriesNoRawRecordUnlessAsked() {
    ObservationReader reader =
        new ObservationReader(
            new JsonFormat(),
            standard().of(new JsonFormat()).fields(),
            TimestampBounds.DEFAULT,
            false);
    assertNull(rejected(reader.read("{".getBytes(UTF_8), "in/0@", 0)).raw);
    assertNull(
        usable(reader.read(("{\"s\":\"a\"," + T + ",\"x\":1}").getBytes(UTF_8), "in/0@", 0)).raw);
  }
}
