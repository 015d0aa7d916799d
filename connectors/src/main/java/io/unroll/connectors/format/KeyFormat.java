package io.unroll.connectors.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the key of a Kafka record is written: what {@code $key} reads. */
public enum KeyFormat {
  /** Text in UTF-8. */
  TEXT(-1) {
    @Override
    Value value(byte[] key) {
      try {
        return Value.text(Text.decode(key, "text"));
      } catch (Unreadable e) {
        return Value.broken(e.reason() + wayOut(key.length));
      }
    }
  },
  /** A whole number of 4 bytes, the highest first: Kafka's IntegerSerializer. */
  INT32(Integer.BYTES) {
    @Override
    Value value(byte[] key) {
      return new Value(Value.Kind.NUMBER, Integer.toString(ByteBuffer.wrap(key).getInt()));
    }
  },
  /** A whole number of 8 bytes, the highest first: Kafka's LongSerializer. */
  INT64(Long.BYTES) {
    @Override
    Value value(byte[] key) {
      return new Value(Value.Kind.NUMBER, Long.toString(ByteBuffer.wrap(key).getLong()));
    }
  },
  /** 16 bytes, the highest first; {@code $key} is the text with its four hyphens. */
  UUID(2 * Long.BYTES) {
    @Override
    Value value(byte[] key) {
      ByteBuffer bytes = ByteBuffer.wrap(key);
      return Value.text(new java.util.UUID(bytes.getLong(), bytes.getLong()).toString());
    }
  };

  /** The key in a pipeline file, for messages. */
  private static final String KEY = "source.key.format";

  private final int length;

  KeyFormat(int length) {
    this.length = length;
  }

  /** The word in a pipeline file. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  abstract Value value(byte[] key);

  /** What {@code $key} is; nothing without a key. */
  Value read(byte @Nullable [] key) {
    if (key == null) {
      return Value.MISSING;
    }
    if (length >= 0 && key.length != length) {
      return Value.broken(
          "expected the "
              + length
              + " bytes of "
              + KEY
              + ": "
              + label()
              + ", found "
              + key.length
              + wayOut(key.length));
    }
    return value(key);
  }

  /** What to set for a key of so many bytes that is no text; empty if nothing reads it. */
  static String wayOut(int bytes) {
    return Arrays.stream(values())
        .filter(format -> format.length == bytes)
        .map(format -> ". " + KEY + ": " + format.label() + " reads keys of " + bytes + " bytes")
        .findFirst()
        .orElse("");
  }
}
