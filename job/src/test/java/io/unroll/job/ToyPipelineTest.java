package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.format.toy.ToyFormat;
import io.unroll.job.pipeline.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A source format that nobody but its own class and one line in a list knows, in a whole pipeline
 * file.
 */
final class ToyPipelineTest {
  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    try (InputStream model = ToyPipelineTest.class.getResourceAsStream("/models/echo1.onnx")) {
      Files.write(
          folder.resolve("echo1.onnx"), Objects.requireNonNull(model, "echo1.onnx").readAllBytes());
    }
    Files.writeString(
        folder.resolve("in.toy"),
        """
        id=m at=1700000000000 v=1
        broken

        v=4 id=m at=1700000060000
        """);
  }

  private Path pipeline(String source, String value, String sink) throws IOException {
    return Files.writeString(
        folder.resolve("p.yaml"),
        """
        version: 1
        name: toy
        source: {file: {path: in.toy}, format: %s}
        observation: {series: id, timestamp: at, features: [%s]}
        sequence: {idle-timeout: 1 h}
        model: {onnx: echo1.onnx}
        emit: {on: step}
        sink: {format: %s, predictions: {file: {path: out}}, rejected: {file: {path: bad}}}
        """
            .formatted(source, value, sink));
  }

  private String refusal(Path pipeline) {
    return String.valueOf(
            assertThrows(PipelineException.class, () -> PipelineJob.load(pipeline)).getMessage())
        .replace(folder + "/", "");
  }

  @Test
  void runsByTheNameOfItsFormat() throws Exception {
    ToyFormat.listed(
        folder.resolve("jar"), () -> run(PipelineJob.load(pipeline("toy", "v", "json"))));
    List<String> predictions = lines("out");
    assertEquals(2, predictions.size(), predictions::toString);
    assertTrue(
        predictions.get(0).contains("\"output\":{\"y0\":1.0,\"y1\":1.0}"), predictions::toString);
    assertTrue(predictions.get(1).endsWith("\"input\":\"in.toy:4\"}"), predictions::toString);
    assertEquals(
        List.of(
            "{\"input\":\"in.toy:2\",\"reason\":\"expected key=value, found broken\","
                + "\"raw\":\"broken\"}"),
        lines("bad"));
  }

  private static void run(PipelineJob job) throws Exception {
    try (TestCluster cluster = TestCluster.start(1)) {
      StreamExecutionEnvironment env = cluster.environment(job, new Configuration(), 1);
      job.define(env);
      env.execute("toy");
    }
  }

  @Test
  void isKnownWhereItIsListedAlone() throws Exception {
    assertRefuses(
        "source.format: found 'toy', expected one of csv, json", pipeline("toy", "v", "json"));
    ToyFormat.listed(
        folder.resolve("jar"),
        () -> {
          assertRefuses(
              "source.format: found 'tyo', expected one of csv, json, toy; did you mean 'toy'?",
              pipeline("tyo", "v", "json"));
          assertRefuses(
              "observation.features[0]: found '/v', expected a name: records are key=value",
              pipeline("toy", "/v", "json"));
          assertRefuses(
              "sink.format: found 'toy', expected one of csv, json", pipeline("toy", "v", "toy"));
        });
  }

  private void assertRefuses(String words, Path pipeline) {
    String found = refusal(pipeline);
    assertTrue(found.contains(words), found);
  }

  private List<String> lines(String output) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> parts = Files.list(folder.resolve(output))) {
      for (Path part : parts.toList()) {
        lines.addAll(Files.readAllLines(part));
      }
    }
    return lines;
  }
}
