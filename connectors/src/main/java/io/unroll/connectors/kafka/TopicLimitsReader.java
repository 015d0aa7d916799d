package io.unroll.connectors.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a cluster what its topics take.
 *
 * <p>A topic that is not there has the broker's defaults: the broker may make it when it is first
 * written. Where the client may not read a topic's settings ({@code DESCRIBE_CONFIGS}), the
 * producer's own limits stand for its size, since whoever raised those meant it, and Kafka's
 * default for its timestamps.
 */
public final class TopicLimitsReader {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLimitsReader.class);

  /** The topic's settings are the broker's, with this in front, where the topic has none. */
  private static final String BROKERS = "log.";

  /** Kafka's own defaults, in bytes. */
  private static final String LARGEST_REQUEST = "1048576";

  private static final String BUFFER = "33554432";

  /** Kafka's own default of {@code message.timestamp.after.max.ms}. */
  private static final long AFTER = Duration.ofHours(1).toMillis();

  private final Map<String, String> properties;
  private final AnswerTimeout timeout;

  /**
   * @param properties of the producer that will write
   * @param timeout how long to wait for an answer
   */
  public TopicLimitsReader(Map<String, String> properties, AnswerTimeout timeout) {
    this.properties = properties;
    this.timeout = timeout;
  }

  /**
   * The limits of one topic.
   *
   * @throws IOException if the cluster does not answer, naming it
   */
  public TopicLimits read(String topic) throws IOException, InterruptedException {
    return Objects.requireNonNull(read(List.of(topic)).get(topic));
  }

  /**
   * The limits of topics, in their order.
   *
   * @throws IOException if the cluster does not answer, naming it
   */
  public Map<String, TopicLimits> read(Collection<String> topics)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(timeout.client(properties))) {
      return read(admin, topics);
    } catch (ExecutionException | KafkaException e) {
      throw new IOException(
          "topic settings cannot be read from broker "
              + properties.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)
              + ": "
              + timeout.reason(e),
          e);
    }
  }

  private Map<String, TopicLimits> read(Admin admin, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    List<ConfigResource> resources = new ArrayList<>();
    for (String topic : topics) {
      resources.add(new ConfigResource(ConfigResource.Type.TOPIC, topic));
    }
    Map<ConfigResource, KafkaFuture<Config>> found = admin.describeConfigs(resources).values();
    Map<String, TopicLimits> limits = new LinkedHashMap<>();
    for (ConfigResource resource : resources) {
      String topic = resource.name();
      try {
        limits.put(
            topic, limits(topic, settings(admin, Objects.requireNonNull(found.get(resource)))));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof AuthorizationException)) {
          throw e;
        }
        LOG.warn(
            "topic '{}': its settings cannot be read, so records up to the producer's own limit are"
                + " sent, stamped at most {} ahead of the clock; allow DESCRIBE_CONFIGS to use what"
                + " the topic takes ({})",
            topic,
            TopicLimits.inWords(AFTER),
            e.getCause().getMessage());
        limits.put(topic, limits(topic, null));
      }
    }
    return limits;
  }

  /** Of the topic, or of the broker that would make it. */
  private static Settings settings(Admin admin, KafkaFuture<Config> topic)
      throws ExecutionException, InterruptedException {
    try {
      return new Settings(topic.get(), false);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
    Node broker = admin.describeCluster().nodes().get().iterator().next();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
    return new Settings(
        Objects.requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource)),
        true);
  }

  /**
   * Settings by the topic's names for them.
   *
   * @param broker whether they are a broker's, which has other names for them
   */
  private record Settings(Config config, boolean broker) {
    @Nullable String get(String name) {
      String own =
          !broker
              ? name
              : switch (name) {
                case TopicConfig.MAX_MESSAGE_BYTES_CONFIG -> "message.max.bytes";
                case TopicConfig.COMPRESSION_TYPE_CONFIG -> name;
                default -> BROKERS + name;
              };
      ConfigEntry entry = config.get(own);
      return entry == null ? null : entry.value();
    }

    long millis(String name) {
      String value = get(name);
      return value == null ? TopicLimits.UNBOUNDED : Long.parseLong(value);
    }
  }

  private TopicLimits limits(String topic, @Nullable Settings settings) {
    long bytes = number(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
    String setting = ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
    long buffer = number(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER);
    if (buffer < bytes) {
      bytes = buffer;
      setting = ProducerConfig.BUFFER_MEMORY_CONFIG;
    }
    if (settings == null) {
      return new TopicLimits(topic, (int) bytes, setting, TopicLimits.UNBOUNDED, AFTER);
    }
    String own = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    if (own != null && compressible(Long.parseLong(own), settings) < bytes) {
      bytes = compressible(Long.parseLong(own), settings);
      setting = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
    }
    boolean stamped =
        "LogAppendTime".equals(settings.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    return new TopicLimits(
        topic,
        (int) bytes,
        setting,
        stamped
            ? TopicLimits.UNBOUNDED
            : settings.millis(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
        stamped
            ? TopicLimits.UNBOUNDED
            : settings.millis(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG));
  }

  /**
   * The uncompressed bytes that surely fit: compression makes what cannot be compressed a little
   * longer. The codecs add some dozens of bytes, and a few for each block of 16 kB or more.
   */
  private long compressible(long limit, Settings settings) {
    String producer =
        properties.getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none").strip();
    String topic = Objects.requireNonNullElse(settings.get("compression.type"), "producer");
    String used = topic.equals("producer") ? producer : topic;
    boolean compresses = !used.equals("none") && !used.equals("uncompressed");
    return compresses ? Math.max(0, limit - 64 - limit / 512) : limit;
  }

  private long number(String name, String without) {
    String found = properties.getOrDefault(name, without).strip();
    try {
      return Long.parseLong(found);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + ": found '" + found + "', expected a number of bytes", e);
    }
  }
}
