package io.unroll.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.kafka.KafkaOutputs;
import io.unroll.connectors.kafka.OutboundRecord;
import io.unroll.job.state.Accounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A savepoint of a job whose outputs were not judged and whose sink was Flink's own. */
final class SinkRestoreITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MODEL =
      Path.of("../deploy/examples/models/eu-stock-quantiles-lstm.onnx").toAbsolutePath();
  private static final String NAME = "restore";
  private static final long START = 1_700_000_000_000L;
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  @SuppressWarnings("try") // Flink's close may be interrupted
  void outputsGoOnFromASavepointOfFlinksOwnSink() throws Exception {
    MiniClusterConfiguration settings =
        new MiniClusterConfiguration.Builder()
            .withRandomPorts()
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(1)
            .build();
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        MiniCluster cluster = new MiniCluster(settings)) {
      cluster.start();
      for (String topic : List.of(NAME, NAME + "-predictions", NAME + "-rejected")) {
        broker.createTopic(topic, 1);
      }
      PipelineJob pipeline = PipelineJob.load(pipeline(broker));
      produce(broker, 0, 100);
      StreamExecutionEnvironment before = environment(pipeline);
      pipeline.define(
          Sources.of(pipeline, before),
          streams -> unjudged(pipeline, streams, broker),
          Accounts.ALONE);
      JobID job = cluster.submitJob(before.getStreamGraph().getJobGraph()).get().getJobID();
      await(() -> broker.consumeText(NAME + "-predictions").size() == 99);
      String savepoint =
          cluster
              .stopWithSavepoint(
                  job, folder.toUri().toString(), false, SavepointFormatType.CANONICAL)
              .get();

      produce(broker, 100, 200);
      StreamExecutionEnvironment after = environment(pipeline);
      pipeline.define(after);
      JobGraph graph = after.getStreamGraph().getJobGraph();
      // Nothing of the savepoint may be left over.
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, false));
      JobID restored = cluster.submitJob(graph).get().getJobID();
      await(() -> broker.consumeText(NAME + "-predictions").size() >= 199);
      cluster.cancelJob(restored).get();
      cluster.requestJobResult(restored).get();

      List<Integer> steps = new ArrayList<>();
      for (String line : broker.consumeText(NAME + "-predictions")) {
        steps.add(JSON.readTree(line).get("step").intValue());
      }
      assertEquals(IntStream.range(0, 199).boxed().toList(), steps);
    }
  }

  /** The wiring before outputs were judged, with its uids. */
  private static void unjudged(PipelineJob job, Unroll.Streams streams, EmbeddedBroker broker) {
    OutputFormat format = job.outputFormat();
    DataStream<OutboundRecord> predictions =
        streams
            .predictions()
            .map(
                prediction -> KafkaOutputs.prediction(NAME + "-predictions", prediction, format),
                TypeInformation.of(OutboundRecord.class))
            .uid(NAME + "-predictions");
    DataStream<OutboundRecord> rejected =
        streams
            .rejected()
            .map(
                reject -> KafkaOutputs.rejected(NAME + "-rejected", reject),
                TypeInformation.of(OutboundRecord.class))
            .uid(NAME + "-rejected");
    KafkaRecordSerializationSchema<OutboundRecord> schema =
        (record, context, timestamp) ->
            new ProducerRecord<>(record.topic, null, record.timestamp, record.key, record.value);
    predictions
        .union(rejected)
        .sinkTo(
            KafkaSink.<OutboundRecord>builder()
                .setBootstrapServers(broker.bootstrapServers())
                .setRecordSerializer(schema)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setProperty("transaction.timeout.ms", "900000")
                .setTransactionalIdPrefix("unroll-" + NAME)
                .build())
        .uid(NAME + "-kafka");
  }

  private static StreamExecutionEnvironment environment(PipelineJob job) {
    Configuration defaults = new Configuration();
    defaults.setString("execution.checkpointing.interval", "200 ms");
    defaults.setString("restart-strategy.type", "none");
    return StreamExecutionEnvironment.createLocalEnvironment(job.configuration(defaults));
  }

  private static void produce(EmbeddedBroker broker, int from, int to) {
    broker.produce(
        IntStream.range(from, to)
            .mapToObj(i -> "{\"s\":\"a\",\"t\":%d,\"price\":%d}".formatted(START + i, 100 + i % 7))
            .map(json -> new ProducerRecord<byte[], byte[]>(NAME, json.getBytes(UTF_8)))
            .toList());
  }

  private Path pipeline(EmbeddedBroker broker) throws Exception {
    return Files.writeString(
        folder.resolve(NAME + ".yaml"),
        """
        version: 1
        name: %1$s
        kafka: {bootstrap.servers: "%2$s"}
        source:
          kafka: {topics: [%1$s], group.id: %1$s, start: earliest}
          format: json
        observation:
          series: s
          timestamp: t
          features: [{field: price, transform: log-return, multiply-by: 100}]
        sequence: {}
        model: {onnx: %3$s}
        sink:
          predictions: {kafka: {topic: %1$s-predictions}}
          rejected: {kafka: {topic: %1$s-rejected}}
        flink: {parallelism.default: 1}
        """
            .formatted(NAME, broker.bootstrapServers(), MODEL));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + ANSWER_TIMEOUT.toNanos();
    while (!condition.call()) {
      assertTrue(System.nanoTime() < until, "does not come within " + ANSWER_TIMEOUT);
      Thread.sleep(50);
    }
  }
}
