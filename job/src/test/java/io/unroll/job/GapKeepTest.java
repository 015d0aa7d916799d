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
 * Steps that are filled in beside kept fields: nobody kept anything for them, so each field is
 * there and empty. The model's outputs are the value that it saw and the number of steps.
 */
final class GapKeepTest {
  @TempDir private Path folder;

  @Test
  void inJson() throws Exception {
    assertEquals(
        List.of(
            "0 {y0:1.0,y1:1.0} {note:a}",
            "1 filled {y0:1.0,y1:2.0} {note:null}",
            "2 filled {y0:1.0,y1:3.0} {note:null}",
            "3 {y0:4.0,y1:4.0} {note:b}",
            "4 {y0:5.0,y1:5.0} {note:c}"),
        run("json").stream()
            .map(line -> line.replace("\"", ""))
            .map(
                line ->
                    line.replaceFirst(
                        ".*,step:(\\d).*kind:step(,filled:true)?.*output:(\\{.*\\}),model.*,keep:(.*)\\}",
                        "$1$2 $3 $4"))
            .map(line -> line.replace(",filled:true", " filled"))
            .toList());
  }

  @Test
  void inCsv() throws Exception {
    List<String> lines = run("csv");
    assertEquals(
        "series,sequence,step,timestamp,kind,filled,warming,y0,y1,model,input,note", lines.get(0));
    assertEquals(
        List.of(
            "0 false 1.0,1.0 a",
            "1 true 1.0,2.0 ",
            "2 true 1.0,3.0 ",
            "3 false 4.0,4.0 b",
            "4 false 5.0,5.0 c"),
        lines.stream()
            .skip(1)
            .map(
                line ->
                    line.replaceFirst(
                        "m,\\d+,(\\d),\\d+,step,(\\w+),false,([^,]*,[^,]*),[^,]*,[^,]*,",
                        "$1 $2 $3 "))
            .toList());
  }

  /** The lines of the predictions. */
  private List<String> run(String format) throws Exception {
    try (InputStream model = GapKeepTest.class.getResourceAsStream("/models/echo1.onnx")) {
      Files.write(
          folder.resolve("echo1.onnx"), Objects.requireNonNull(model, "echo1.onnx").readAllBytes());
    }
    Files.writeString(
        folder.resolve("in.csv"),
        """
        id,at,v,note
        m,1700000000000,1,a
        m,1700000180000,4,b
        m,1700000240000,5,c
        """);
    PipelineJob job =
        PipelineJob.load(
            Files.writeString(
                folder.resolve("p.yaml"),
                """
                version: 1
                name: gap-keep
                source: {file: {path: in.csv}, format: csv}
                observation: {series: id, timestamp: at, features: [v], keep: {note: note}}
                sequence: {gap: {expect: 1 min, fill: previous, at-most: 5}}
                model: {onnx: echo1.onnx}
                emit: {on: step}
                sink: {format: %s, predictions: {file: {path: out}}}
                """
                    .formatted(format)));
    try (TestCluster cluster = TestCluster.start(1)) {
      StreamExecutionEnvironment env = cluster.environment(job, new Configuration(), 1);
      job.define(env);
      env.execute("gap-keep");
    }
    List<String> lines = new ArrayList<>();
    try (Stream<Path> parts = Files.list(folder.resolve("out"))) {
      for (Path part : parts.toList()) {
        lines.addAll(Files.readAllLines(part));
      }
    }
    return lines;
  }
}
