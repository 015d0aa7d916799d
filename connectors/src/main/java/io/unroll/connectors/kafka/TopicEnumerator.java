package io.unroll.connectors.kafka;

import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.AssignmentStatus;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.SplitAndAssignmentStatus;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the topics before their partitions are read: whether they are those of the checkpoint,
 * and which of them are new in the list. Then Flink's own enumerator does the rest, and the topics
 * are looked at again as often as it looks for new partitions.
 *
 * <p>Runs in the coordinator's thread; the broker is asked in another one.
 */
final class TopicEnumerator implements SplitEnumerator<KafkaPartitionSplit, SourceState> {
  private static final Logger LOGGER = LoggerFactory.getLogger(TopicEnumerator.class);

  private final KafkaSource<Reading> kafka;
  private final List<String> topics;
  private final SplitEnumeratorContext<KafkaPartitionSplit> context;
  private final @Nullable SourceState restored;
  private final Supplier<TopicLookup> lookups;
  private final long everyMillis;

  /** What came before the topics were compared, in its order. */
  private final List<Runnable> waiting = new ArrayList<>();

  private TopicIds known;
  private @Nullable TopicLookup lookup;

  /** Null until the topics have been compared. */
  private @Nullable SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> inside;

  /**
   * @param restored what a checkpoint has; null without one
   * @param lookups makes what asks the broker
   * @param everyMillis how often to look again; 0 or below for once
   */
  TopicEnumerator(
      KafkaSource<Reading> kafka,
      List<String> topics,
      SplitEnumeratorContext<KafkaPartitionSplit> context,
      @Nullable SourceState restored,
      Supplier<TopicLookup> lookups,
      long everyMillis) {
    this.kafka = kafka;
    this.topics = topics;
    this.context = context;
    this.restored = restored;
    this.lookups = lookups;
    this.everyMillis = everyMillis;
    this.known = restored == null ? TopicIds.NONE : restored.topics();
  }

  @Override
  public void start() {
    TopicLookup asked = lookups.get();
    lookup = asked;
    if (everyMillis > 0) {
      context.callAsync(() -> asked.find(topics), this::compare, 0, everyMillis);
    } else {
      context.callAsync(() -> asked.find(topics), this::compare);
    }
  }

  private void compare(TopicLookup.@Nullable Found found, @Nullable Throwable failure) {
    if (failure != null || found == null) {
      if (inside == null) {
        throw new FlinkRuntimeException("cannot ask the broker for topics " + topics, failure);
      }
      LOGGER.warn("cannot ask the broker for topics {}; the job goes on", topics, failure);
      return;
    }
    refuse(known.recreated(topics, found.topics()));
    if (inside == null) {
      refuse(unnamed());
      List<String> gone = known.gone(topics, found.topics());
      if (!gone.isEmpty()) { // a broker that is starting may not know it yet: Flink may try again
        throw new FlinkRuntimeException(String.join("\n", gone) + "\n" + TopicIds.WAYS_OUT);
      }
      open(found);
    }
    known = known.and(found.topics());
  }

  private static void refuse(List<String> lines) {
    if (!lines.isEmpty()) {
      throw new OtherTopicsException(String.join("\n", lines) + "\n" + TopicIds.WAYS_OUT);
    }
  }

  /**
   * Topics that the checkpoint reads and the list does not name: Flink would read them on. Only of
   * a checkpoint without ids: one with ids has a pipeline signature too, which tells them among all
   * that differs.
   */
  private List<String> unnamed() {
    if (restored == null || !known.byName().isEmpty()) {
      return List.of();
    }
    return restored.partitions().splits().stream()
        .map(split -> split.split().getTopic())
        .filter(topic -> !topics.contains(topic))
        .distinct()
        .sorted()
        .map(
            topic ->
                "the checkpoint reads topic '"
                    + topic
                    + "', which is not among the topics now: "
                    + String.join(", ", topics)
                    + ". It would be read on beside them: put it back")
        .toList();
  }

  private void open(TopicLookup.Found found) {
    try {
      inside =
          restored == null
              ? kafka.createEnumerator(context)
              : kafka.restoreEnumerator(context, withAdded(restored.partitions(), found));
    } catch (IOException e) {
      throw new FlinkRuntimeException("cannot go on with topics " + topics, e);
    }
    inside.start();
    waiting.forEach(Runnable::run);
    waiting.clear();
  }

  /**
   * Flink reads a partition that is new to a checkpoint from its first record, as one of a topic
   * that has grown. One of a topic that is new in the list begins where the source begins.
   */
  private KafkaSourceEnumState withAdded(KafkaSourceEnumState partitions, TopicLookup.Found found) {
    Set<String> before = new HashSet<>();
    partitions.splits().forEach(split -> before.add(split.split().getTopic()));
    for (String topic : topics) {
      if (before.contains(topic) && !known.byName().containsKey(topic)) {
        LOGGER.info(
            "topic '{}' has id {}; the checkpoint knows none: it is taken for the one that was read",
            topic,
            found.topics().byName().get(topic));
      }
    }
    if (!partitions.initialDiscoveryFinished()) {
      return partitions; // all of them begin there
    }
    Set<SplitAndAssignmentStatus> all = new HashSet<>(partitions.splits());
    for (TopicPartition partition : found.partitions()) {
      if (!before.contains(partition.topic())) {
        LOGGER.info("{} is new to the checkpoint, and read from source.start", partition);
        // What Flink calls migrated has no offset yet, and gets that of the source's start.
        all.add(
            new SplitAndAssignmentStatus(
                new KafkaPartitionSplit(partition, KafkaPartitionSplit.MIGRATED),
                AssignmentStatus.UNASSIGNED));
      }
    }
    return new KafkaSourceEnumState(all, true);
  }

  private void whenCompared(Runnable action) {
    if (inside == null) {
      waiting.add(action);
    } else {
      action.run();
    }
  }

  private SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> inside() {
    SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> opened = inside;
    if (opened == null) {
      throw new IllegalStateException("the topics have not been compared");
    }
    return opened;
  }

  @Override
  public void addReader(int subtask) {
    whenCompared(
        () -> {
          if (context.registeredReaders().containsKey(subtask)) { // it may have failed meanwhile
            context.sendEventToSourceReader(subtask, new TopicsCompared());
            inside().addReader(subtask);
          }
        });
  }

  @Override
  public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {
    whenCompared(() -> inside().addSplitsBack(splits, subtask));
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    // Partitions are given, not asked for.
  }

  @Override
  public SourceState snapshotState(long checkpointId) throws Exception {
    if (inside != null) {
      return new SourceState(inside.snapshotState(checkpointId), known);
    }
    return restored != null
        ? restored
        : new SourceState(new KafkaSourceEnumState(Set.of(), false), TopicIds.NONE);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    if (inside != null) {
      inside.notifyCheckpointComplete(checkpointId);
    }
  }

  @Override
  public void close() throws IOException {
    if (inside != null) {
      inside.close();
    }
    if (lookup != null) {
      lookup.close();
    }
  }
}
