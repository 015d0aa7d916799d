package io.unroll.job;

import io.unroll.connectors.file.FilePreview;
import io.unroll.connectors.record.Reading;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A {@link RandomPipeline} from a file to folders beside it. */
final class FilePlace implements RandomPipeline.Place {
  @Override
  public Map<String, Object> source(RandomPipeline pipeline) throws Exception {
    String name = "in" + (pipeline.records.csv ? ".csv" : ".jsonl");
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    if (pipeline.records.csv) {
      lines.writeBytes(pipeline.records.written.top());
    }
    for (RandomRecords.Row row : pipeline.records.rows) {
      lines.writeBytes(pipeline.records.bytes(row));
      lines.write('\n');
    }
    Files.write(pipeline.folder.resolve(name), lines.toByteArray());
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("file", Map.of("path", name));
    return source;
  }

  @Override
  public Map<String, Object> output(RandomPipeline pipeline, String output) {
    return Map.of("file", Map.of("path", "out/" + output));
  }

  @Override
  public boolean readsKafka() {
    return false;
  }

  @Override
  public List<Reading> first(RandomPipeline pipeline, PipelineJob job) throws Exception {
    Path in = pipeline.folder.resolve("in" + (pipeline.records.csv ? ".csv" : ".jsonl"));
    return FilePreview.first(in, job.reader(), pipeline.records.rows.size());
  }

  @Override
  public List<RandomPipeline.Text> written(RandomPipeline pipeline, String output)
      throws Exception {
    Path folder = pipeline.folder.resolve("out/" + output);
    List<RandomPipeline.Text> texts = new ArrayList<>();
    if (Files.exists(folder)) { // nothing came out
      try (Stream<Path> parts = Files.list(folder)) {
        for (Path part : parts.toList()) {
          texts.add(new RandomPipeline.Text(Files.readString(part), true));
        }
      }
    }
    return texts;
  }
}
