package io.unroll.job.pipeline;

/** Good pipeline files for tests to spoil. Their model is {@code model.onnx}. */
final class Texts {
  private Texts() {}

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
