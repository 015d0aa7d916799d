package io.unroll.connectors.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.format.json.JsonFormat;
import io.unroll.connectors.record.Evaluation;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationLinesTest {

  private static final OutputFormat JSON = new OutputFormat(new JsonFormat(), List.of(), List.of());
  private static final OutputFormat CSV = new OutputFormat(new CsvFormat(), List.of(), List.of());

  private static Evaluation evaluation() {
    Evaluation evaluation = new Evaluation();
    evaluation.series = "Sea,ttle";
    evaluation.sequence = "1325376000000";
    evaluation.step = 16;
    evaluation.made = 1326758400000L;
    evaluation.timestamp = 1326844800000L;
    evaluation.output = "temp_max";
    evaluation.against = "temp \"max\"";
    evaluation.ahead = 1;
    evaluation.predicted = 0.1f;
    evaluation.actual = 12.8;
    evaluation.model = "m@1";
    evaluation.origin = "weather/0@";
    evaluation.position = 17;
    return evaluation;
  }

  private static String text(byte[] line) {
    return new String(line, UTF_8);
  }

  @Test
  void anEvaluationInJson() {
    Evaluation evaluation = evaluation();
    String start =
        "{\"series\":\"Sea,ttle\",\"sequence\":\"1325376000000\",\"step\":16,"
            + "\"made\":1326758400000,\"timestamp\":1326844800000,\"ahead\":1,"
            + "\"output\":\"temp_max\",\"against\":\"temp \\\"max\\\"\","
            + "\"predicted\":0.10000000149011612,\"actual\":12.8";
    String end = ",\"model\":\"m@1\",\"input\":\"weather/0@17\"}";
    assertEquals(start + end, text(JSON.evaluation(evaluation)));
    evaluation.persistence = 2e-3;
    assertEquals(start + ",\"persistence\":0.002" + end, text(JSON.evaluation(evaluation)));
    evaluation.quantile = 0.9;
    assertEquals(
        start + ",\"persistence\":0.002,\"quantile\":0.9" + end, text(JSON.evaluation(evaluation)));
    evaluation.persistence = Double.NaN;
    assertEquals(start + ",\"quantile\":0.9" + end, text(JSON.evaluation(evaluation)));
    assertNull(JSON.evaluationHeader());
  }

  @Test
  void anEvaluationInCsv() {
    Evaluation evaluation = evaluation();
    assertEquals(
        "series,sequence,step,made,timestamp,ahead,output,against,predicted,actual,persistence,"
            + "quantile,model,input",
        text(CSV.evaluationHeader()));
    String start =
        "\"Sea,ttle\",1325376000000,16,1326758400000,1326844800000,1,temp_max,"
            + "\"temp \"\"max\"\"\",0.10000000149011612,12.8,";
    assertEquals(start + ",,m@1,weather/0@17", text(CSV.evaluation(evaluation)));
    evaluation.persistence = 12;
    evaluation.quantile = 0.5;
    assertEquals(start + "12.0,0.5,m@1,weather/0@17", text(CSV.evaluation(evaluation)));
  }

  @Test
  void whatIsNotFiniteIsAText() {
    Evaluation evaluation = evaluation();
    evaluation.predicted = Double.POSITIVE_INFINITY;
    evaluation.actual = Double.NaN;
    evaluation.persistence = Double.NEGATIVE_INFINITY;
    String line = text(JSON.evaluation(evaluation));
    assertEquals(
        ",\"predicted\":\"Infinity\",\"actual\":\"NaN\",\"persistence\":\"-Infinity\"",
        line.substring(line.indexOf(",\"predicted\""), line.indexOf(",\"model\"")));
  }
}
