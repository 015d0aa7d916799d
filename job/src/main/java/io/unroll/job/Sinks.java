package io.unroll.job;

import io.unroll.connectors.file.FileOutputs;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.kafka.KafkaOutputs;
import io.unroll.connectors.kafka.KafkaSinkSettings;
import io.unroll.connectors.kafka.OutboundRecord;
import io.unroll.connectors.kafka.TransactionalIds;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.job.operator.Outputs;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.state.Accounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sinks that a pipeline file names. Kafka outputs with the same client properties share one
 * sink, so that a checkpoint commits them together.
 */
final class Sinks implements PipelineSinks {
  private static final String PREDICTIONS = "predictions";
  private static final String SEQUENCES = "sequence-events"; // "sequences" is the operator
  private static final String EVALUATIONS = "evaluations";
  private static final String REJECTED = "rejected";
  private static final String LATE = "late";

  private final Pipeline pipeline;
  private final Accounts accounts;
  private final OutputFormat format;
  private final Map<Map<String, String>, String> suffixes;
  private final Map<Map<String, String>, KafkaGroup> kafka = new LinkedHashMap<>();

  /** Of each output that goes to a topic: what the topic cannot take. */
  private final List<DataStream<Rejected>> unwritable = new ArrayList<>();

  /**
   * Outputs that share a sink.
   *
   * @param suffix of its uid and transactional ids
   */
  private record KafkaGroup(String suffix, DataStream<OutboundRecord> records) {
    KafkaGroup with(KafkaGroup other) {
      return new KafkaGroup(suffix, records.union(other.records));
    }
  }

  Sinks(PipelineJob job, Accounts accounts) {
    this.pipeline = job.pipeline();
    this.accounts = accounts;
    this.format = job.outputFormat();
    this.suffixes = suffixes(pipeline.sink());
  }

  /**
   * By the client properties of outputs that share a sink, the suffix of its uid and transactional
   * ids: none for the group of the predictions, else its first output's name, so that it does not
   * depend on the other groups.
   */
  private static Map<Map<String, String>, String> suffixes(Pipeline.Sink sink) {
    Map<Map<String, String>, String> suffixes = new LinkedHashMap<>();
    addSuffix(suffixes, "", sink.predictions());
    addSuffix(suffixes, "-" + SEQUENCES, sink.sequences());
    addSuffix(suffixes, "-" + EVALUATIONS, sink.evaluations());
    addSuffix(suffixes, "-" + REJECTED, sink.rejected());
    addSuffix(suffixes, "-" + LATE, sink.late());
    return suffixes;
  }

  private static void addSuffix(
      Map<Map<String, String>, String> suffixes, String suffix, Pipeline.@Nullable Output output) {
    if (output instanceof Pipeline.KafkaOutput topic) {
      suffixes.putIfAbsent(topic.properties(), suffix);
    }
  }

  /** How each Kafka sink of a pipeline writes. */
  static List<KafkaSinkSettings> kafka(Pipeline pipeline) {
    return suffixes(pipeline.sink()).entrySet().stream()
        .map(group -> settings(pipeline, group.getKey(), group.getValue()))
        .toList();
  }

  @Override
  public void attach(Unroll.Streams streams) {
    Pipeline.Sink sink = pipeline.sink();
    OutputFormat format = this.format;
    attach(
        new Output<>("predictions", "prediction", PREDICTIONS, Prediction::input),
        streams.predictions(),
        sink.predictions(),
        folder -> FileOutputs.predictions(folder, format),
        topic -> prediction -> KafkaOutputs.prediction(topic, prediction, format));
    attach(
        new Output<>("sequences", "sequence event", SEQUENCES, event -> event.input),
        streams.sequences(),
        sink.sequences(),
        folder -> FileOutputs.sequences(folder, format),
        topic -> event -> KafkaOutputs.sequence(topic, event, format));
    attach(
        new Output<>("evaluations", "evaluation", EVALUATIONS, Evaluation::input),
        streams.evaluations(),
        sink.evaluations(),
        folder -> FileOutputs.evaluations(folder, format),
        topic -> evaluation -> KafkaOutputs.evaluation(topic, evaluation, format));
    DataStream<Rejected> rejected = streams.rejected();
    for (DataStream<Rejected> more : unwritable) {
      rejected = rejected.union(more);
    }
    attach(
        new Output<>("rejected", "rejected record", REJECTED, null),
        rejected,
        sink.rejected(),
        folder -> FileOutputs.rejected(folder, format),
        topic -> reject -> KafkaOutputs.rejected(topic, reject));
    attach(
        new Output<>("late", "late record", LATE, null),
        streams.late(),
        sink.late(),
        folder -> FileOutputs.rejected(folder, format),
        topic -> late -> KafkaOutputs.rejected(topic, late));
    attachKafka();
    if (sink.rejected() == null) {
      rejected
          .flatMap(new RejectedLog())
          .returns(Rejected.class)
          .name(pipeline.name() + ": rejected log")
          .uid(pipeline.name() + "-rejected-log");
    }
  }

  /**
   * One of the outputs.
   *
   * @param name in the pipeline file
   * @param what one of its records is called
   * @param uid of its operator, behind the pipeline's name: {@code sequences} is the operator
   * @param input where in the source a record's observation was; null for what is rejected or late
   */
  private record Output<T>(
      String name, String what, String uid, TopicOutput.@Nullable Input<T> input) {}

  private interface FileSinkOf<T> {
    Sink<T> in(Path folder);
  }

  private interface OutboundOf<T> {
    MapFunction<T, OutboundRecord> to(String topic);
  }

  private <T> void attach(
      Output<T> output,
      DataStream<T> stream,
      Pipeline.@Nullable Output target,
      FileSinkOf<T> files,
      OutboundOf<T> outbound) {
    String name = pipeline.name() + ": " + output.uid();
    String uid = pipeline.name() + "-" + output.uid();
    if (target instanceof Pipeline.FileOutput file) {
      stream.sinkTo(files.in(new Path(file.path().toUri()))).name(name).uid(uid);
    } else if (target instanceof Pipeline.KafkaOutput topic) {
      SingleOutputStreamOperator<OutboundRecord> records =
          stream
              .process(
                  new TopicOutput<>(
                      new TopicOutput.Target(
                          output.name(), output.what(), topic.topic(), topic.properties()),
                      accounts,
                      outbound.to(topic.topic()),
                      output.input()),
                  TypeInformation.of(OutboundRecord.class))
              .name(name)
              .uid(uid);
      unwritable.add(records.getSideOutput(Outputs.REJECTED));
      String suffix = Objects.requireNonNull(suffixes.get(topic.properties()));
      kafka.merge(topic.properties(), new KafkaGroup(suffix, records), KafkaGroup::with);
    }
  }

  private void attachKafka() {
    kafka.forEach(
        (properties, group) ->
            group
                .records()
                .sinkTo(KafkaOutputs.sink(settings(pipeline, properties, group.suffix())))
                .name(pipeline.name() + ": kafka" + group.suffix())
                .uid(pipeline.name() + "-kafka" + group.suffix()));
  }

  private static KafkaSinkSettings settings(
      Pipeline pipeline, Map<String, String> properties, String suffix) {
    return new KafkaSinkSettings(
        switch (pipeline.sink().delivery()) {
          case EXACTLY_ONCE -> KafkaSinkSettings.Delivery.EXACTLY_ONCE;
          case AT_LEAST_ONCE -> KafkaSinkSettings.Delivery.AT_LEAST_ONCE;
        },
        TransactionalIds.ofPipeline(pipeline.name(), suffix).prefix(),
        properties);
  }
}
