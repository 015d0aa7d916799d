package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.reason;
import static io.unroll.connectors.format.Readers.standard;
import static io.unroll.connectors.format.Readers.usable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.unroll.connectors.record.Reading;
import org.junit.jupiter.api.Test;

/** No record carries more than its outputs can hold. */
class RecordLimitsTest {

  private static Reading series(String series) {
    return standard().json("{\"s\":\"" + series + "\",\"t\":1700000000000,\"x\":1}");
  }

  private static Reading keep(String json) {
    return standard()
        .keep("k", "n.k")
        .json("{\"s\":\"a\",\"t\":1700000000000,\"x\":1,\"n\":{\"k\":" + json + "}}");
  }

  @Test
  void aSeriesHasAtMost4096Bytes() {
    assertEquals("a".repeat(4096), usable(series("a".repeat(4096))).series);
    assertEquals(
        "series: found 4097 bytes, expected at most 4096", reason(series("a".repeat(4097))));
    Reading large = series("a".repeat(600_000));
    assertEquals("series: found 600000 bytes, expected at most 4096", reason(large));
    assertNull(large.rejected.series);
    assertEquals(1_700_000_000_000L, large.rejected.timestamp);
  }

  @Test
  void bytesCountNotCharacters() {
    assertEquals(1365, usable(series("\u20ac".repeat(1365))).series.length());
    assertEquals(
        "series: found 4098 bytes, expected at most 4096", reason(series("\u20ac".repeat(1366))));
    assertEquals(2048, usable(series("\ud83d\ude00".repeat(1024))).series.length());
    assertEquals(
        "series: found 4100 bytes, expected at most 4096",
        reason(series("\ud83d\ude00".repeat(1025))));
  }

  @Test
  void joinedPartsCountTogether() {
    String half = "a".repeat(2048);
    assertEquals(
        "series: found 4098 bytes, expected at most 4096",
        reason(
            standard()
                .series("s", "t")
                .csv("s,t,x", "|" + half + half.substring(14) + ",1700000000000,1")));
    assertEquals(
        4096,
        usable(
                standard()
                    .series("s", "t")
                    .csv("s,t,x", half + half.substring(14) + ",1700000000000,1"))
            .series
            .length());
  }

  @Test
  void aKeptFieldHasAtMost65536BytesOfJson() {
    String fits = '"' + "a".repeat(65534) + '"';
    assertEquals(fits, usable(keep(fits)).keep[0]);
    assertEquals(
        "n.k: found 65537 bytes, expected at most 65536",
        reason(keep('"' + "a".repeat(65535) + '"')));
    assertEquals(
        "n.k: found 1000002 bytes, expected at most 65536",
        reason(keep('"' + "a".repeat(1_000_000) + '"')));
    assertEquals(
        "n.k: found 1000001 bytes, expected at most 65536",
        reason(keep("[" + "1 ,".repeat(499_999) + "1]")));
  }
}
