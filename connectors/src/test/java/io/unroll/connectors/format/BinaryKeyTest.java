package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A Kafka key that was not written as text. */
final class BinaryKeyTest {
  private static Reading read(byte[] key) {
    ObservationReader reader =
        new ObservationReader(
            new JsonFormat(),
            new ObservationFields(
                List.of(FieldPath.parse("$key")),
                new TimestampField(FieldPath.parse("t"), null, null),
                List.of(FieldPath.parse("x")),
                null,
                List.of()),
            TimestampBounds.DEFAULT,
            false);
    byte[] value = "{\"t\":1700000000000,\"x\":1}".getBytes(UTF_8);
    return reader.read(
        new RecordParts() {
          @Override
          public byte @Nullable [] value() {
            return value;
          }

          @Override
          public byte @Nullable [] key() {
            return key;
          }

          @Override
          public byte @Nullable [] header(String name) {
            return null;
          }

          @Override
          public @Nullable String topic() {
            return "t";
          }

          @Override
          public long timestamp() {
            return -1;
          }

          @Override
          public RawRecord raw() {
            return new RawRecord(key, value);
          }
        },
        "t/0@",
        1);
  }

  @Test
  void aNumberOfFourBytesIsNoSeries() {
    Reading reading = read(new byte[] {0, 0, 0, 42});
    assertNotNull(reading.rejected);
    assertEquals(
        "$key: expected a series in readable text, found control characters (bytes 00 00 00 2a): it"
            + " may be binary, such as a number of 4 bytes; let its producer write text",
        reading.rejected.reason);
  }

  @Test
  void textOfAnyLanguageIsOne() {
    for (String key : List.of("a b", "Zähler-7", "東京")) {
      Reading reading = read(key.getBytes(UTF_8));
      assertNotNull(reading.observation);
      assertEquals(key, reading.observation.series);
    }
  }
}
