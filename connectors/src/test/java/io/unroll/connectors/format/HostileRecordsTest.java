package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.standard;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, a record becomes one reading, which an output can write. */
class HostileRecordsTest {

  private static final int ROUNDS = 20_000;

  private static final long SEED = seed();

  private static final List<byte[]> JSON =
      samples(
          "{\"s\":\"a\",\"t\":1700000000000,\"x\":1.5,\"n\":{\"y\":[1,\"2\"]},\"e\":false}",
          "{\"s\":\"a\",\"t\":1700000000000,\"x\":1.5,\"n.y\":2,\"o\":\"NaN\",\"b\":7.0,\"i\":\"d1\",\"st\":\"go\"}",
          "{\"s\":12,\"t\":\"2024-01-02T03:04:05.123+01:00\",\"x\":\"-1e-3\",\"n.y\":\"\\ud83d\\ude00\"}",
          "{\"n\":{\"y\":null},\"e\":\"true\",\"s\":\"\u00e9\u20ac\",\"t\":\"1.7e12\",\"k\":{\"a\":[{}]}}");

  private static final List<byte[]> CSV =
      samples(
          "a,1700000000000,1.5,1,false,k,d1,17,,go",
          "\"a \"\"b\"\"\",\"2024-01-02 03:04:05Z\",\"-1e-3\",,true,\"x,y\",,,,",
          "\u00e9\u20ac,1.7e12,.5,2,0,,\"d,1\",\"1\"\"7\",nan,\"stop\"");

  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ":",
          ",",
          "\\",
          "\\u",
          "\\ud800",
          "1e999999999",
          "-",
          "null",
          "true",
          "NaN",
          "\n",
          "\r",
          "\"x\":",
          "\"n\":{",
          "\"\"",
          "\ufeff",
          "\u0000",
          "0x1",
          "1.",
          "e",
          " ",
          "\ufffd",
          "\"t\":-1",
          "99999999999999999999");

  private static long seed() {
    String given = System.getProperty("seed", "");
    return given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
  }

  private static List<byte[]> samples(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(UTF_8)).toList();
  }

  private static Readers readers() {
    return standard()
        .features("x", "n.y")
        .optional("o")
        .end("e")
        .start("st", "go", "true")
        .by("b")
        .deduplicateBy("i")
        .keep("k", "k")
        .keep("n", "n");
  }

  @Test
  void jsonNeverThrows() {
    ObservationReader reader = readers().of(new JsonFormat());
    Random random = new Random(SEED);
    int usable = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = round % 10 == 0 ? noise(random) : mutated(JSON, random);
      String what = what(round, bytes);
      Reading reading = read(() -> reader.read(bytes, "in/0@", 1), what);
      usable += check(reading, what);
    }
    assertTrue(usable > 0, "no mutation was readable, seed " + SEED);
  }

  @Test
  void csvNeverThrowsAndNeverSwallowsTheNextLine() {
    ObservationReader reader = readers().of(new CsvFormat());
    byte[] good = "a,1700000000000,1.5,1,false,k,d1,17,,go".getBytes(UTF_8);
    Random random = new Random(SEED);
    int usable = 0;
    for (int round = 0; round < ROUNDS; round++) {
      RecordLines lines = reader.lines("in.csv:");
      lines.read("s,t,x,n.y,e,k,b,i,o,st".getBytes(UTF_8), 1);
      byte[] bytes = withoutLineFeeds(round % 10 == 0 ? noise(random) : mutated(CSV, random));
      String what = what(round, bytes);
      Reading reading = read(() -> lines.read(bytes, 2), what);
      if (reading == null) {
        assertTrue(LineBytes.isBlank(LineBytes.trim(bytes, false)), what);
      } else {
        usable += check(reading, what);
      }
      assertEquals(1, check(lines.read(good, 3), what), what);
    }
    assertTrue(usable > 0, "no mutation was readable, seed " + SEED);
  }

  @Test
  void aHostileHeaderNeverThrows() {
    ObservationReader reader = readers().of(new CsvFormat());
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS / 10; round++) {
      byte[] bytes = withoutLineFeeds(noise(random));
      String what = what(round, bytes);
      RecordLines lines = reader.lines("in.csv:");
      Reading header = read(() -> lines.read(bytes, 1), what);
      if (header != null) {
        check(header, what);
      }
      check(read(() -> lines.read("a,1700000000000,1.5".getBytes(UTF_8), 2), what), what);
    }
  }

  private interface Attempt {
    Reading read();
  }

  private static Reading read(Attempt attempt, String what) {
    try {
      return attempt.read();
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(what, e);
    }
  }

  /** 1 for an observation, 0 for a rejected record; both must be whole and writable. */
  private static int check(Reading reading, String what) {
    assertFalse(reading.observation == null && reading.rejected == null, what);
    assertFalse(reading.observation != null && reading.rejected != null, what);
    if (reading.rejected != null) {
      assertFalse(reading.rejected.reason.isEmpty(), what);
      assertTrue(reading.rejected.reason.length() < 1000, what);
      assertTrue(Text.isWellFormed(reading.rejected.reason), what);
      byte[] line =
          new OutputFormat(new JsonFormat(), List.of(), List.of()).rejected(reading.rejected);
      assertFalse(new String(line, UTF_8).contains("\n"), what);
      return 0;
    }
    Observation seen = reading.observation;
    assertFalse(seen.series.isEmpty(), what);
    assertEquals(seen.series, new String(seen.series.getBytes(UTF_8), UTF_8), what);
    assertTrue(seen.timestamp >= 946684800000L && seen.timestamp < 4102444800000L, what);
    if (seen.features == null) {
      assertTrue(seen.end || seen.start, what);
    } else {
      assertTrue(Float.isFinite((float) seen.features[0]), what);
      assertTrue(Float.isFinite((float) seen.features[1]), what);
      assertFalse(Double.isInfinite((float) seen.features[2]), what);
    }
    boolean endAlone = seen.end && seen.features == null;
    for (String label : new String[] {seen.by, seen.identity}) {
      assertTrue(label == null ? endAlone : Text.isWellFormed(label) && !label.isEmpty(), what);
    }
    for (String kept : seen.keep) {
      assertFalse(kept.contains("\n"), what);
      JsonLine.plain(kept);
    }
    return 1;
  }

  private static String what(int round, byte[] bytes) {
    return "seed " + SEED + ", round " + round + ": " + Arrays.toString(bytes);
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(60)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] mutated(List<byte[]> samples, Random random) {
    List<Byte> bytes = new ArrayList<>();
    for (byte b : samples.get(random.nextInt(samples.size()))) {
      bytes.add(b);
    }
    for (int change = random.nextInt(4); change >= 0; change--) {
      int at = random.nextInt(bytes.size() + 1);
      switch (random.nextInt(4)) {
        case 0 -> bytes.subList(at, bytes.size()).clear();
        case 1 -> bytes.subList(at, Math.min(bytes.size(), at + random.nextInt(8))).clear();
        case 2 -> bytes.add(at, (byte) random.nextInt(256));
        default -> {
          byte[] token = TOKENS.get(random.nextInt(TOKENS.size())).getBytes(UTF_8);
          for (int i = token.length - 1; i >= 0; i--) {
            bytes.add(at, token[i]);
          }
        }
      }
    }
    byte[] result = new byte[bytes.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = bytes.get(i);
    }
    return result;
  }

  /** As the line splitter gives them. */
  private static byte[] withoutLineFeeds(byte[] bytes) {
    byte[] result = bytes.clone();
    for (int i = 0; i < result.length; i++) {
      if (result[i] == '\n') {
        result[i] = ' ';
      }
    }
    return result;
  }
}
