package io.unroll.bench.kafka;

import io.unroll.bench.fork.ForkFolder;
import io.unroll.bench.fork.ForkedMain;
import io.unroll.bench.network.Networks;
import io.unroll.bench.stream.Counted;
import io.unroll.bench.stream.LocalFlink;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.kafka.KafkaObservations;
import io.unroll.connectors.kafka.KafkaOutputs;
import io.unroll.connectors.kafka.KafkaSinkSettings;
import io.unroll.connectors.kafka.KafkaSourceSettings;
import io.unroll.connectors.kafka.OutboundRecord;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import io.unroll.job.PipelineJob;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.Tuning;
import io.unroll.job.operator.Operators;
import io.unroll.job.state.Accounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The forked JVM's main class: a pipeline file from Kafka to Kafka, wired as Unroll wires it, with
 * its operator or with {@link WithoutModel} in its place.
 */
public final class KafkaRun {
  private static final int OUTPUTS = 2;
  private static final String NAME = "bench";

  private KafkaRun() {}

  /**
   * Entry point.
   *
   * @param args the run as JSON, and a folder for the pipeline file and checkpoints
   */
  public static void main(String[] args) {
    ForkedMain.say(
        () -> {
          ForkFolder.clearDead(Path.of(args[1]));
          Path folder = Files.createDirectories(ForkFolder.ofThisJvm(Path.of(args[1])));
          return Map.of(KafkaSpec.EVENTS, run(KafkaSpec.parse(args[0]), folder));
        });
  }

  private static double run(KafkaSpec spec, Path folder) throws Exception {
    PipelineJob job = PipelineJob.load(pipeline(spec, folder));
    Configuration configuration = job.configuration(LocalFlink.defaults());
    configuration.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        Duration.ofMillis(Math.round(spec.checkpointSeconds() * 1000)));
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(configuration);
    define(env, job, spec);
    LocalFlink flink = LocalFlink.start(env);
    return Counted.rate(flink, spec.warmSeconds(), spec.seconds(), spec.records());
  }

  /** As {@code PipelineJob.define}, with another operator where there is no model. */
  private static void define(StreamExecutionEnvironment env, PipelineJob job, KafkaSpec spec) {
    DataStream<Reading> readings =
        env.fromSource(
                KafkaObservations.source(
                    new KafkaSourceSettings(
                        List.of(Topics.INPUT),
                        NAME,
                        KafkaSourceSettings.Start.EARLIEST,
                        KafkaSourceSettings.Stop.NEVER,
                        Map.of("bootstrap.servers", spec.bootstrapServers())),
                    job.reader(),
                    job.pipeline().source().outOfOrder()),
                ReadingWatermarks.strategy(
                    job.pipeline().source().outOfOrder(), job.pipeline().source().idleAfter()),
                "source")
            .uid("source");
    DataStream<Observation> observations = Operators.observations(NAME, readings, Accounts.ALONE);
    DataStream<Prediction> predictions =
        spec.model()
            ? Operators.sequences(NAME, observations, sequences(job, spec), Accounts.ALONE)
            : observations
                .keyBy(observation -> observation.series, Types.STRING)
                .process(
                    new WithoutModel(job.model().id(), OUTPUTS),
                    TypeInformation.of(Prediction.class))
                .uid("without-model");
    OutputFormat format = job.outputFormat();
    String topic = spec.output();
    Counted.each(predictions)
        .map(
            prediction -> KafkaOutputs.prediction(topic, prediction, format),
            TypeInformation.of(OutboundRecord.class))
        .uid("predictions")
        .sinkTo(
            KafkaOutputs.sink(
                new KafkaSinkSettings(
                    KafkaSinkSettings.Delivery.EXACTLY_ONCE,
                    spec.output(),
                    Map.of("bootstrap.servers", spec.bootstrapServers()))))
        .uid("kafka");
  }

  private static SequenceConfig sequences(PipelineJob job, KafkaSpec spec) {
    SequenceConfig own = job.sequences();
    return own.with(
        new Tuning(
            spec.kernel(), Tuning.BATCH_SIZE, Tuning.BATCH_DELAY_MILLIS, Tuning.CACHE_BYTES));
  }

  private static Path pipeline(KafkaSpec spec, Path folder) throws Exception {
    Files.write(folder.resolve("model.onnx"), Networks.withHead(spec.neurons(), OUTPUTS).model());
    Path file = folder.resolve("bench.yaml");
    Files.writeString(
        file,
        """
        version: 1
        name: %s
        kafka: {bootstrap.servers: "%s"}
        source:
          kafka: {topics: [%s], group.id: %s, start: earliest}
          format: json
        observation:
          series: series
          timestamp: timestamp
          features: [x0, x1, x2, x3, x4, x5, x6, x7]
        sequence: {idle-timeout: 7 d}
        model: {onnx: model.onnx, outputs: [mean, spread]}
        emit: {on: step}
        sink:
          delivery: exactly-once
          format: json
          predictions: {kafka: {topic: %s}}
        """
            .formatted(NAME, spec.bootstrapServers(), Topics.INPUT, NAME, spec.output()));
    return file;
  }
}
