package io.unroll.job.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * UTF-8 text of any length behind its count of bytes; {@code DataOutput.writeUTF} ends at 64 KiB.
 */
final class Text {
  private Text() {}

  static void write(String value, DataOutput out) throws IOException {
    byte[] bytes = value.getBytes(UTF_8);
    Varint.write(bytes.length, out);
    out.write(bytes);
  }

  static String read(DataInput in) throws IOException {
    byte[] bytes = new byte[(int) Varint.read(in)];
    in.readFully(bytes);
    return new String(bytes, UTF_8);
  }
}
