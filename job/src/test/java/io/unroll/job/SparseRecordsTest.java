package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A device that says one value a record. The model's outputs are the two values that it saw and the
 * number of steps.
 */
final class SparseRecordsTest {
  @TempDir private Path folder;

  @Test
  void withAKeptSeriesTheValuesOfRejectedRecordsOpenItsSequence() throws Exception {
    run("sequence: {keep-series-for: 1 h}\n");
    assertEquals(
        List.of(
            "0 {y0:20.5,y1:60.0,y2:1.0}",
            "1 {y0:21.5,y1:60.0,y2:2.0}",
            "2 {y0:21.5,y1:61.0,y2:3.0}"),
        lines("predictions").stream()
            .map(line -> line.replaceFirst(".*,step:(\\d).*output:(\\{.*\\}),model.*", "$1 $2"))
            .toList());
    assertEquals(
        List.of(
            "in.jsonl:1 feature 'hum': found no value, and none before it: the other values of this"
                + " record are remembered for the next one"),
        rejected());
  }

  @Test
  void withoutItEveryRecordIsRejectedAndSaysTheWayOut() throws Exception {
    run("");
    assertEquals(List.of(), lines("predictions"));
    String reason =
        "feature '%s': found no value, and none before it: to remember the other values of this"
            + " record for the next one, say sequence.keep-series-for";
    assertEquals(
        List.of(
            "in.jsonl:1 " + reason.formatted("hum"),
            "in.jsonl:2 " + reason.formatted("temp"),
            "in.jsonl:3 " + reason.formatted("hum"),
            "in.jsonl:4 " + reason.formatted("temp")),
        rejected());
  }

  private void run(String sequence) throws Exception {
    try (InputStream model = SparseRecordsTest.class.getResourceAsStream("/echo2.onnx")) {
      Files.write(
          folder.resolve("echo2.onnx"), Objects.requireNonNull(model, "echo2.onnx").readAllBytes());
    }
    Files.writeString(
        folder.resolve("in.jsonl"),
        """
        {"d":"d1","ts":1772445600000,"temp":20.5}
        {"d":"d1","ts":1772445600000,"hum":60}
        {"d":"d1","ts":1772445601000,"temp":21.5}
        {"d":"d1","ts":1772445601000,"hum":61}
        """);
    PipelineJob job =
        PipelineJob.load(
            Files.writeString(
                folder.resolve("p.yaml"),
                """
                version: 1
                name: sparse
                source: {file: {path: in.jsonl}, format: json}
                observation:
                  series: d
                  timestamp: ts
                  features: [{field: temp, missing: previous}, {field: hum, missing: previous}]
                %smodel: {onnx: echo2.onnx}
                emit: {on: step}
                sink:
                  format: json
                  predictions: {file: {path: predictions}}
                  rejected: {file: {path: rejected}}
                """
                    .formatted(sequence)));
    try (TestCluster cluster = TestCluster.start(1)) {
      StreamExecutionEnvironment env = cluster.environment(job, new Configuration(), 1);
      job.define(env);
      env.execute("sparse");
    }
  }

  private List<String> rejected() throws Exception {
    return lines("rejected").stream()
        .map(line -> line.replaceFirst(".*input:([^,]*),.*reason:(.*),raw:.*", "$1 $2"))
        .toList();
  }

  /** Of an output, without quotes. */
  private List<String> lines(String output) throws Exception {
    List<String> lines = new ArrayList<>();
    if (Files.exists(folder.resolve(output))) {
      try (Stream<Path> parts = Files.list(folder.resolve(output))) {
        for (Path part : parts.toList()) {
          lines.addAll(Files.readAllLines(part));
        }
      }
    }
    return lines.stream().map(line -> line.replace("\"", "")).toList();
  }
}
