package io.unroll.job.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.unroll.job.state.RejectedReasons.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RejectedReasonsTest {

  @Test
  void groupsReasonsThatDifferInWhatWasFound() {
    RejectedReasons reasons = new RejectedReasons();
    reasons.add("feed.csv:12", "price: expected a number, found \"n/a\"");
    reasons.add("feed.csv:5", "price: expected a number, found \"a \"quoted\" 1\"");
    reasons.add("feed.csv:6", "volume: expected a number, found \"n/a\"");
    reasons.add("feed.csv:7", "price: expected a number, found no such field");
    assertEquals(
        List.of(
            new Reason("price: expected a number, found \"a \"quoted\" 1\"", "feed.csv:5", 2),
            new Reason("volume: expected a number, found \"n/a\"", "feed.csv:6", 1),
            new Reason("price: expected a number, found no such field", "feed.csv:7", 1)),
        reasons.getLocalValue().all());
  }

  /** The same kind on both sides; the texts are those of the reader and of the operator. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "duplicate: 'a-1' has been used | duplicate: 'b: 2' has been used",
        "timestamp 2026-11-30T10:00:00Z is 3 h ahead | timestamp 1796040000000 is 14.5 h ahead",
        "timestamp 1 is 1970-01-01T00:00:00.001Z, outside 2000-01-01 to 2100-01-01; if it counts, say source.timestamp-between: [1970-01-01, 2100-01-01] | timestamp 12 is 1970-01-01T00:00:00.012Z, outside 2000-01-01 to 2100-01-01; if it counts, say source.timestamp-between: [1970-01-01, 2100-01-01]",
        "expected 5 columns as in the header, found 3 | expected 5 columns as in the header, found 12",
        "feature 'x1': found NaN, expected a finite number | feature 'x1': found -Infinity, expected a finite number",
        "feature 'x1': log-return of 1.5E-3 after -2 is not finite in float32 | feature 'x1': log-return of 2 after 3 is not finite in float32",
        "not CSV: Unexpected character: a,b,\"c | not CSV: Unexpected character: d,e",
        "not JSON: unexpected end, at character 17 | not JSON: unexpected end, at character 3",
        "value: expected UTF-8, found byte 0xff at 3 | value: expected UTF-8, found byte 0xff at 90"
      })
  void valuesMakeNoKind(String one, String other) {
    assertEquals(RejectedReasons.kind(one), RejectedReasons.kind(other));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "feature 'x1': found NaN, expected a finite number | feature 'x2': found NaN, expected a finite number",
        "price: expected a number, found null | price: expected a number, found \"x\"",
        "not JSON: unexpected end | no value",
      })
  void fieldsAndExpectationsDo(String one, String other) {
    assertNotEquals(RejectedReasons.kind(one), RejectedReasons.kind(other));
  }

  @Test
  void isBoundedWhateverIsRejected() {
    RejectedReasons reasons = new RejectedReasons();
    for (int i = 0; i < 10_000; i++) {
      reasons.add("t/0@" + i, "field" + i + ": found nothing" + "x".repeat(1000));
    }
    List<Reason> all = reasons.getLocalValue().all();
    assertEquals(RejectedReasons.MOST_GROUPS + 1, all.size());
    assertEquals(10_000, reasons.count());
    assertEquals(10_000 - RejectedReasons.MOST_GROUPS, all.get(0).count());
    assertEquals(500 + "...".length(), all.get(0).text().length());
  }

  @Test
  void subtasksAddUpInAnyOrder() throws Exception {
    RejectedReasons one = new RejectedReasons();
    RejectedReasons other = new RejectedReasons();
    one.add("t/0@10", "price: found 1, expected less");
    other.add("t/0@9", "price: found 2, expected less");
    other.add("t/0@11", "no value");
    RejectedReasons sent = travelled(other);
    RejectedReasons before = (RejectedReasons) one.clone();
    one.merge(sent);
    sent.merge(before);
    assertEquals(
        List.of(
            new Reason("price: found 2, expected less", "t/0@9", 2),
            new Reason("no value", "t/0@11", 1)),
        one.getLocalValue().all());
    assertEquals(one.getLocalValue(), sent.getLocalValue());
    assertEquals(
        "[2 x price: found 2, expected less (first at t/0@9), 1 x no value (first at t/0@11)]",
        one.getLocalValue().toString());
    one.resetLocal();
    assertEquals(RejectedReasons.Groups.NONE, one.getLocalValue());
  }

  private static RejectedReasons travelled(RejectedReasons reasons) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(reasons);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (RejectedReasons) in.readObject();
    }
  }
}
