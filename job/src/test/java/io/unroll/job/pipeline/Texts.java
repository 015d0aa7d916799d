package io.unroll.job.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Good pipeline files for tests to spoil. Their input is {@code in.csv}. */
final class Texts {
  private Texts() {}

  /** Makes the files that the texts name. */
  static void makeFiles(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("models"));
    Files.createDirectories(directory.resolve("feeds"));
    for (String file :
        List.of(
            "model.onnx",
            "decoder.onnx",
            "in.csv",
            "models/weather-temperature-gru.onnx",
            "feeds/eu-stock-indices.csv")) {
      Files.createFile(directory.resolve(file));
    }
    Files.writeString(directory.resolve("scalers.csv"), SCALERS);
  }

  /**
   * What {@code scale: {from: scalers.csv}} reads: columns and rows in any order, a row for all.
   */
  static final String SCALERS =
      """
      feature,std,series,rows,mean
      x,2,A,100,10
      open,0.5,A,100,1e2
      x,4,default,,-20
      x,1,B|C,80,+.5
      low,1,A,100,0
      """;

  /** The least that runs; from a file to files. */
  static final String SMALL =
      """
      version: 1
      name: small
      source:
        file: {path: in.csv}
        format: csv
      observation:
        series: s
        timestamp: t
        features: [x]
      model:
        onnx: model.onnx
      sink:
        predictions: {file: {path: out}}
      """;

  /** From Kafka to Kafka. */
  static final String KAFKA =
      """
      version: 1
      name: small
      kafka:
        bootstrap.servers: localhost:9092
      source:
        kafka:
          topics: [in]
          group.id: g
        format: json
      observation:
        series: s
        timestamp: t
        features: [x]
      model:
        onnx: model.onnx
      sink:
        predictions:
          kafka:
            topic: out
      """;
}
