package io.unroll.connectors.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.EmbeddedFlink;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.format.csv.CsvFormat;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.RawRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOutputsITCase {

  @TempDir private Path folder;

  @Test
  void aBoundedRunLeavesWholePartsOnly() throws Exception {
    OutputFormat csv = new OutputFormat(new CsvFormat(), List.of(), List.of());
    StreamExecutionEnvironment env = EmbeddedFlink.restartingOnce();
    SequenceEvent opened = new SequenceEvent();
    opened.series = "a,b";
    Rejected rejected = new Rejected();
    rejected.input = "in.csv:2";
    rejected.reason = "why";
    rejected.raw = new RawRecord(null, "x".repeat(100_000).getBytes(UTF_8));
    env.fromData(opened, opened).sinkTo(FileOutputs.sequences(path("sequences"), csv));
    env.fromData(rejected, rejected).sinkTo(FileOutputs.rejected(path("rejected"), csv));
    Evaluation evaluation = new Evaluation();
    evaluation.series = "a";
    env.fromData(evaluation, evaluation).sinkTo(FileOutputs.evaluations(path("evaluations"), csv));
    env.execute();

    String header = "series,sequence,event,reason,steps,first,last,input,model,timestamp";
    String record = "\"a,b\",,opened,,0,0,0,,,0";
    List<List<String>> sequences = parts("sequences", ".csv");
    for (List<String> part : sequences) {
      assertEquals(header, part.get(0));
      assertEquals(List.of(record), part.subList(1, part.size()).stream().distinct().toList());
    }
    assertEquals(2, sequences.stream().mapToInt(part -> part.size() - 1).sum());
    List<List<String>> evaluations = parts("evaluations", ".csv");
    for (List<String> part : evaluations) {
      assertEquals(new String(csv.evaluationHeader(), UTF_8), part.get(0));
      assertEquals(
          List.of("a,,0,0,0,0,,,0.0,0.0,,,,0"),
          part.subList(1, part.size()).stream().distinct().toList());
    }
    assertEquals(2, evaluations.stream().mapToInt(part -> part.size() - 1).sum());
    String line =
        "{\"input\":\"in.csv:2\",\"reason\":\"why\",\"raw\":\"" + "x".repeat(100_000) + "\"}";
    assertEquals(
        List.of(line, line), parts("rejected", ".jsonl").stream().flatMap(List::stream).toList());
  }

  private org.apache.flink.core.fs.Path path(String name) {
    return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
  }

  /** The lines of each part; a checkpoint between two records gives two parts. */
  private List<List<String>> parts(String name, String suffix) throws IOException {
    List<List<String>> parts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      for (Path part : files.toList()) {
        String file = part.getFileName().toString();
        assertTrue(file.startsWith("part-") && file.endsWith(suffix), file);
        parts.add(Files.readAllLines(part));
      }
    }
    return parts;
  }
}
