package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Features that may be missing. */
class OptionalFeatureTest {

  private static final String RECORD = "{\"s\":\"a\",\"t\":1700000000000";

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\" \"", "\"NaN\"", "\"nan\"", "\" NAN \""})
  void nothingIsNan(String json) {
    Readers readers = standard().features("x").optional("y");
    assertArrayEquals(
        new double[] {1, Double.NaN},
        usable(readers.json(RECORD + ",\"x\":1,\"y\":" + json + "}")).features);
  }

  @Test
  void noFieldIsNan() {
    Readers readers = standard().features("x").optional("y");
    double[] expected = {1, Double.NaN};
    assertArrayEquals(expected, usable(readers.json(RECORD + ",\"x\":1}")).features);
    assertArrayEquals(expected, usable(readers.csv("s,t,x", "a,1700000000000,1")).features);
    assertArrayEquals(expected, usable(readers.csv("s,t,x,y", "a,1700000000000,1,")).features);
    assertArrayEquals(expected, usable(readers.csv("s,t,x,y", "a,1700000000000,1,NaN")).features);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"abc\"; y: expected a finite number or NaN, found \"abc\". A feature is a number: where words stand for numbers, map them before, in the producer or in Flink SQL",
        "\"-NaN\"; y: expected a finite number or NaN, found \"-NaN\"",
        "\"NaN1\"; y: expected a finite number or NaN, found \"NaN1\"",
        "\"Infinity\"; y: expected a finite number or NaN, found \"Infinity\"",
        "\"-inf\"; y: expected a finite number or NaN, found \"-inf\"",
        "1e400; y: expected a number that fits a 32-bit float, found 1e400",
        "\"3.5e38\"; y: expected a number that fits a 32-bit float, found \"3.5e38\"",
        "[null]; y: expected a finite number or NaN, found [null]",
        "{}; y: expected a finite number or NaN, found {}"
      })
  void whatIsThereHasToBeANumber(String json, String reason) {
    Readers readers = standard().features("x").optional("y");
    assertEquals(reason, reason(readers.json(RECORD + ",\"x\":1,\"y\":" + json + "}")));
  }

  @Test
  void aColumnThatIsThereTwiceIsNotMissing() {
    assertEquals(
        "y: the header has this column twice",
        reason(standard().optional("y").csv("s,t,x,y,y", "a,1700000000000,1,2,2")));
  }

  /** Feed 71: Python's json writes it. */
  @Test
  void aBareNanIsAMissingValue() {
    Readers readers = standard().features("x").optional("y").keep("y", "y").keep("k", "k");
    Observation seen =
        usable(readers.json(RECORD + ",\"x\":1,\"y\":NaN,\"k\":[1, NaN],\"other\":Infinity}"));
    assertArrayEquals(new double[] {1, Double.NaN}, seen.features);
    assertArrayEquals(new String[] {"null", "[1,null]"}, seen.keep, "JSON has no NaN");
    assertEquals(
        "x: expected a finite number, found NaN", reason(readers.json(RECORD + ",\"x\":NaN}")));
    assertEquals(
        "s: expected a series, found NaN",
        reason(readers.json("{\"s\":NaN,\"t\":1700000000000,\"x\":1}")));
  }

  /** Feed 71. */
  @Test
  void aBareInfinityIsRejectedWithItsField() {
    Readers readers = standard().features("x").optional("y").keep("k", "k");
    assertEquals(
        "x: expected a finite number, found -Infinity",
        reason(readers.json(RECORD + ",\"x\":-Infinity}")));
    assertEquals(
        "y: expected a finite number, found Infinity",
        reason(readers.json(RECORD + ",\"x\":1,\"y\":Infinity}")));
    assertEquals(
        "k: expected finite numbers, found one that is infinite: [1, Infinity]",
        reason(readers.json(RECORD + ",\"x\":1,\"k\":[1, Infinity]}")));
    assertEquals(
        "t: expected a finite number, found Infinity",
        reason(readers.json("{\"s\":\"a\",\"t\":Infinity,\"x\":1}")));
  }

  @Test
  void theOthersHaveToBeThere() {
    Readers readers = standard().features("x").optional("y");
    assertEquals(
        "x: expected a finite number, found \"NaN\"",
        reason(readers.json(RECORD + ",\"x\":\"NaN\",\"y\":1}")));
    assertEquals(
        "x: expected a finite number, found no such field", reason(readers.json(RECORD + "}")));
  }

  @Test
  void allOfThemMayBeMissing() {
    Readers readers = standard().features().optional("x", "y");
    double[] missing = {Double.NaN, Double.NaN};
    assertArrayEquals(missing, usable(readers.json(RECORD + "}")).features);
    assertArrayEquals(
        missing, usable(readers.json(RECORD + ",\"x\":null,\"y\":\"NaN\"}")).features);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"y\":null", ",\"y\":\"NaN\"", ",\"x\":\"\",\"y\":\" nan\""})
  void aMarkerWithNoneOfThemIsAMarkerAlone(String features) {
    for (Readers readers :
        new Readers[] {
          standard().features("x").optional("y"), standard().features().optional("x", "y")
        }) {
      Observation last = usable(readers.end("e").json(RECORD + ",\"e\":true" + features + "}"));
      assertTrue(last.end);
      assertNull(last.features);
      assertNull(last.unusable);
      Observation first = usable(readers.start("b").json(RECORD + ",\"b\":true" + features + "}"));
      assertTrue(first.start);
      assertNull(first.features);
    }
  }

  @Test
  void aMarkerWithOneOfThemIsAStep() {
    Readers readers = standard().features().optional("x", "y").end("e").start("b");
    Observation last = usable(readers.json(RECORD + ",\"e\":true,\"y\":2}"));
    assertTrue(last.end);
    assertArrayEquals(new double[] {Double.NaN, 2}, last.features);
    Observation first = usable(readers.json(RECORD + ",\"b\":true,\"x\":2}"));
    assertTrue(first.start);
    assertArrayEquals(new double[] {2, Double.NaN}, first.features);
  }

  @Test
  void anEndWithARequiredOneMissingTravelsWithItsReason() {
    Observation seen =
        usable(
            standard().features("x").optional("y").end("e").json(RECORD + ",\"e\":true,\"y\":2}"));
    assertNull(seen.features);
    assertEquals("x: expected a finite number, found no such field", seen.unusable);
  }

  /** What no model sees makes no step of a marker, and nothing unreadable. */
  @Test
  void oneThatNoModelSeesChangesNothing() {
    Readers readers = standard().features("x").beside("label").end("e");
    Observation last = usable(readers.json(RECORD + ",\"e\":true,\"label\":2}"));
    assertTrue(last.end);
    assertNull(last.features);
    assertNull(last.unusable);
    for (String label : new String[] {"\"up\"", "1e300", "[1]", "null", "\"1e300\""}) {
      Observation seen = usable(readers.json(RECORD + ",\"x\":1,\"label\":" + label + "}"));
      assertArrayEquals(new double[] {1, Double.NaN}, seen.features, label);
    }
    assertArrayEquals(
        new double[] {1, 0.5},
        usable(readers.json(RECORD + ",\"x\":1,\"label\":\"0.5\"}")).features);
  }
}
