package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.operator.Operators;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

/** What savepoints know of a job: its uids, fixed from the first release. */
final class JobGraphTest {
  private static StreamGraph graph(String example) throws Exception {
    PipelineJob job = PipelineJob.load(Path.of("../deploy/examples").resolve(example));
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(job.configuration(new Configuration()));
    job.define(env);
    return env.getStreamGraph();
  }

  private static Set<String> uids(StreamGraph graph) {
    Set<String> uids = new TreeSet<>();
    for (StreamNode node : graph.getStreamNodes()) {
      assertTrue(node.getTransformationUID() != null, node.getOperatorName() + " has no uid");
      assertTrue(uids.add(node.getTransformationUID()), node.getTransformationUID() + " twice");
    }
    return uids;
  }

  @Test
  void aPipelineOfFilesHasTheseUids() throws Exception {
    assertEquals(
        Set.of(
            "weather-source",
            "weather-observations",
            "weather-sequences",
            "weather-predictions",
            "Sink Committer: weather-predictions",
            "weather-sequence-events",
            "Sink Committer: weather-sequence-events",
            "weather-rejected",
            "Sink Committer: weather-rejected",
            "weather-late",
            "Sink Committer: weather-late",
            "weather-evaluations",
            "Sink Committer: weather-evaluations"),
        uids(graph("weather.yaml")));
  }

  @Test
  void aPipelineOfTopicsHasOneSinkForAllOutputs() throws Exception {
    assertEquals(
        Set.of(
            "weather-kafka-source",
            "weather-kafka-observations",
            "weather-kafka-sequences",
            "weather-kafka-predictions",
            "weather-kafka-sequence-events",
            "weather-kafka-rejected",
            "weather-kafka-late",
            "weather-kafka-kafka",
            "Sink Committer: weather-kafka-kafka"),
        uids(graph("kafka/weather.yaml")));
  }

  /** Or Flink would deal a file's lines out in turns, and a series would lose its order. */
  @Test
  void aFilesRecordsStayInOneLineUpToTheirKey() throws Exception {
    for (String example : List.of("weather.yaml", "indices.yaml", "months.yaml")) {
      StreamNode observations = node(graph(example), "-observations");
      assertEquals(1, observations.getParallelism());
      assertEquals(1, observations.getInEdges().size());
      assertEquals(
          "FORWARD", observations.getInEdges().get(0).getPartitioner().toString(), example);
    }
  }

  private static StreamNode node(StreamGraph graph, String uidSuffix) {
    return graph.getStreamNodes().stream()
        .filter(node -> node.getTransformationUID().endsWith(uidSuffix))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theOperatorCanBeSpreadOver256Slots() throws Exception {
    assertEquals(256, Operators.MAX_PARALLELISM);
    assertEquals(256, node(graph("weather.yaml"), "-sequences").getMaxParallelism());
  }
}
