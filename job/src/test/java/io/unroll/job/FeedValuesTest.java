package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files as people have them, through whole pipelines: what names a series, and what a value is. The
 * model gives back what it saw, and how many steps its sequence has had: {@code series time [seen]
 * count}.
 */
final class FeedValuesTest {
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
  void models() throws IOException {
    for (String echo : List.of("echo1.onnx", "echo2.onnx")) {
      Files.write(folder.resolve(echo), GoldenCase.bytes(echo));
    }
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** What comes of a file or a folder: the steps, and behind them what is rejected and why. */
  private List<String> run(String path, int inputs, String observation) throws Exception {
    PipelineJob job =
        PipelineJob.load(
            Files.writeString(
                folder.resolve("p.yaml"),
                """
                version: 1
                name: feed
                source: {file: {path: %s}, format: %s}
                observation: %s
                sequence: {max-steps: 1000}
                model: {onnx: echo%d.onnx}
                emit: {on: step}
                sink: {predictions: {file: {path: out}}, rejected: {file: {path: bad}}}
                """
                    .formatted(
                        path, path.endsWith(".jsonl") ? "json" : "csv", observation, inputs)));
    StreamExecutionEnvironment env = cluster.environment(job, new Configuration(), 1);
    job.define(env);
    env.execute("feed");
    List<String> said = new ArrayList<>();
    for (JsonNode prediction : lines("out")) {
      JsonNode output = prediction.get("output");
      List<String> seen = new ArrayList<>();
      for (int i = 0; i < inputs; i++) {
        seen.add(output.get("y" + i).asText());
      }
      said.add(
          "%s %s %s %d"
              .formatted(
                  prediction.get("series").asText(),
                  Instant.ofEpochMilli(prediction.get("timestamp").asLong()),
                  seen,
                  output.get("y" + inputs).asLong()));
    }
    for (JsonNode rejected : lines("bad")) {
      said.add(rejected.get("input").asText() + ": " + rejected.get("reason").asText());
    }
    return said;
  }

  private List<JsonNode> lines(String output) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(folder.resolve(output))) {
      try (Stream<Path> parts = Files.list(folder.resolve(output))) {
        for (Path part : parts.toList()) {
          for (String line : Files.readAllLines(part)) {
            lines.add(JSON.readTree(line));
          }
        }
      }
    }
    return lines;
  }

  /** One plant, and no column that names it. */
  @Test
  void aConstantSeries() throws Exception {
    write("in.csv", "at,v\n1700000000000,1\n");
    assertEquals(
        List.of("plant-1 2023-11-14T22:13:20Z [1.0] 1"),
        run("in.csv", 1, "{series: {value: plant-1}, timestamp: at, features: [v]}"));
  }

  /** One symbol a file, which is its name. */
  @Test
  void aFileNamesItsSeries() throws Exception {
    write(
        "dir/AAAA.csv",
        """
        Date,Adj Close,Volume
        2024-01-02,184.9,82488700
        2024-01-03,183.5,58414500
        """);
    write(
        "dir/BBBB.csv",
        """
        Date,Adj Close,Volume
        2024-01-02,50.5,82488700
        2024-01-03,183.5,58414500
        """);
    String observation =
        "{series: $file, timestamp: {field: Date, zone: America/New_York},"
            + " features: [Adj Close, Volume]}";
    List<String> first =
        List.of(
            "AAAA 2024-01-02T05:00:00Z [184.9, 8.24887E7] 1",
            "AAAA 2024-01-03T05:00:00Z [183.5, 5.84145E7] 2");
    assertEquals(
        Stream.concat(
                first.stream(),
                Stream.of(
                    "BBBB 2024-01-02T05:00:00Z [50.5, 8.24887E7] 1",
                    "BBBB 2024-01-03T05:00:00Z [183.5, 5.84145E7] 2"))
            .toList(),
        run("dir", 2, observation));
    Files.move(folder.resolve("out"), folder.resolve("out-of-folder"));
    assertEquals(first, run("dir/AAAA.csv", 2, observation));
  }

  /** Two columns, of which none names a series. */
  @Test
  void aSeriesThatIsAFile() throws Exception {
    write(
        "in.csv",
        """
        timestamp,value
        2014-04-01 00:00:00,20.0
        2014-04-01 00:05:00,21.0
        """);
    assertEquals(
        List.of("in 2014-04-01T00:00:00Z [20.0] 1", "in 2014-04-01T00:05:00Z [21.0] 2"),
        run(
            "in.csv",
            1,
            "{series: $file, timestamp: {field: timestamp, zone: UTC}, features: [value]}"));
  }

  /** The place is in front of the machine's name, and the records of others are rejected. */
  @Test
  void aPartOfAText() throws Exception {
    write(
        "in.csv",
        """
        tag,at,v
        hall-7/pump,1700000000000,1
        yard/pump,1700000000000,2
        """);
    assertEquals(
        List.of(
            "pump|7 2023-11-14T22:13:20Z [1.0] 1",
            "in.csv:3: tag: expected a text that matches hall-(\\d+)/.*, found \"yard/pump\""),
        run(
            "in.csv",
            1,
            "{series: [{field: tag, pattern: '.*/(.*)'}, {field: tag, pattern: 'hall-(\\d+)/.*'}],"
                + " timestamp: at, features: [v]}"));
  }
}
