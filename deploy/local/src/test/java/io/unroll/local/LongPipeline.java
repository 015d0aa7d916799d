package io.unroll.local;

import io.unroll.model.GoldenCase;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pipeline that runs for seconds and makes a checkpoint every 0.2 s. */
final class LongPipeline {
  static final int ROWS = 200_000;
  private static final int SERIES = 7;

  private LongPipeline() {}

  /** Writes everything; returns the pipeline file. */
  static Path write(Path folder) throws IOException {
    GoldenPipeline.writeModel(folder, GoldenCase.load("01-basic-rnn-cell"), "model");
    try (PrintWriter csv = new PrintWriter(Files.newBufferedWriter(folder.resolve("input.csv")))) {
      csv.println("series,timestamp,x0,x1,x2");
      for (int row = 0; row < ROWS; row++) {
        csv.println(
            "s"
                + row % SERIES
                + ','
                + (GoldenPipeline.START + row)
                + ','
                + row % 13 / 13f
                + ','
                + row % 17 / 17f
                + ",0.5");
      }
    }
    return Files.writeString(
        folder.resolve("long.yaml"),
        """
        version: 1
        name: long
        source:
          file: {path: input.csv}
          format: csv
        observation:
          series: series
          timestamp: timestamp
          features: [x0, x1, x2]
        sequence: {max-steps: 1000}
        model: {onnx: model.onnx}
        sink:
          predictions: {file: {path: out/predictions}}
          sequences: {file: {path: out/sequences}}
        flink:
          parallelism.default: 2
          state.backend.type: rocksdb
          execution.checkpointing.interval: 200 ms
        """);
  }
}
