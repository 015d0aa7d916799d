package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.rejected;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.unroll.connectors.format.TimestampField.Unit;
import io.unroll.connectors.record.Reading;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampReadingTest {

  private static Reading read(Readers readers, String json) {
    return readers.json("{\"s\":\"a\",\"x\":1,\"t\":" + json + "}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "1700000000000, 1700000000000",
        "1700000000000.9, 1700000000000",
        "1.7e12, 1700000000000",
        "\"1700000000000\", 1700000000000",
        "\" 1700000000000 \", 1700000000000",
        "\"2024-01-02T03:04:05Z\", 1704164645000",
        "\"2024-01-02T03:04Z\", 1704164640000",
        "\"2024-01-02t03:04:05z\", 1704164645000",
        "\"2024-01-02 03:04:05Z\", 1704164645000",
        "\"2024-01-02T03:04:05+01:00\", 1704161045000",
        "\"2024-01-02T03:04:05+0100\", 1704161045000",
        "\"2024-01-02T03:04:05-01\", 1704168245000",
        "\"2024-01-02T03:04:05.123999999Z\", 1704164645123"
      })
  void readsMillisecondsAndIso(String json, long expected) {
    assertEquals(expected, usable(read(standard(), json)).timestamp);
  }

  /** What lies below the millisecond orders records within it. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        ", 1700000000000, 0",
        ", 1700000000000.25, 250000",
        ", \"2024-01-02T03:04:05.123999999Z\", 999999",
        ", \"2024-01-02T03:04:05.000000001+01:00\", 1",
        ", \"2024-01-02T03:04:05Z\", 0",
        "SECONDS, 1385379000.1239, 900000",
        "SECONDS, \"1385379000.123456789\", 456789",
        "SECONDS, 1385379000, 0",
        "MICROSECONDS, 1385379000123999, 999000",
        "NANOSECONDS, 1385379000123456789, 456789",
        "NANOSECONDS, \"1385379000123456789\", 456789"
      })
  void keepsNanosecondsWithinTheMillisecond(Unit unit, String json, int nanos) {
    assertEquals(nanos, usable(read(standard().timestamp("t", unit, null), json)).nanos);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "SECONDS, 1385379000, 1385379000000",
        "SECONDS, \"1385379000.123\", 1385379000123",
        "SECONDS, 1385379000.1239, 1385379000123",
        "SECONDS, 1.385379e9, 1385379000000",
        "MILLISECONDS, 1385379000123, 1385379000123",
        "MICROSECONDS, 1385379000123999, 1385379000123",
        "NANOSECONDS, 1385379000123999999, 1385379000123"
      })
  void readsUnitsExactly(Unit unit, String json, long expected) {
    assertEquals(expected, usable(read(standard().timestamp("t", unit, null), json)).timestamp);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "Europe/Berlin, \"2012-01-01\", 1325372400000",
        "UTC, \"2012-01-01\", 1325376000000",
        "Europe/Berlin, \"2024-07-01T12:00:00\", 1719828000000",
        "Europe/Berlin, \"2024-07-01 12:00\", 1719828000000",
        "Europe/Berlin, \"2024-07-01T12:00:00Z\", 1719835200000",
        "Europe/Berlin, \"2024-03-31T03:00:00\", 1711846800000",
        "America/Sao_Paulo, \"2018-11-04\", 1541300400000",
        "+01:00, \"2024-03-31T02:30:00\", 1711848600000",
        "Europe/Berlin, \"2024-10-27T02:30:00\", 1729989000000"
      })
  void readsLocalTimesInTheirZone(String zone, String json, long expected) {
    assertEquals(expected, usable(read(standard().timestamp("t", null, zone), json)).timestamp);
  }

  /** Feed 31: moved forward, the quarter hours would lie on those that follow. */
  @Test
  void rejectsALocalTimeThatItsZoneSkips() {
    assertEquals(
        "t: expected a time that Europe/Berlin has, found \"2026-03-29 02:15\": the clock is put"
            + " forward there. If this clock never changes, say zone: +01:00",
        rejected(read(standard().timestamp("t", null, "Europe/Berlin"), "\"2026-03-29 02:15\""))
            .reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null| t: expected epoch milliseconds or ISO-8601, found null",
        "true| t: expected epoch milliseconds or ISO-8601, found true",
        "\"\"| t: expected epoch milliseconds or ISO-8601, found an empty text",
        "\"soon\"| t: expected epoch milliseconds or ISO-8601, found \"soon\"",
        "\"2024-02-30T00:00:00Z\"| t: expected epoch milliseconds or ISO-8601, found \"2024-02-30T00:00:00Z\"",
        "\"2024-01-02T24:00:00Z\"| t: expected epoch milliseconds or ISO-8601, found \"2024-01-02T24:00:00Z\"",
        "\"2024-01-02T03:04:05\"| t: expected an offset such as Z, or a zone in the pipeline, found \"2024-01-02T03:04:05\"",
        "\"2024-01-02\"| t: expected an offset such as Z, or a zone in the pipeline, found \"2024-01-02\"",
        "-5| timestamp -5 is 1969-12-31T23:59:59.995Z, outside 2000-01-01 to 2100-01-01",
        "1e999999999| t: expected a timestamp, found 1e999999999, out of range",
        "\"1e2147483648\"| t: expected a timestamp, found 1e2147483648, out of range",
        "1e-999999999| timestamp 1e-999999999 is 1970-01-01T00:00:00Z, outside 2000-01-01 to 2100-01-01; if it counts, and is no time, say source.timestamp-between: [1970-01-01, 2100-01-01]",
        "12| timestamp 12 is 1970-01-01T00:00:00.012Z, outside 2000-01-01 to 2100-01-01; if it counts, and is no time, say source.timestamp-between: [1970-01-01, 2100-01-01]",
        "9223372036854775808| t: expected a timestamp, found 9223372036854775808, out of range",
        "1385379000| timestamp 1385379000 is 1970-01-17T00:49:39Z, outside 2000-01-01 to 2100-01-01; it looks like seconds: say {field: t, unit: s}",
        "1385379000123456| timestamp 1385379000123456 is +45870-11-30T04:02:03.456Z, outside 2000-01-01 to 2100-01-01; it looks like microseconds: say {field: t, unit: us}",
        "1385379000123456789| timestamp 1385379000123456789 is +43902882-11-13T02:17:36.789Z, outside 2000-01-01 to 2100-01-01; it looks like nanoseconds: say {field: t, unit: ns}",
        "\"1999-12-31T23:59:59.999Z\"| timestamp 1999-12-31T23:59:59.999Z is 1999-12-31T23:59:59.999Z, outside 2000-01-01 to 2100-01-01",
        "\"+999999999-12-31T23:59:59Z\"| t: expected epoch milliseconds or ISO-8601, found \"+999999999-12-31T23:59:59Z\""
      })
  void rejectsOtherTimestamps(String json, String reason) {
    Reading reading = read(standard(), json);
    assertEquals(reason, reason(reading));
    assertEquals("a", rejected(reading).series);
    assertNull(rejected(reading).timestamp);
  }

  @Test
  void aUnitMeansANumber() {
    Readers seconds = standard().timestamp("t", Unit.SECONDS, null);
    assertEquals(
        "t: expected a number (unit: s), found \"2024-01-02T03:04:05Z\"",
        reason(read(seconds, "\"2024-01-02T03:04:05Z\"")));
    assertEquals(
        "timestamp 1385379000123 is +45870-11-30T04:02:03Z, outside 2000-01-01 to 2100-01-01; it"
            + " looks like milliseconds: say {field: t, unit: ms}",
        reason(read(seconds, "1385379000123")));
  }

  @Test
  void boundsAreInclusiveBelowAndExclusiveAbove() {
    assertEquals(946684800000L, usable(read(standard(), "946684800000")).timestamp);
    assertEquals(
        "timestamp 4102444800000 is 2100-01-01T00:00:00Z, outside 2000-01-01 to 2100-01-01",
        reason(read(standard(), "4102444800000")));
    Readers noon =
        standard()
            .bounds(
                new TimestampBounds(
                    Instant.parse("1900-01-01T12:00:00Z"),
                    Instant.parse("2100-01-01T00:00:00Z"),
                    null));
    assertEquals(
        "timestamp -1 is before 1970-01-01, which Kafka and Flink refuse",
        reason(read(noon, "-1")));
    assertEquals(
        "timestamp 1850-01-01T00:00:00Z is 1850-01-01T00:00:00Z, outside 1900-01-01T12:00:00Z to"
            + " 2100-01-01",
        reason(read(noon, "\"1850-01-01T00:00:00Z\"")));
  }

  @Test
  void rejectsWhatIsTooFarPastTheWallClock() {
    Readers readers =
        standard()
            .clock(1_700_000_000_000L)
            .bounds(
                new TimestampBounds(
                    TimestampBounds.DEFAULT.from(),
                    TimestampBounds.DEFAULT.to(),
                    Duration.ofMinutes(5)));
    assertEquals(1_700_000_300_000L, usable(read(readers, "1700000300000")).timestamp);
    assertEquals(
        "timestamp 1700000300001 is 2023-11-14T22:18:20.001Z, 300001 ms past the wall clock, at"
            + " most 300000 ms are allowed",
        reason(read(readers, "1700000300001")));
  }
}
