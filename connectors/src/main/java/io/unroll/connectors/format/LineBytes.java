package io.unroll.connectors.format;

import java.util.Arrays;

/** The bytes of a line. */
public final class LineBytes {

  private LineBytes() {}

  /** {@code line} without its line end (LF or CR LF) and, in a first line, without a BOM. */
  public static byte[] trim(byte[] line, boolean first) {
    int from = first && hasBom(line) ? 3 : 0;
    int to = line.length;
    if (to > from && line[to - 1] == '\n') {
      to--;
    }
    if (to > from && line[to - 1] == '\r') {
      to--;
    }
    return from == 0 && to == line.length ? line : Arrays.copyOfRange(line, from, to);
  }

  /** True if there is nothing but white space. */
  public static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return false;
      }
    }
    return true;
  }

  private static boolean hasBom(byte[] line) {
    return line.length >= 3
        && line[0] == (byte) 0xEF
        && line[1] == (byte) 0xBB
        && line[2] == (byte) 0xBF;
  }
}
