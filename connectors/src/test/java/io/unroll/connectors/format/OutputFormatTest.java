package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.CloseReason;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
    OutputFormat json = new OutputFormat(new JsonFormat(), OUTPUTS, List.of());
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
    OutputFormat json = new OutputFormat(new JsonFormat(), OUTPUTS, List.of("a", "b", "c\"", "d"));
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
    OutputFormat csv = new OutputFormat(new CsvFormat(), OUTPUTS, List.of("k", "n", "l"));
    assertEquals(
        "series,sequence,step,timestamp,kind,temp_max,temp_min,model,input,k,n,l",
        text(csv.predictionHeader()));
    assertEquals(
        "\"Sea, \"\"ttle\"\"\",1325376000000,0,1325376000000,final,11.9,4.2,"
            + "weather-temperature-gru@3f9a1c2e,weather/0@17,\"a,b\",,\"[1,2]\"",
        text(csv.prediction(prediction)));
  }

  /** Of a filled step: nobody kept anything for it. */
  @Test
  void withoutAnObservationEveryKeptFieldIsThereAndEmpty() {
    Prediction prediction = prediction();
    prediction.filled = true;
    assertNull(prediction.keep);
    List<String> keep = List.of("note", "n");
    String line = text(new OutputFormat(new JsonFormat(), OUTPUTS, keep).prediction(prediction));
    assertEquals(
        ",\"keep\":{\"note\":null,\"n\":null}}", line.substring(line.indexOf(",\"keep\"")));
    String row = text(new OutputFormat(new CsvFormat(), OUTPUTS, keep).prediction(prediction));
    assertEquals(",weather/0@17,,", row.substring(row.lastIndexOf(",weather/0@17")));
  }

  private static OutputFormat json(OutputFields outputs) {
    return new OutputFormat(new JsonFormat(), outputs, List.of());
  }

  /** What JSON says between the kind and the model. */
  private static String said(OutputFields outputs, Prediction prediction) {
    String line = text(json(outputs).prediction(prediction));
    return line.substring(line.indexOf(",\"kind\""), line.indexOf(",\"model\""));
  }

  @Test
  void aDecodersPredictionSaysHowFarAheadAndForWhen() {
    Prediction prediction = prediction();
    prediction.kind = Prediction.Kind.DECODED;
    prediction.ahead = 1;
    prediction.predicted = 1325376000000L;
    prediction.filled = true;
    prediction.warming = true;
    assertEquals(
        "{\"series\":\"Seattle\",\"sequence\":\"1325376000000\",\"step\":0,"
            + "\"timestamp\":1325376000000,\"kind\":\"decoded\",\"ahead\":1,"
            + "\"for\":1325376000000,\"filled\":true,\"warming\":true,"
            + "\"output\":{\"temp_max\":11.9,\"temp_min\":4.2},"
            + "\"model\":\"weather-temperature-gru@3f9a1c2e\",\"input\":\"weather/0@17\"}",
        text(json(OutputFields.named(OUTPUTS)).prediction(prediction)));
  }

  @Test
  void whatIsNotSetIsNotWritten() {
    OutputFields outputs = OutputFields.named(OUTPUTS).withDecoder().withMarks();
    String output = ",\"output\":{\"temp_max\":11.9,\"temp_min\":4.2}";
    Prediction prediction = prediction();
    assertEquals(",\"kind\":\"step\"" + output, said(outputs, prediction));
    prediction.kind = Prediction.Kind.FORECAST;
    prediction.ahead = 12;
    assertEquals(",\"kind\":\"forecast\",\"ahead\":12" + output, said(outputs, prediction));
    prediction.predicted = 0;
    assertEquals(
        ",\"kind\":\"forecast\",\"ahead\":12,\"for\":0" + output, said(outputs, prediction));
    prediction.ahead = 0;
    prediction.predicted = Prediction.NOT_PREDICTED;
    prediction.warming = true;
    assertEquals(",\"kind\":\"forecast\",\"warming\":true" + output, said(outputs, prediction));
  }

  @Test
  void aTokenComesWithItsScore() {
    Prediction prediction = prediction();
    prediction.token = 7;
    prediction.output = new float[] {0.93f};
    assertEquals(
        ",\"kind\":\"step\",\"output\":{\"token\":7,\"score\":0.93}",
        said(OutputFields.tokens(), prediction));
    prediction.token = 1;
    assertEquals(
        ",\"kind\":\"step\",\"output\":{\"label\":\"say \\\"up\\\"\",\"score\":0.93}",
        said(OutputFields.tokens(List.of("down", "say \"up\"")), prediction));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.2, 0.7, up, 0.7",
    "0.4, 0.4, 0.2, down, 0.4",
    "-1, -0.5, -0.5, flat, -0.5",
    "-0.0, 0, -1, down, -0.0"
  })
  void theLabelOfTheLargestOutputWinsAndTheFirstOfSeveral(
      float down, float flat, float up, String label, String score) {
    Prediction prediction = prediction();
    prediction.output = new float[] {down, flat, up};
    OutputFields labels = OutputFields.labels(List.of("down", "flat", "up"));
    assertEquals(
        ",\"kind\":\"step\",\"output\":{\"label\":\"" + label + "\",\"score\":" + score + "}",
        said(labels, prediction));
    OutputFormat csv = new OutputFormat(new CsvFormat(), labels, List.of());
    assertEquals(
        "Seattle,1325376000000,0,1325376000000,step,"
            + label
            + ","
            + score
            + ",weather-temperature-gru@3f9a1c2e,weather/0@17",
        text(csv.prediction(prediction)));
  }

  @Test
  void csvHasTheColumnsThatItWasMadeWith() {
    Prediction prediction = prediction();
    prediction.kind = Prediction.Kind.DECODED;
    prediction.ahead = 3;
    prediction.predicted = 1325376000001L;
    prediction.warming = true;
    OutputFields named = OutputFields.named(OUTPUTS);
    assertColumns(named, "", prediction, "");
    assertColumns(named.withDecoder(), "ahead,for,", prediction, "3,1325376000001,");
    assertColumns(named.withMarks(), "filled,warming,", prediction, "false,true,");
    assertColumns(
        named.withMarks().withDecoder(),
        "ahead,for,filled,warming,",
        prediction,
        "3,1325376000001,false,true,");
    Prediction step = prediction();
    step.kind = Prediction.Kind.DECODED;
    step.filled = true;
    assertColumns(
        named.withDecoder().withMarks(), "ahead,for,filled,warming,", step, ",,true,false,");
  }

  private static void assertColumns(
      OutputFields outputs, String names, Prediction prediction, String values) {
    OutputFormat csv = new OutputFormat(new CsvFormat(), outputs, List.of());
    assertEquals(
        "series,sequence,step,timestamp,kind," + names + "temp_max,temp_min,model,input",
        text(csv.predictionHeader()));
    assertEquals(
        "Seattle,1325376000000,0,1325376000000,decoded,"
            + values
            + "11.9,4.2,weather-temperature-gru@3f9a1c2e,weather/0@17",
        text(csv.prediction(prediction)));
  }

  @Test
  void labelsAndTokensInCsv() {
    Prediction prediction = prediction();
    prediction.output = new float[] {0.5f};
    prediction.token = 1;
    OutputFormat tokens = new OutputFormat(new CsvFormat(), OutputFields.tokens(), List.of());
    assertEquals(
        "series,sequence,step,timestamp,kind,token,score,model,input",
        text(tokens.predictionHeader()));
    assertEquals(
        "Seattle,1325376000000,0,1325376000000,step,1,0.5,"
            + "weather-temperature-gru@3f9a1c2e,weather/0@17",
        text(tokens.prediction(prediction)));
    OutputFormat labels =
        new OutputFormat(new CsvFormat(), OutputFields.tokens(List.of("a", "b,c")), List.of());
    assertEquals(
        "series,sequence,step,timestamp,kind,label,score,model,input",
        text(labels.predictionHeader()));
    assertEquals(
        "Seattle,1325376000000,0,1325376000000,step,\"b,c\",0.5,"
            + "weather-temperature-gru@3f9a1c2e,weather/0@17",
        text(labels.prediction(prediction)));
  }

  @Test
  void refusesOutputsThatAreNotAsDescribed() {
    Prediction prediction = prediction();
    assertRefuses(
        "prediction has 2 outputs, expected 3 as there are labels",
        OutputFields.labels(List.of("a", "b", "c")),
        prediction);
    assertRefuses(
        "prediction has 2 outputs, expected 1: the score of its token",
        OutputFields.tokens(),
        prediction);
    prediction.output = new float[] {1};
    assertRefuses("prediction has token -1, expected 0 or more", OutputFields.tokens(), prediction);
    OutputFields labels = OutputFields.tokens(List.of("a", "b"));
    assertRefuses("prediction has token -1, expected 0 or more", labels, prediction);
    prediction.token = 2;
    assertRefuses(
        "prediction has token 2, expected 0 to 1 as there are labels", labels, prediction);
  }

  private static void assertRefuses(String message, OutputFields outputs, Prediction prediction) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> json(outputs).prediction(prediction))
            .getMessage());
  }

  @Test
  void labelsAreThereToChooseFrom() {
    for (Executable none :
        List.<Executable>of(
            () -> OutputFields.labels(List.of()), () -> OutputFields.tokens(List.of()))) {
      assertEquals(
          "labels: found none, expected at least one",
          assertThrows(IllegalArgumentException.class, none).getMessage());
    }
    assertEquals(
        "tokens: found 1 names, expected none",
        assertThrows(
                IllegalArgumentException.class,
                () -> new OutputFields(OutputFields.Kind.TOKEN, List.of("a"), false, false))
            .getMessage());
  }

  @Test
  void everyReasonOfACloseHasItsWord() {
    assertEquals(
        List.of(
            "end",
            "idle",
            "max-steps",
            "end-of-input",
            "max-duration",
            "changed",
            "restarted",
            "close-at",
            "gap"),
        Arrays.stream(CloseReason.values()).map(CloseReason::label).toList());
  }

  @Test
  void sequencesOpenWithoutAndCloseWithAReason() {
    OutputFormat json = new OutputFormat(new JsonFormat(), OUTPUTS, List.of());
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
    OutputFormat csv = new OutputFormat(new CsvFormat(), OUTPUTS, List.of());
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
    for (Format format : Formats.all()) {
      assertEquals(
          "{\"input\":\"weather.csv:3\",\"reason\":\"x: expected a finite number, found"
              + " \\\"\u2028\\\"\",\"raw\":\"a,\\\"b\\\"\\t\u00e9\"}",
          text(new OutputFormat(format, OUTPUTS, List.of()).rejected(rejected)));
    }
  }

  @Test
  void lateRecordsNameTheirWatermark() {
    OutputFormat json = new OutputFormat(new JsonFormat(), OUTPUTS, List.of());
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
    OutputFormat json = new OutputFormat(new JsonFormat(), List.of("a"), List.of());
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
