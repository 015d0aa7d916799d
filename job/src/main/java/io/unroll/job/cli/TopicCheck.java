package io.unroll.job.cli;

import io.unroll.connectors.file.FileLook.Looked;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.Oddities;
import io.unroll.connectors.kafka.AnswerTimeout;
import io.unroll.connectors.kafka.KafkaObservations;
import io.unroll.connectors.kafka.LiveProducers;
import io.unroll.connectors.record.Reading;
import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the broker says of a pipeline: do its topics exist, what do they take, what are the first
 * records, does a series span partitions. Reads only; joins no consumer group.
 *
 * @param lines for the report
 * @param problems what would make the job fail
 * @param first inputs of the source's oldest records, each an observation or a rejected record
 */
public record TopicCheck(List<String> lines, List<String> problems, List<Reading> first) {
  private static final AnswerTimeout ANSWER_TIMEOUT = AnswerTimeout.SHORT;
  private static final int SAMPLE = 2000;

  static TopicCheck of(PipelineJob job, int count) throws InterruptedException {
    TopicCheck check = empty();
    Pipeline pipeline = job.pipeline();
    for (Map.Entry<Map<String, String>, Collection<String>> cluster : topics(pipeline).entrySet()) {
      check.describe(
          cluster.getKey(),
          cluster.getValue(),
          cluster.getValue(),
          "; --offline checks without one");
    }
    if (check.problems.isEmpty()) {
      try {
        check.lines.addAll(OutputLimits.of(pipeline, ANSWER_TIMEOUT));
      } catch (IOException e) {
        check.problems.add(e.getMessage());
      }
    }
    if (check.problems.isEmpty()
        && pipeline.source().input() instanceof Pipeline.KafkaInput input) {
      check.sample(input, job.reader(), count);
    }
    if (check.problems.isEmpty()) {
      check.transactions(job);
    }
    return check;
  }

  /**
   * What would keep a run from starting, nothing if all is well: a broker that does not answer, or
   * a topic that is read and not there. Topics that are written a broker may make when they are.
   */
  public static List<String> obstacles(PipelineJob job) throws InterruptedException {
    TopicCheck check = empty();
    Pipeline pipeline = job.pipeline();
    for (Map.Entry<Map<String, String>, Collection<String>> cluster : topics(pipeline).entrySet()) {
      Collection<String> read =
          pipeline.source().input() instanceof Pipeline.KafkaInput input
                  && input.properties().equals(cluster.getKey())
              ? input.topics()
              : List.of();
      if (check.problems.isEmpty()) { // several sets of properties may be of one broker
        check.describe(cluster.getKey(), cluster.getValue(), read, "");
      }
    }
    return check.problems;
  }

  /** Whether there is a broker to ask: whether the source or an output is of Kafka. */
  public static boolean isNeeded(Pipeline pipeline) {
    return !topics(pipeline).isEmpty();
  }

  private static TopicCheck empty() {
    return new TopicCheck(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** By the cluster's properties. */
  private static Map<Map<String, String>, Collection<String>> topics(Pipeline pipeline) {
    Map<Map<String, String>, Collection<String>> topics = new LinkedHashMap<>();
    if (pipeline.source().input() instanceof Pipeline.KafkaInput input) {
      topics.computeIfAbsent(input.properties(), p -> new TreeSet<>()).addAll(input.topics());
    }
    pipeline.sink().outputs().forEach(output -> addTopic(topics, output));
    return topics;
  }

  private static void addTopic(
      Map<Map<String, String>, Collection<String>> topics, Pipeline.Output output) {
    if (output instanceof Pipeline.KafkaOutput kafka) {
      topics.computeIfAbsent(kafka.properties(), p -> new TreeSet<>()).add(kafka.topic());
    }
  }

  /**
   * Asks a cluster.
   *
   * @param needed those of {@code topics} whose absence is a problem
   * @param wayOut what to do where it does not answer
   */
  private void describe(
      Map<String, String> properties,
      Collection<String> topics,
      Collection<String> needed,
      String wayOut)
      throws InterruptedException {
    String servers = properties.getOrDefault("bootstrap.servers", "");
    try (Admin admin = Admin.create(ANSWER_TIMEOUT.quietClient(properties))) {
      Map<String, KafkaFuture<TopicDescription>> found =
          admin.describeTopics(topics).topicNameValues();
      for (String topic : topics) {
        try {
          TopicDescription description = Objects.requireNonNull(found.get(topic)).get();
          int partitions = description.partitions().size();
          lines.add(
              "topic         "
                  + topic
                  + ": "
                  + partitions
                  + (partitions == 1 ? " partition" : " partitions"));
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
            throw e;
          }
          if (needed.contains(topic)) {
            problems.add("topic '" + topic + "': not on broker " + servers + "; create it first");
          }
        }
      }
    } catch (ExecutionException | KafkaException e) {
      problems.add("broker " + servers + ": " + ANSWER_TIMEOUT.reason(e) + wayOut);
    }
  }

  /**
   * Says whether a run of this pipeline may be alive: one look cannot tell it from a killed one.
   */
  private void transactions(PipelineJob job) throws InterruptedException {
    try {
      List<String> open = LiveProducers.open(job.kafkaSinks());
      if (!open.isEmpty()) {
        lines.add(
            "transactions  of this pipeline are open now: "
                + String.join(", ", open)
                + "; a run of it is alive, or was killed");
      }
    } catch (KafkaException e) {
      lines.add("transactions  cannot be looked at: " + e.getMessage());
    }
  }

  /** Reads the oldest records of every partition. */
  private void sample(Pipeline.KafkaInput input, ObservationReader jobs, int count) {
    Oddities oddities = new Oddities();
    ObservationReader reader = jobs.telling(oddities);
    Map<String, Object> client = ANSWER_TIMEOUT.quietClient(input.properties());
    client.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    client.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    client.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    Map<String, TreeSet<String>> partitionsOf = new TreeMap<>();
    Map<TopicPartition, List<Reading>> read = new LinkedHashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(client)) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : input.topics()) {
        consumer.partitionsFor(topic, ANSWER_TIMEOUT.most()).stream()
            .map(PartitionInfo::partition)
            .sorted()
            .forEach(partition -> partitions.add(new TopicPartition(topic, partition)));
      }
      partitions.forEach(partition -> read.put(partition, new ArrayList<>()));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER_TIMEOUT.most());
      int sampled = 0;
      long asked = System.nanoTime();
      while (sampled < SAMPLE && !reached(consumer, ends)) {
        var batch = consumer.poll(Duration.ofMillis(200));
        if (!batch.isEmpty()) {
          asked = System.nanoTime();
        } else if (System.nanoTime() - asked > ANSWER_TIMEOUT.most().toNanos()) {
          problems.add("source: no records within " + ANSWER_TIMEOUT.most().toSeconds() + " s");
          break;
        }
        for (ConsumerRecord<byte[], byte[]> record : batch) {
          Reading reading = KafkaObservations.read(record, reader);
          TopicPartition partition = new TopicPartition(record.topic(), record.partition());
          List<Reading> inputs = reading.inputs();
          Objects.requireNonNull(read.get(partition)).addAll(inputs);
          for (Reading one : inputs) {
            if (one.observation != null) {
              partitionsOf
                  .computeIfAbsent(one.observation.series, s -> new TreeSet<>())
                  .add(partition.toString());
            }
          }
          sampled++;
        }
      }
      read.values().stream().flatMap(List::stream).limit(count).forEach(first::add);
      lines.add("records       " + sampled + " read to look at, from the oldest");
      List<Looked> looked =
          read.values().stream()
              .flatMap(List::stream)
              .map(reading -> reading.observation)
              .filter(Objects::nonNull)
              .map(observation -> new Looked(0, observation.input(), observation))
              .toList();
      SameTimes.warnings(looked).forEach(line -> lines.add("warning: " + line));
      oddities.lines().forEach(line -> lines.add("warning: " + line));
    } catch (KafkaException e) {
      problems.add("source: cannot read: " + e.getMessage());
    }
    partitionsOf.forEach(
        (series, partitions) -> {
          if (partitions.size() > 1) {
            lines.add(
                "warning: series '"
                    + series
                    + "' is in partitions "
                    + String.join(", ", partitions)
                    + ": order is promised within one; let the producer key its records by series");
          }
        });
  }

  private static boolean reached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey(), ANSWER_TIMEOUT.most()) >= end.getValue());
  }
}
