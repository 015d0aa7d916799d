package io.unroll.job.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.kafka.TopicIds;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A submission that is to go on from a savepoint of another topic of the same name. */
@Timeout(180)
final class ClusterTopicsITCase {
  private static final Path MODEL =
      Path.of("../deploy/examples/models/eu-stock-quantiles-lstm.onnx").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void isRefusedBeforeItIsSubmitted() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      for (String topic : new String[] {"in", "out"}) {
        broker.createTopic(topic, 1);
      }
      broker.produce("in", "{\"s\":\"a\",\"t\":1700000000000,\"price\":100}");
      PipelineJob job = PipelineJob.load(pipeline(broker, ""));
      StreamExecutionEnvironment env =
          StreamExecutionEnvironment.createLocalEnvironment(job.configuration(new Configuration()));
      job.define(env);
      JobClient running = env.executeAsync("topics");
      while (broker.consumeText("out").isEmpty()) {
        Thread.sleep(50);
      }
      String savepoint =
          running
              .stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
              .get();
      Uuid then = broker.topicId("in");
      broker.deleteTopic("in");
      broker.createTopic("in", 1);

      PipelineJob again =
          PipelineJob.load(
              pipeline(broker, ", execution.state-recovery.path: \"" + savepoint + "\""));
      PrintWriter nowhere = new PrintWriter(new StringWriter());
      assertEquals(
          "topics: not submitted: topic 'in' was deleted and created anew since the checkpoint (id "
              + then
              + " then, "
              + broker.topicId("in")
              + " now): its offsets point into other records\n"
              + TopicIds.WAYS_OUT,
          assertThrows(
                  RunFailedException.class,
                  () ->
                      new ClusterRun()
                          .run(
                              PipelineJobs.of(again),
                              new PipelineRunner.Options(false, false),
                              nowhere,
                              nowhere))
              .getMessage());
    }
  }

  private Path pipeline(EmbeddedBroker broker, String flink) throws Exception {
    return Files.writeString(
        folder.resolve("topics.yaml"),
        """
        version: 1
        name: topics
        kafka: {bootstrap.servers: "%s"}
        source:
          kafka: {topics: [in], group.id: g}
          format: json
        observation: {series: s, timestamp: t, features: [price]}
        model: {onnx: %s, outputs: [q05, q50, q95]}
        sink:
          delivery: at-least-once
          predictions: {kafka: {topic: out}}
        flink: {execution.checkpointing.interval: 300 ms, parallelism.default: 1%s}
        """
            .formatted(broker.bootstrapServers(), MODEL, flink));
  }
}
