package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.model.GoldenCase;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pipelines that map CSV as people have it, from the file to predictions. The model's outputs are
 * the features that it saw and the number of steps.
 */
final class CsvPipelinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static TestCluster cluster;

  @TempDir private Path folder;

  @BeforeAll
  static void starts() throws Exception {
    cluster = TestCluster.start(1);
  }

  @AfterAll
  static void stops() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void models() throws Exception {
    for (String echo : List.of("echo1.onnx", "echo2.onnx")) {
      Files.write(folder.resolve(echo), GoldenCase.bytes(echo));
    }
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  /** "series [features] steps" of each prediction, in order. */
  private List<String> run(String file, String format, String observation, int inputs)
      throws Exception {
    Path pipeline =
        write(
            "p.yaml",
            """
            version: 1
            name: csv
            source:
              file: {path: %s}
              format: %s
              timestamp-between: [1970-01-01, 2100-01-01]
            observation: %s
            model: {onnx: echo%d.onnx}
            emit: {on: step}
            sink: {predictions: {file: {path: out}}}
            """
                .formatted(file, format, observation, inputs));
    PipelineJob job = PipelineJob.load(pipeline);
    StreamExecutionEnvironment env = cluster.environment(job, new Configuration(), 1);
    job.define(env);
    env.execute("csv");
    List<String> steps = new ArrayList<>();
    try (Stream<Path> parts = Files.list(folder.resolve("out"))) {
      for (Path part : parts.sorted().toList()) {
        for (String line : Files.readAllLines(part)) {
          steps.add(step(JSON.readTree(line), inputs));
        }
      }
    }
    return steps;
  }

  private static String step(JsonNode prediction, int inputs) {
    List<Double> features = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      features.add(prediction.get("output").get("y" + i).asDouble());
    }
    return prediction.get("series").asText()
        + " "
        + features
        + " "
        + prediction.get("output").get("y" + inputs).asInt();
  }

  /** Feed 14: the cycle is read as seconds since 1970 here. */
  @Test
  void blanksAndNoHeader() throws Exception {
    write(
        "in.txt",
        """
        1 1 -0.0007 -0.0004 100.0 518.67 641.82\s\s
        1 2 0.0019 -0.0003 100.0 518.67 642.15\s\s
        2 1 0.0010 0.0001 100.0 518.67 641.50\s\s
        """);
    assertEquals(
        List.of("1 [518.67, 641.82] 1", "1 [518.67, 642.15] 2", "2 [518.67, 641.5] 1"),
        run(
            "in.txt",
            "{csv: {delimiter: blanks, header: [unit, cycle, s1, s2, s3, t2, t24]}}",
            "{series: unit, timestamp: {field: cycle, unit: s}, features: [t2, t24]}",
            2));
  }

  /** Feeds 20 and 21, but for the pattern of its times, which are ISO here. */
  @Test
  void aPackedGermanExport() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(
          "Export\r\nZ\u00e4hler;Zeit;Verbrauch\r\nZ1;2023-10-29 02:00;1,234\r\nZ1;2023-10-29 02:15;1.000,5\r\n"
              .getBytes(Charset.forName("windows-1252")));
    }
    Files.write(folder.resolve("in.csv.gz"), packed.toByteArray());
    assertEquals(
        List.of("Z1 [1.234] 1", "Z1 [1000.5] 2"),
        run(
            "in.csv.gz",
            "{csv: {delimiter: \";\", decimal: \",\", thousands: \".\", skip: 1, encoding: cp1252}}",
            "{series: Z\u00e4hler, timestamp: {field: Zeit, zone: Europe/Berlin}, features: [Verbrauch]}",
            1));
  }

  /** Feed 45. */
  @Test
  void columnsByPlace() throws Exception {
    write("in.csv", "s1,1700000000000,21.5\ns1,1700000060000,22.5\ns1,1700000120000,23.5\n");
    assertEquals(
        List.of("s1 [21.5] 1", "s1 [22.5] 2", "s1 [23.5] 3"),
        run("in.csv", "{csv: {header: false}}", "{series: /0, timestamp: /1, features: [/2]}", 1));
  }

  /** Feed 46. */
  @Test
  void commentsAndRaggedRows() throws Exception {
    write(
        "in.csv",
        """
        # exported by x
        id,at,v
        m,1700000000000,1,
        # m,1700000000500,7
        m,1700000001000
        id,at,v
        m,1700000002000,3
        """);
    assertEquals(
        List.of("m [1.0] 1", "m [3.0] 2"),
        run("in.csv", "{csv: {comment: \"#\"}}", "{series: id, timestamp: at, features: [v]}", 1));
  }

  /** Feeds 69 and 70. */
  @Test
  void tabsBelowALineForSpreadsheets() throws Exception {
    write("in.tsv", "sep=\t\nid\tat\tv\nx\t1700000000000\t1\n");
    assertEquals(
        List.of("x [1.0] 1"),
        run(
            "in.tsv",
            "{csv: {delimiter: tab, skip: 1}}",
            "{series: id, timestamp: at, features: [v]}",
            1));
  }

  /** Feed 74: the day is the series here, as the file has no column for one. */
  @Test
  void thousands() throws Exception {
    write("in.csv", "Date,Close,Change\n2024-01-02,\"1,234.50\",+1.5%\n");
    assertEquals(
        List.of("2024-01-02 [1234.5] 1"),
        run(
            "in.csv",
            "{csv: {thousands: \",\"}}",
            "{series: Date, timestamp: {field: Date, zone: UTC}, features: [Close]}",
            1));
  }
}
