package io.unroll.connectors.kafka;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.Uuid;

/**
 * Kafka's own ids of topics, by name. A topic that is deleted and created anew keeps its name and
 * gets another id: offsets from before point into other records then.
 *
 * @param byName sorted by name
 */
public record TopicIds(Map<String, Uuid> byName) {
  /** No topic. */
  public static final TopicIds NONE = new TopicIds(Map.of());

  /** What to do about a change; behind the lines that say what has changed. */
  public static final String WAYS_OUT =
      "A higher source.generation (2 where none is set) reads all topics anew from source.start and"
          + " keeps the state of the series. A start without the old state (run --fresh; flink run"
          + " without -s) begins with both anew.";

  public TopicIds {
    byName = Collections.unmodifiableMap(new TreeMap<>(byName));
  }

  /**
   * What a Kafka source of ours kept in a checkpoint.
   *
   * @param coordinator the state of the source's coordinator, as Flink wrote it
   * @return none where the checkpoint knows none: Flink's own source wrote it
   * @throws IOException if it is not of a Kafka source, or of a newer one
   */
  public static TopicIds inCheckpoint(byte[] coordinator) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(coordinator));
    in.readInt(); // the version of this frame: what comes behind it is the same in all
    int version = in.readInt();
    return new SourceStateSerializer().deserialize(version, in.readNBytes(in.readInt())).topics();
  }

  /**
   * What a broker has now.
   *
   * @param client its properties, in Kafka's own names
   * @return those of {@code topics} that are there
   */
  public static TopicIds onBroker(Map<String, String> client, List<String> topics)
      throws ExecutionException, InterruptedException {
    Properties properties = new Properties();
    properties.putAll(AnswerTimeout.SHORT.quietClient(client));
    try (TopicLookup lookup = new TopicLookup(properties)) {
      return lookup.find(topics).topics();
    }
  }

  /** These, and {@code others} where these have none of that name. */
  TopicIds and(TopicIds others) {
    Map<String, Uuid> all = new TreeMap<>(others.byName);
    all.putAll(byName);
    return new TopicIds(all);
  }

  /**
   * Topics that are not what they were, a line for each: those of these that are in {@code topics}
   * and have another id {@code now}.
   *
   * @param topics that are read
   * @param now as the broker has them
   */
  public List<String> recreated(List<String> topics, TopicIds now) {
    List<String> lines = new ArrayList<>();
    byName.forEach(
        (topic, then) -> {
          Uuid found = now.byName.get(topic);
          if (topics.contains(topic) && found != null && !found.equals(then)) {
            lines.add(
                "topic '"
                    + topic
                    + "' was deleted and created anew since the checkpoint (id "
                    + then
                    + " then, "
                    + found
                    + " now): its offsets point into other records");
          }
        });
    return lines;
  }

  /** As {@link #recreated}: those that are not there any more. */
  public List<String> gone(List<String> topics, TopicIds now) {
    List<String> lines = new ArrayList<>();
    byName.forEach(
        (topic, then) -> {
          if (topics.contains(topic) && !now.byName.containsKey(topic)) {
            lines.add(
                "topic '"
                    + topic
                    + "' is gone since the checkpoint (its id was "
                    + then
                    + "): the broker has no topic of this name");
          }
        });
    return lines;
  }
}
