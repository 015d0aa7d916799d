package io.unroll.connectors.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks a broker what its topics are. */
final class TopicLookup implements AutoCloseable {
  private final Admin admin;

  TopicLookup(Properties client) {
    admin = Admin.create(client);
  }

  /**
   * What the broker has.
   *
   * @param topics by name
   * @param partitions of all of them
   */
  record Found(TopicIds topics, List<TopicPartition> partitions) {}

  /** Those of {@code topics} that are there. Waits for the broker. */
  Found find(Collection<String> topics) throws ExecutionException, InterruptedException {
    Map<String, Uuid> ids = new TreeMap<>();
    List<TopicPartition> partitions = new ArrayList<>();
    Map<String, KafkaFuture<TopicDescription>> asked =
        admin.describeTopics(topics).topicNameValues();
    for (String topic : topics) {
      try {
        TopicDescription found = Objects.requireNonNull(asked.get(topic)).get();
        ids.put(topic, found.topicId());
        found
            .partitions()
            .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return new Found(new TopicIds(ids), partitions);
  }

  @Override
  public void close() {
    admin.close();
  }
}
