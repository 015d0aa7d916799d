package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.SequenceEvent;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** What a line writes fast is what the plain way writes. */
class OutputLineTest {

  private static final int ROUNDS = 5_000;

  private static final long SEED = seed();

  private static final JsonMapper JSON = new JsonMapper();

  private static long seed() {
    String given = System.getProperty("seed", "");
    return given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
  }

  @Test
  void textsAreWhatThePlainWayMakesOfThem() throws JsonProcessingException {
    Random random = new Random(SEED);
    OutputLine line = new OutputLine();
    OutputFormat csv = new OutputFormat(new CsvFormat(), List.of(), List.of());
    for (int round = 0; round < ROUNDS; round++) {
      String text = text(random);
      String what = "seed " + SEED + ", round " + round + ": " + text;
      byte[] quoted = line.start().text("a").quoted(text).text("b").end();
      assertArrayEquals(("a" + Text.quote(text) + "b").getBytes(UTF_8), quoted, what);
      if (Text.isWellFormed(text)) {
        byte[] alone = line.start().quoted(text).end();
        assertArrayEquals(JSON.writeValueAsString(text).getBytes(UTF_8), alone, what);
      }
      assertArrayEquals(text.getBytes(UTF_8), line.start().text(text).end(), what);
      assertArrayEquals(cell(text).getBytes(UTF_8), csv.sequence(series(text)), what);
    }
  }

  private static SequenceEvent series(String text) {
    SequenceEvent event = new SequenceEvent();
    event.series = text;
    return event;
  }

  /** A row of {@link #series}. */
  private static String cell(String text) {
    boolean quoted = text.contains(",") || text.contains("\"") || text.contains("\n");
    quoted |= text.contains("\r");
    return (quoted ? '"' + text.replace("\"", "\"\"") + '"' : text) + ",,opened,,0,0,0,,,0";
  }

  private static String text(Random random) {
    int length = random.nextInt(random.nextInt(50) == 0 ? 100_000 : 12);
    int[] highest = {0x7F, 0x80, 0x10000};
    int bound = highest[random.nextInt(highest.length)];
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(
          random.nextInt(10) == 0
              ? ",\"\\\n/".charAt(random.nextInt(5))
              : (char) random.nextInt(bound));
    }
    return text.toString();
  }

  @Test
  void numbersReadBackAsThemselves() {
    Random random = new Random(SEED);
    OutputLine line = new OutputLine();
    for (int round = 0; round < ROUNDS; round++) {
      String what = "seed " + SEED + ", round " + round;
      long whole = random.nextLong() >> random.nextInt(64);
      assertEquals(Long.toString(whole), new String(line.start().number(whole).end(), UTF_8), what);
      float number = Float.intBitsToFloat(random.nextInt());
      String text = new String(line.start().number(number).end(), UTF_8);
      assertEquals(JsonLine.shortest(number), text, what);
      assertEquals(number, Float.parseFloat(text), what);
      double wide = Double.longBitsToDouble(random.nextLong());
      String wideText = new String(line.start().number(wide).end(), UTF_8);
      assertEquals(wide, Double.parseDouble(wideText), what);
      assertTrue(wideText.length() <= Double.toString(wide).length(), what);
    }
    for (long edge : new long[] {0, Long.MIN_VALUE, Long.MAX_VALUE, -1}) {
      assertEquals(Long.toString(edge), new String(line.start().number(edge).end(), UTF_8));
    }
  }

  @Test
  void formatsTravelInJobs() throws IOException, ClassNotFoundException {
    OutputFormat format =
        InstantiationUtil.clone(
            new OutputFormat(new JsonFormat(), List.of("a", "b\"\u00e9"), List.of("k", "l")));
    Prediction prediction = new Prediction();
    prediction.output = new float[] {1, Float.NaN};
    prediction.keep = new String[] {"1.0", "\"\u20ac\""};
    String first = new String(format.prediction(prediction), UTF_8);
    assertTrue(first.contains("\"output\":{\"a\":1.0,\"b\\\"\u00e9\":\"NaN\"}"), first);
    assertTrue(first.endsWith("\"keep\":{\"k\":1.0,\"l\":\"\u20ac\"}}"), first);
    assertEquals(first, new String(format.prediction(prediction), UTF_8));
  }

  @Test
  void descriptionsOfOutputsTravelWithTheFormat() throws IOException, ClassNotFoundException {
    Prediction prediction = new Prediction();
    prediction.output = new float[] {0.5f};
    prediction.token = 1;
    for (OutputFields outputs :
        List.of(
            OutputFields.tokens(List.of("a", "b")).withDecoder(),
            OutputFields.tokens().withMarks(),
            OutputFields.labels(List.of("only")).withDecoder().withMarks())) {
      for (Format format : Formats.all()) {
        OutputFormat one = new OutputFormat(format, outputs, List.of());
        OutputFormat other = InstantiationUtil.clone(one);
        assertArrayEquals(one.prediction(prediction), other.prediction(prediction));
        assertArrayEquals(one.predictionHeader(), other.predictionHeader());
      }
    }
  }
}
