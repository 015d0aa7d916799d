package io.unroll.job.cli;

import io.unroll.connectors.kafka.AnswerTimeout;
import io.unroll.connectors.kafka.TopicLimits;
import io.unroll.connectors.kafka.TopicLimitsReader;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the topics of a pipeline's outputs take, and which outputs they would not take. */
final class OutputLimits {
  private OutputLimits() {}

  /**
   * A line for each topic, and warnings.
   *
   * @throws IOException if a broker does not answer, naming it
   */
  static List<String> of(Pipeline pipeline, AnswerTimeout timeout)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Pipeline.Sink sink = pipeline.sink();
    // These bear the timestamps of observations; what is rejected or late is made to fit.
    List<Pipeline.Output> stamped =
        Stream.of(sink.predictions(), sink.sequences(), sink.evaluations()).toList();
    for (Map.Entry<Pipeline.KafkaOutput, TopicLimits> topic : read(sink, timeout).entrySet()) {
      TopicLimits limits = topic.getValue();
      lines.add("takes         " + limits.topic() + ": " + limits);
      if (stamped.contains(topic.getKey())) {
        warn(pipeline, limits, warnings);
      }
    }
    lines.addAll(warnings);
    return lines;
  }

  private static Map<Pipeline.KafkaOutput, TopicLimits> read(
      Pipeline.Sink sink, AnswerTimeout timeout) throws IOException, InterruptedException {
    Map<Map<String, String>, List<Pipeline.KafkaOutput>> clusters = new LinkedHashMap<>();
    for (Pipeline.Output output : sink.outputs()) {
      if (output instanceof Pipeline.KafkaOutput kafka) {
        clusters.computeIfAbsent(kafka.properties(), p -> new ArrayList<>()).add(kafka);
      }
    }
    Map<Pipeline.KafkaOutput, TopicLimits> limits = new LinkedHashMap<>();
    for (Map.Entry<Map<String, String>, List<Pipeline.KafkaOutput>> cluster : clusters.entrySet()) {
      Map<String, TopicLimits> found =
          new TopicLimitsReader(cluster.getKey(), timeout)
              .read(
                  cluster.getValue().stream().map(Pipeline.KafkaOutput::topic).distinct().toList());
      for (Pipeline.KafkaOutput output : cluster.getValue()) {
        TopicLimits ofTopic = found.get(output.topic());
        if (ofTopic != null) {
          limits.put(output, ofTopic);
        }
      }
    }
    return limits;
  }

  private static void warn(Pipeline pipeline, TopicLimits limits, List<String> warnings) {
    Duration ahead = pipeline.source().bounds().maxAhead();
    String topic = "warning: topic '" + limits.topic() + "' takes records stamped at most ";
    if (ahead != null && ahead.toMillis() > limits.after()) {
      warnings.add(
          topic
              + TopicLimits.inWords(limits.after())
              + " ahead of the clock, source.max-ahead is "
              + TopicLimits.inWords(ahead.toMillis())
              + ": outputs between the two go to rejected; set message.timestamp.after.max.ms of the"
              + " topic higher, or source.max-ahead lower");
    }
    if (limits.before() != TopicLimits.UNBOUNDED) {
      warnings.add(
          topic
              + TopicLimits.inWords(limits.before())
              + " before the clock: outputs of older records go to rejected; set"
              + " message.timestamp.before.max.ms of the topic higher");
    }
  }
}
