package io.unroll.bench.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unroll.bench.fork.ForkedJvm;
import io.unroll.bench.fork.MeasurementException;
import io.unroll.bench.stream.JobSpec;
import java.nio.file.Path;
import java.util.Map;

/**
 * One run from topic to topic.
 *
 * @param model false for the same job without the model
 * @param neurons of the LSTM, two outputs behind it
 * @param kernel of ours, by name
 * @param output the topic
 * @param records in the input
 * @param checkpointSeconds between commits
 */
public record KafkaSpec(
    boolean model,
    int neurons,
    String kernel,
    String bootstrapServers,
    String output,
    long records,
    double warmSeconds,
    double seconds,
    double checkpointSeconds) {

  /** Observations a second, from topic to topic. */
  public static final String EVENTS = JobSpec.EVENTS;

  /** Runs it in a JVM of its own. */
  public Map<String, Double> measure(String what, Path folder, int heapMegabytes)
      throws MeasurementException, InterruptedException {
    return ForkedJvm.measure(
        what,
        folder,
        heapMegabytes,
        ForkedJvm.deadline(warmSeconds + seconds),
        KafkaRun.class,
        json(),
        folder.toString());
  }

  String json() {
    try {
      return new ObjectMapper().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static KafkaSpec parse(String json) {
    try {
      return new ObjectMapper().readValue(json, KafkaSpec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a run: " + json, e);
    }
  }
}
