package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

  private static List<String> lines(InputStream in, int limit) throws IOException {
    List<String> lines = new ArrayList<>();
    try (LineSplitter splitter = new LineSplitter(in, 100, limit)) {
      while (splitter.next()) {
        lines.add(
            new String(splitter.bytes(limit), UTF_8)
                + " "
                + splitter.length()
                + " "
                + splitter.offset());
      }
      assertFalse(splitter.next());
    }
    return lines;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void cutsAtLineFeeds() throws IOException {
    assertEquals(List.of("a 1 102", " 0 103", "bc\r 3 107"), lines(bytes("a\n\nbc\r\n"), 10));
    assertEquals(List.of("a 1 102", "b 1 103"), lines(bytes("a\nb"), 10));
    assertEquals(List.of(), lines(bytes(""), 10));
    assertEquals(List.of(" 0 101"), lines(bytes("\n"), 10));
  }

  @Test
  void countsButDoesNotKeepWhatIsAboveTheLimit() throws IOException {
    String text = "x".repeat(200_000) + "\nabcde\nabcdef\n";
    assertEquals(
        List.of("xxxxx 200000 200101", "abcde 5 200107", "abcde 6 200114"), lines(bytes(text), 5));
  }

  @Test
  void linesMaySpanAnyNumberOfReads() throws IOException {
    InputStream drops =
        new InputStream() {
          private final byte[] text = "one\ntwo\n".getBytes(UTF_8);
          private int at;

          @Override
          public int read() {
            return at < text.length ? text[at++] : -1;
          }

          @Override
          public int read(byte[] into, int from, int count) {
            if (at == text.length) {
              return -1;
            }
            into[from] = text[at++];
            return 1;
          }
        };
    assertEquals(List.of("one 3 104", "two 3 108"), lines(drops, 10));
  }
}
