package io.unroll.job;

import io.unroll.connectors.file.FileOutputs;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.kafka.KafkaOutputs;
import io.unroll.connectors.kafka.KafkaSinkSettings;
import io.unroll.connectors.kafka.OutboundRecord;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.pipeline.Pipeline;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.jspecify.annotations.Nullable;

/**
 * The sinks that a pipeline file names. Kafka outputs with the same client properties share one
 * sink, so that a checkpoint commits them together.
 */
final class Sinks implements PipelineSinks {
  private final Pipeline pipeline;
  private final OutputFormat format;
  private final Map<Map<String, String>, KafkaGroup> kafka = new LinkedHashMap<>();

  /**
   * Outputs that share a sink.
   *
   * @param suffix of its uid and transactional ids: none for the group of the predictions, else its
   *     first output's name, so that it does not depend on the other groups
   */
  private record KafkaGroup(String suffix, DataStream<OutboundRecord> records) {
    KafkaGroup with(KafkaGroup other) {
      return new KafkaGroup(suffix, records.union(other.records));
    }
  }

  Sinks(PipelineJob job) {
    this.pipeline = job.pipeline();
    this.format = job.outputFormat();
  }

  @Override
  public void attach(Unroll.Streams streams) {
    Pipeline.Sink sink = pipeline.sink();
    OutputFormat format = this.format;
    attach(
        "predictions",
        streams.predictions(),
        sink.predictions(),
        folder -> FileOutputs.predictions(folder, format),
        topic -> prediction -> KafkaOutputs.prediction(topic, prediction, format));
    attach(
        "sequence-events", // "sequences" is the operator
        streams.sequences(),
        sink.sequences(),
        folder -> FileOutputs.sequences(folder, format),
        topic -> event -> KafkaOutputs.sequence(topic, event, format));
    attach(
        "evaluations",
        streams.evaluations(),
        sink.evaluations(),
        folder -> FileOutputs.evaluations(folder, format),
        topic -> evaluation -> KafkaOutputs.evaluation(topic, evaluation, format));
    attach(
        "rejected",
        streams.rejected(),
        sink.rejected(),
        folder -> FileOutputs.rejected(folder, format),
        topic -> rejected -> KafkaOutputs.rejected(topic, rejected));
    attach(
        "late",
        streams.late(),
        sink.late(),
        folder -> FileOutputs.rejected(folder, format),
        topic -> late -> KafkaOutputs.rejected(topic, late));
    attachKafka();
    if (sink.rejected() == null) {
      streams
          .rejected()
          .flatMap(new RejectedLog())
          .returns(Rejected.class)
          .name(pipeline.name() + ": rejected log")
          .uid(pipeline.name() + "-rejected-log");
    }
  }

  private interface FileSinkOf<T> {
    Sink<T> in(Path folder);
  }

  private interface OutboundOf<T> {
    MapFunction<T, OutboundRecord> to(String topic);
  }

  private <T> void attach(
      String output,
      DataStream<T> stream,
      Pipeline.@Nullable Output target,
      FileSinkOf<T> files,
      OutboundOf<T> outbound) {
    if (target instanceof Pipeline.FileOutput file) {
      stream
          .sinkTo(files.in(new Path(file.path().toUri())))
          .name(pipeline.name() + ": " + output)
          .uid(pipeline.name() + "-" + output);
    } else if (target instanceof Pipeline.KafkaOutput topic) {
      DataStream<OutboundRecord> records =
          stream
              .map(outbound.to(topic.topic()), TypeInformation.of(OutboundRecord.class))
              .name(pipeline.name() + ": " + output)
              .uid(pipeline.name() + "-" + output);
      String suffix = output.equals("predictions") ? "" : "-" + output;
      kafka.merge(topic.properties(), new KafkaGroup(suffix, records), KafkaGroup::with);
    }
  }

  private void attachKafka() {
    kafka.forEach(
        (properties, group) ->
            group
                .records()
                .sinkTo(KafkaOutputs.sink(settings(properties, group.suffix())))
                .name(pipeline.name() + ": kafka" + group.suffix())
                .uid(pipeline.name() + "-kafka" + group.suffix()));
  }

  private KafkaSinkSettings settings(Map<String, String> properties, String suffix) {
    return new KafkaSinkSettings(
        switch (pipeline.sink().delivery()) {
          case EXACTLY_ONCE -> KafkaSinkSettings.Delivery.EXACTLY_ONCE;
          case AT_LEAST_ONCE -> KafkaSinkSettings.Delivery.AT_LEAST_ONCE;
        },
        "unroll-" + pipeline.name() + suffix,
        properties);
  }
}
