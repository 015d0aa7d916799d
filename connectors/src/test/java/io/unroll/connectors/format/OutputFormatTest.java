package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputFormatTest {

  private static final List<String> OUTPUTS = List.of("temp_max", "temp_min");

  private static Prediction prediction() {
    Prediction prediction = new Prediction();
    prediction.series = "Seattle";
    prediction.sequence = "1325376000000";
    prediction.timestamp = 1325376000000L;
    prediction.output = new float[] {11.9f, 4.2f};
    prediction.model = "weather-temperature-gru@3f9a1c2e";
    prediction.origin = "weather/0@";
    prediction.position = 17;
    return prediction;
  }

  private static SequenceEvent closed() {
    SequenceEvent event = new SequenceEvent();
    event.series = "Seattle";
    event.sequence = "1325376000000";
    event.event = SequenceEvent.Event.CLOSED;
    event.reason = CloseReason.MAX_STEPS;
    event.steps = 30;
    event.first = 1325376000000L;
    event.last = 1327881600000L;
    event.input = "weather/0@46";
    event.model = "m@1";
    event.timestamp = 1327881600001L;
    return event;
  }

  private static String text(byte[] line) {
    return new String(line, UTF_8);
  }

  @Test
  void aPredictionIsTheDesignsJson() {
    OutputFormat json = new OutputFormat(RecordFormat.JSON, OUTPUTS, List.of());
    assertEquals(
        "{\"series\":\"Seattle\",\"sequence\":\"1325376000000\",\"step\":0,"
            + "\"timestamp\":1325376000000,\"kind\":\"step\","
            + "\"output\":{\"temp_max\":11.9,\"temp_min\":4.2},"
            + "\"model\":\"weather-temperature-gru@3f9a1c2e\",\"input\":\"weather/0@17\"}",
        text(json.prediction(prediction())));
    assertNull(json.predictionHeader());
    assertNull(json.sequenceHeader());
  }

  @Test
  void keptFieldsAreRawJson() {
    Prediction prediction = prediction();
    prediction.keep = new String[] {"1.10", "{\"a\":[1]}", "\"q\\\"\"", "null"};
    OutputFormat json = new OutputFormat(RecordFormat.JSON, OUTPUTS, List.of("a", "b", "c\"", "d"));
    String line = text(json.prediction(prediction));
    assertEquals(
        ",\"keep\":{\"a\":1.10,\"b\":{\"a\":[1]},\"c\\\"\":\"q\\\"\",\"d\":null}}",
        line.substring(line.indexOf(",\"keep\"")));
  }

  @ParameterizedTest
  @CsvSource({
    "11.9, 11.9",
    "0.1, 0.1",
    "-0.0, -0.0",
    "1e10, 1.0E10",
    "2e-3, 0.002",
    "1.17549435E-38, 1.1754944E-38",
    "3.4028235E38, 3.4028235E38",
    "1.4E-45, 1.4E-45",
    "2.0E-44, 2.0E-44",
    "16777216, 1.6777216E7"
  })
  void floatsAreShortestAndReadBackAsThemselves(float value, String expected) {
    assertEquals(expected, JsonLine.shortest(value));
    assertEquals(value, Float.parseFloat(JsonLine.shortest(value)));
  }

  @Test
  void aPredictionInCsv() {
    Prediction prediction = prediction();
    prediction.series = "Sea, \"ttle\"";
    prediction.kind = Prediction.Kind.FINAL;
    prediction.keep = new String[] {"\"a,b\"", "null", "[1,2]"};
    OutputFormat csv = new OutputFormat(RecordFormat.CSV, OUTPUTS, List.of("k", "n", "l"));
    assertEquals(
        "series,sequence,step,timestamp,kind,temp_max,temp_min,model,input,k,n,l",
        text(csv.predictionHeader()));
    assertEquals(
        "\"Sea, \"\"ttle\"\"\",1325376000000,0,1325376000000,final,11.9,4.2,"
            + "weather-temperature-gru@3f9a1c2e,weather/0@17,\"a,b\",,\"[1,2]\"",
        text(csv.prediction(prediction)));
  }

  @Test
  void sequencesOpenWithoutAndCloseWithAReason() {
    OutputFormat json = new OutputFormat(RecordFormat.JSON, OUTPUTS, List.of());
    assertEquals(
        "{\"series\":\"Seattle\",\"sequence\":\"1325376000000\",\"event\":\"closed\","
            + "\"reason\":\"max-steps\",\"steps\":30,\"first\":1325376000000,"
            + "\"last\":1327881600000,\"input\":\"weather/0@46\",\"model\":\"m@1\","
            + "\"timestamp\":1327881600001}",
        text(json.sequence(closed())));
    SequenceEvent opened = new SequenceEvent();
    opened.series = "a";
    assertEquals(
        "{\"series\":\"a\",\"sequence\":\"\",\"event\":\"opened\",\"steps\":0,\"first\":0,"
            + "\"last\":0,\"input\":\"\",\"model\":\"\",\"timestamp\":0}",
        text(json.sequence(opened)));
    OutputFormat csv = new OutputFormat(RecordFormat.CSV, OUTPUTS, List.of());
    assertEquals(
        "series,sequence,event,reason,steps,first,last,input,model,timestamp",
        text(csv.sequenceHeader()));
    assertEquals("a,,opened,,0,0,0,,,0", text(csv.sequence(opened)));
  }

  @Test
  void rejectedRecordsAreJsonInEitherFormat() {
    Rejected rejected = new Rejected();
    rejected.input = "weather.csv:3";
    rejected.reason = "x: expected a finite number, found \"\u2028\"";
    rejected.raw = new RawRecord(null, "a,\"b\"\t\u00e9".getBytes(UTF_8));
    for (RecordFormat format : RecordFormat.values()) {
      assertEquals(
          "{\"input\":\"weather.csv:3\",\"reason\":\"x: expected a finite number, found"
              + " \\\"\u2028\\\"\",\"raw\":\"a,\\\"b\\\"\\t\u00e9\"}",
          text(new OutputFormat(format, OUTPUTS, List.of()).rejected(rejected)));
    }
  }

  @Test
  void lateRecordsNameTheirWatermark() {
    OutputFormat json = new OutputFormat(RecordFormat.JSON, OUTPUTS, List.of());
    Rejected late = new Rejected();
    late.input = "w/0@3";
    late.series = "a";
    late.timestamp = 5L;
    late.reason = "late";
    late.watermark = 9L;
    assertEquals(
        "{\"input\":\"w/0@3\",\"series\":\"a\",\"timestamp\":5,\"reason\":\"late\","
            + "\"watermark\":9}",
        text(json.rejected(late)));
    late.raw = new RawRecord(null, null);
    assertEquals(
        ",\"watermark\":9,\"raw\":null}",
        text(json.rejected(late)).substring(text(json.rejected(late)).indexOf(",\"watermark")));
    late.raw = new RawRecord(null, new byte[] {(byte) 0xff, 0});
    assertEquals(
        ",\"watermark\":9,\"raw-base64\":\"/wA=\"}",
        text(json.rejected(late)).substring(text(json.rejected(late)).indexOf(",\"watermark")));
  }

  @Test
  void refusesAnotherNumberOfOutputsThanNames() {
    OutputFormat json = new OutputFormat(RecordFormat.JSON, List.of("a"), List.of());
    assertEquals(
        "prediction has 2 outputs, expected 1 as there are names",
        assertThrows(IllegalArgumentException.class, () -> json.prediction(prediction()))
            .getMessage());
  }

  @Test
  void longTextsAndControlCharactersSurvive() {
    assertArrayEquals(
        "\"\\u0000\\u001F\\n/\"".getBytes(UTF_8), Text.quote("\u0000\u001f\n/").getBytes(UTF_8));
  }
}
