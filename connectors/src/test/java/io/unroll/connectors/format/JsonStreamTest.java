package io.unroll.connectors.format;

import static io.unroll.connectors.format.Readers.standard;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast way reads what the exact way reads, or leaves the record to it. */
class JsonStreamTest {

  private static final int ROUNDS = 40_000;

  private static final long SEED = seed();

  private static final String T = "\"t\":1700000000000";

  /** Values of every kind, sound and broken. */
  private static final List<String> VALUES =
      List.of(
          "1.5",
          "-0",
          "0",
          "-0.0",
          "0e0",
          "-0e1",
          "7",
          "-12",
          "1e3",
          "1E-400",
          "3.5e38",
          "1e400",
          "123456789012345678",
          "1234567890123456789",
          "12345678901234567890",
          "1.50",
          "true",
          "false",
          "null",
          "\"\"",
          "\"a\"",
          "\" 2.5 \"",
          "\"true\"",
          "\"NaN\"",
          "\" nan \"",
          "\"Infinity\"",
          "\"-NaN\"",
          "\"\\u00e9\\n\"",
          "\"\u20ac\"",
          "\"\\ud83d\\ude00\"",
          "\"\\ud800\"",
          "\"\ud83d\ude00\"",
          "{}",
          "[]",
          "{ \"y\" : 1 }",
          "[1 , 2]",
          "{\"y\":[{\"z\":null}]}",
          "[[],{\"y\":{}}]",
          "1700000000000",
          "1700000000",
          "\"2024-01-02T03:04:05.123Z\"",
          "\"2024-01-02T03:04:05.123456789+01:00\"",
          "\"2024-02-30T00:00:00Z\"",
          "\"2024-01-02 03:04Z\"",
          "1.7e12",
          "1700000000000.9",
          "01",
          "1.",
          ".5",
          "+1",
          "-",
          "1e",
          "NaN",
          "Infinity",
          "-Infinity",
          "-NaN",
          "[NaN]",
          "{\"y\":[ NaN , \"NaN I\"]}",
          "[{\"y\":Infinity}]",
          "[-Infinity]",
          "NaN1",
          "nan",
          "tru",
          "nul",
          "truex",
          "'a'",
          "\"\\x\"",
          "\"\t\"",
          "\"\\/\"",
          "[1,]",
          "{\"y\":}",
          "{\"y\"}",
          "[,1]",
          "{,}",
          "{\"y\":1,}",
          "/**/1",
          "1 2");

  private static final List<String> NAMES =
      List.of(
          "s",
          "t",
          "x",
          "n",
          "n.y",
          "e",
          "k",
          "other",
          "y",
          "",
          "\\u0078",
          "\\ud83d\\ude00",
          "\ud83d\ude00",
          "\u00e9",
          "a much longer name than the parser's shortcut has room for");

  private static final List<String> PLACES =
      List.of("{", "}", "[", "]", ",", ":", "\"", " ", "\n", "\\", "0", "-", "\u0000", "e", "/");

  private static long seed() {
    String given = System.getProperty("seed", "");
    return given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
  }

  private static RecordAssembler assembler() {
    return standard()
        .features("x", "n.y", "/n/0", "\ud83d\ude00")
        .end("e")
        .keep("k", "k")
        .keep("n", "n")
        .keep("x", "x")
        .of(new JsonFormat())
        .assembler();
  }

  /** Markers by value, labels and optional features: some of them in one field. */
  private static RecordAssembler marked() {
    return standard()
        .features("y")
        .optional("x", "other", "e")
        .end("e", "1.50", "a", "true", "7", "-0", "0", "1e3")
        .start("k", "1.5", "-0.0", "false", "\u00e9\n", "123456789012345678", "\u20ac")
        .by("y")
        .deduplicateBy("n.y")
        .keep("k", "k")
        .of(new JsonFormat())
        .assembler();
  }

  /** No feature has to be there. */
  private static RecordAssembler lenient() {
    return standard()
        .features()
        .optional("x", "k")
        .end("e")
        .start("x", "1.5", "7", "-0", "a")
        .by("s")
        .deduplicateBy("y")
        .of(new JsonFormat())
        .assembler();
  }

  private static RecordAssembler plain() {
    return standard().features("x", "y").of(new JsonFormat()).assembler();
  }

  @Test
  void readsWhatTheExactWayReads() {
    Random random = new Random(SEED);
    List<RecordAssembler> assemblers = List.of(assembler(), plain(), marked(), lenient());
    int fast = 0;
    int starts = 0;
    int missing = 0;
    for (int round = 0; round < ROUNDS; round++) {
      RecordAssembler assembler = one(assemblers, random);
      byte[] bytes = record(random);
      RecordParts record = RecordParts.ofValue(bytes);
      String what = "seed " + SEED + ", round " + round + ": " + new String(bytes, UTF_8);
      Observation streamed = assembler.stream(bytes, record);
      Reading exact = assembler.readExactly(record, "in/0@", round);
      if (streamed != null) {
        fast++;
        starts += streamed.start ? 1 : 0;
        missing += streamed.features != null && hasNan(streamed.features) ? 1 : 0;
        assertNotNull(exact.observation, () -> what + " " + exact.rejected.reason);
        streamed.origin = "in/0@";
        streamed.position = round;
        streamed.raw = exact.observation.raw;
        assertSame(exact.observation, streamed, what);
      }
      assertSame(exact, assembler.read(record, "in/0@", round), what);
    }
    assertTrue(fast > ROUNDS / 20, "read the fast way: " + fast + ", seed " + SEED);
    assertTrue(starts > ROUNDS / 400, "start markers: " + starts + ", seed " + SEED);
    assertTrue(missing > ROUNDS / 100, "with a feature missing: " + missing + ", seed " + SEED);
  }

  private static boolean hasNan(double[] features) {
    return Arrays.stream(features).anyMatch(Double::isNaN);
  }

  /** Mostly sound records, some with a byte or two that are not. */
  private static byte[] record(Random random) {
    StringBuilder text = new StringBuilder("{");
    if (random.nextInt(10) > 0) {
      text.append("\"s\":\"a").append(random.nextInt(9)).append("\",").append(T);
      text.append(",\"x\":").append(random.nextInt(3) > 0 ? "1.5" : one(VALUES, random));
      text.append(",\"y\":").append(random.nextInt(3) > 0 ? number(random) : one(VALUES, random));
      text.append(",\"\ud83d\ude00\":2,\"n\":[3],\"n.y\":").append(random.nextInt(100));
    } else {
      text.append("\"first\":1");
    }
    for (int more = random.nextInt(4); more > 0; more--) {
      text.append(random.nextBoolean() ? "," : " ,\t\"").append(random.nextBoolean() ? "" : " ");
      if (text.charAt(text.length() - 1) != '"') {
        text.append('"');
      }
      text.append(one(NAMES, random)).append("\":").append(one(VALUES, random));
    }
    text.append('}');
    for (int change = random.nextInt(8) - 5; change > 0; change--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setLength(at);
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, one(PLACES, random));
        default -> text.append(random.nextBoolean() ? one(PLACES, random) : one(VALUES, random));
      }
      if (text.isEmpty()) {
        text.append(' ');
      }
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    if (random.nextInt(20) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static <T> T one(List<T> some, Random random) {
    return some.get(random.nextInt(some.size()));
  }

  private static String number(Random random) {
    if (random.nextInt(40) == 0) { // around the limits on the length of a number
      int length = one(List.of(255, 256, 257, 999, 1000, 1001, 3000), random);
      return random.nextBoolean() ? "7".repeat(length) : "0." + "3".repeat(length - 2);
    }
    if (random.nextInt(40) == 0) {
      return "-18446742473709551"; // as seconds it overflows into this century
    }
    return switch (random.nextInt(4)) {
      case 0 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
      case 1 -> Float.toString(Float.intBitsToFloat(random.nextInt()));
      case 2 -> random.nextInt(100000) + "." + (random.nextLong() >>> 1);
      default -> Long.toString(random.nextLong() >> random.nextInt(64));
    };
  }

  private static void assertSame(Reading expected, Reading found, String what) {
    assertEquals(expected.observation == null, found.observation == null, what);
    if (expected.observation != null) {
      assertSame(expected.observation, found.observation, what);
      return;
    }
    Rejected one = expected.rejected;
    Rejected other = found.rejected;
    assertEquals(one.reason, other.reason, what);
    assertEquals(one.input, other.input, what);
    assertEquals(one.series, other.series, what);
    assertEquals(one.timestamp, other.timestamp, what);
    assertArrayEquals(one.raw.value, other.raw.value, what);
  }

  private static void assertSame(Observation expected, Observation found, String what) {
    assertEquals(expected.series, found.series, what);
    assertEquals(expected.timestamp, found.timestamp, what);
    assertArrayEquals(bits(expected.features), bits(found.features), what);
    assertEquals(expected.end, found.end, what);
    assertEquals(expected.start, found.start, what);
    assertEquals(expected.by, found.by, what);
    assertEquals(expected.identity, found.identity, what);
    assertEquals(expected.unusable, found.unusable, what);
    assertEquals(expected.input(), found.input(), what);
    assertArrayEquals(expected.keep, found.keep, what);
    assertArrayEquals(expected.raw.value, found.raw.value, what);
  }

  private static long[] bits(double[] numbers) {
    return numbers == null
        ? null
        : Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  @Test
  void readsOrdinaryRecordsTheFastWay() {
    RecordAssembler assembler = plain();
    RecordAssembler lenient = lenient();
    for (String more :
        List.of(
            "",
            ",\"z\":[{\"a\":[1,\"b\"]},null]",
            ",\"name\":\"K\u00f6ln \u20ac \ud83d\ude00\"",
            ",\"esc\":\"a\\n\\\"b\\\\\\u00e9\"",
            ", \"sp\" : { } ")) {
      String text = "{\"s\":\"a\"," + T + ",\"x\":1.5,\"y\":-7" + more + "}";
      for (String end : List.of("", "\n", " \r\n")) {
        byte[] bytes = (text + end).getBytes(UTF_8);
        Observation seen = assembler.stream(bytes, RecordParts.ofValue(bytes));
        assertNotNull(seen, text);
        assertArrayEquals(new double[] {1.5, -7}, seen.features, text);
        Observation labelled = lenient.stream(bytes, RecordParts.ofValue(bytes));
        assertNotNull(labelled, text);
        assertArrayEquals(new double[] {1.5, Double.NaN}, labelled.features, text);
        assertEquals("a -7", labelled.by + " " + labelled.identity, text);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "\ufeff{}",
        "{} {}",
        "{}\"}",
        "{}tr}",
        "{\"a\":}",
        "{\"a\":{\"b\":}}",
        "{\"a\":[1,]}",
        "{\"a\":\"}"
      })
  void leavesTheRestAndGoesOn(String text) {
    RecordAssembler assembler = plain();
    byte[] good = ("{\"s\":\"a\"," + T + ",\"x\":1,\"y\":2}").getBytes(UTF_8);
    byte[] bad =
        text.replace("{\"a\"", "{\"s\":\"a\"," + T + ",\"x\":1,\"y\":2,\"a\"")
            .replace("{} ", new String(good, UTF_8) + " ")
            .replace("{}\"", new String(good, UTF_8) + "\"")
            .replace("{}t", new String(good, UTF_8) + "t")
            .getBytes(UTF_8);
    assertNull(assembler.stream(bad, RecordParts.ofValue(bad)));
    assertNotNull(assembler.stream(good, RecordParts.ofValue(good)));
  }

  @Test
  void manyNewNamesDoNotSpoilTheParser() {
    RecordAssembler assembler = plain();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes =
          ("{\"s\":\"a\","
                  + T
                  + ",\"x\":1,\"y\":"
                  + i
                  + ",\"n"
                  + i * 7919L
                  + "\":\""
                  + "v".repeat(i % 500)
                  + "\"}")
              .getBytes(UTF_8);
      Observation seen = assembler.stream(bytes, RecordParts.ofValue(bytes));
      assertNotNull(seen);
      assertEquals(i, seen.features[1]);
    }
  }

  @Test
  void readsEveryNumberAsTheDoubleNextToIt() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String digits = Long.toString((random.nextLong() >>> 1) >> random.nextInt(63));
      int point = random.nextInt(digits.length() + 1);
      String text =
          (random.nextBoolean() ? "-" : "")
              + (point == 0 ? "0" : digits.substring(0, point))
              + (point == digits.length() ? "" : "." + digits.substring(point))
              + (random.nextInt(4) == 0 ? "e" + (random.nextInt(700) - 350) : "");
      text = random.nextInt(8) == 0 ? number(random) : text;
      if (!Numbers.isDecimal(text)) {
        continue; // infinite or not a number
      }
      char[] padded = (" " + text + "9").toCharArray();
      assertEquals(
          Double.doubleToRawLongBits(Double.parseDouble(text)),
          Double.doubleToRawLongBits(Numbers.parse(padded, 1, text.length())),
          "seed " + SEED + ": " + text);
    }
  }

  @Test
  void tellsUtf8AsTheStrictDecoderDoes() {
    Random random = new Random(SEED);
    List<String> whole = List.of("a", "abcdefghij", "\u00e9", "\u20ac", "\ud83d\ude00", "\uffff");
    int sound = 0;
    for (int round = 0; round < ROUNDS; round++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int parts = random.nextInt(6); parts > 0; parts--) {
        out.writeBytes(one(whole, random).getBytes(UTF_8));
      }
      for (int bad = random.nextInt(5) - 2; bad > 0; bad--) {
        out.write(random.nextBoolean() ? 0x80 + random.nextInt(128) : 0xE0 + random.nextInt(24));
        out.write(0x80 + random.nextInt(64));
        if (random.nextBoolean()) {
          out.write(0x80 + random.nextInt(64));
        }
      }
      byte[] bytes = out.toByteArray();
      boolean decodes = decodes(bytes);
      sound += decodes ? 1 : 0;
      assertEquals(decodes, Utf8.isValid(bytes), "seed " + SEED + ": " + Arrays.toString(bytes));
    }
    assertTrue(sound > 0 && sound < ROUNDS, sound + " of " + ROUNDS + ", seed " + SEED);
  }

  private static boolean decodes(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
