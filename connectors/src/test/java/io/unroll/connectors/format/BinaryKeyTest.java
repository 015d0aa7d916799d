package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Reading;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A Kafka key that was not written as text. */
final class BinaryKeyTest {
  private static Reading read(byte[] key) {
    return read(KeyFormat.TEXT, key);
  }

  private static Reading read(KeyFormat format, byte @Nullable [] key) {
    ObservationReader reader = Readers.standard().series("$key").key(format).of(new JsonFormat());
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
            + " may be binary, such as a number of 4 bytes. source.key.format: int32 reads keys of 4"
            + " bytes",
        reading.rejected.reason);
  }

  private static String series(KeyFormat format, byte... key) {
    return Readers.usable(read(format, key)).series;
  }

  @Test
  void aKeyIsReadByItsType() {
    assertEquals("42", series(KeyFormat.INT32, new byte[] {0, 0, 0, 42}));
    assertEquals("-1", series(KeyFormat.INT32, new byte[] {-1, -1, -1, -1}));
    assertEquals(
        Long.toString(Long.MIN_VALUE),
        series(KeyFormat.INT64, new byte[] {-128, 0, 0, 0, 0, 0, 0, 0}));
    UUID uuid = UUID.fromString("123e4567-e89b-42d3-a456-426614174000");
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    assertEquals(uuid.toString(), series(KeyFormat.UUID, bytes));
  }

  @Test
  void aKeyOfAnotherLengthIsRejectedWithTheTypeThatReadsIt() {
    assertEquals(
        "$key: expected the 8 bytes of source.key.format: int64, found 4. source.key.format: int32"
            + " reads keys of 4 bytes",
        Readers.reason(read(KeyFormat.INT64, new byte[4])));
    assertEquals(
        "$key: expected the 4 bytes of source.key.format: int32, found 3",
        Readers.reason(read(KeyFormat.INT32, new byte[3])));
    assertEquals(
        "$key: expected a series, found no such field", Readers.reason(read(KeyFormat.UUID, null)));
  }

  @Test
  void aKeyThatIsNoTextNamesTheTypeThatReadsIt() {
    assertEquals(
        "$key: expected a series in readable text, found control characters (bytes 00 00 00 00 00 00"
            + " 00 07): it may be binary, such as a number of 4 bytes. source.key.format: int64 reads"
            + " keys of 8 bytes",
        Readers.reason(read(new byte[] {0, 0, 0, 0, 0, 0, 0, 7})));
    String reason = Readers.reason(read(new byte[] {0, 0, 0, 0, 0, 0, 0, -128}));
    assertTrue(reason.endsWith(". source.key.format: int64 reads keys of 8 bytes"), reason);
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
