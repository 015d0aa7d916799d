package io.unroll.job.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** Kafka client properties of one map of the file, held against the names that Kafka knows. */
final class ClientProperties {

  /** Who gets the properties. */
  enum Client {
    ANY("a Kafka client property"),
    CONSUMER("a Kafka consumer property"),
    PRODUCER("a Kafka producer property");

    private final String label;

    Client(String label) {
      this.label = label;
    }
  }

  private static final Set<String> CONSUMER = new TreeSet<>(ConsumerConfig.configNames());
  private static final Set<String> PRODUCER = new TreeSet<>(ProducerConfig.configNames());
  private static final Set<String> ANY = new TreeSet<>(CONSUMER);

  static {
    // Flink's connector reads these from the same properties.
    CONSUMER.addAll(
        Set.of(
            "client.id.prefix",
            "partition.discovery.interval.ms",
            "register.consumer.metrics",
            "commit.offsets.on.checkpoint"));
    PRODUCER.addAll(Set.of("flink.disable-metrics", "register.producer.metrics"));
    ANY.addAll(CONSUMER);
    ANY.addAll(PRODUCER);
    ANY.addAll(AdminClientConfig.configNames());
  }

  /** What the job sets itself, and what to write instead. */
  private static final Map<String, String> OWNED =
      Map.ofEntries(
          Map.entry("key.deserializer", "nothing: the job reads bytes and source.format decodes"),
          Map.entry("value.deserializer", "nothing: the job reads bytes and source.format decodes"),
          Map.entry("key.serializer", "nothing: sink.format encodes"),
          Map.entry("value.serializer", "nothing: sink.format encodes"),
          Map.entry("transactional.id", "nothing: it is made from name"),
          Map.entry(
              "transaction.two.phase.commit.enable",
              "nothing: sink.delivery decides about transactions"),
          Map.entry("enable.idempotence", "nothing: sink.delivery decides about transactions"),
          Map.entry("enable.auto.commit", "nothing: offsets are part of the job's checkpoints"),
          Map.entry(
              "auto.commit.interval.ms", "nothing: offsets are part of the job's checkpoints"),
          Map.entry("auto.offset.reset", "source.kafka.start"),
          Map.entry("group.id", "source.kafka.group.id"),
          Map.entry("isolation.level", "nothing: the source reads read_committed"));

  private ClientProperties() {}

  /** The properties among {@code values}, each mistake reported. */
  static Map<String, String> read(Findings findings, Map<String, Value> values, Client client) {
    Map<String, String> properties = new LinkedHashMap<>();
    Set<String> names = namesOf(client);
    values.forEach(
        (name, value) -> {
          String owned = OWNED.get(name);
          if (owned != null) {
            findings.mistake(
                value.path(), "found a property that the job sets itself, expected " + owned);
          } else if (!names.contains(name) && !name.startsWith("config.providers.")) {
            findings.mistake(value.path(), unknown(name, names, client));
          } else {
            String text = value.option(",");
            if (text != null) {
              properties.put(name, text);
            }
          }
        });
    return properties;
  }

  private static String unknown(String name, Set<String> names, Client client) {
    String near = Spelling.closest(name, names);
    String elsewhere = near == null && ANY.contains(name) ? ": it is one of another client" : "";
    return "found unknown property "
        + Found.quoted(name)
        + ", expected "
        + client.label
        + elsewhere
        + Found.didYouMean(near);
  }

  private static Set<String> namesOf(Client client) {
    return switch (client) {
      case ANY -> ANY;
      case CONSUMER -> CONSUMER;
      case PRODUCER -> PRODUCER;
    };
  }

  /** {@code common} as far as {@code client} knows it, overridden by {@code own}. */
  static Map<String, String> merge(
      Map<String, String> common, Map<String, String> own, Client client) {
    Map<String, String> merged = new LinkedHashMap<>();
    Set<String> names = namesOf(client);
    common.forEach(
        (name, value) -> {
          if (names.contains(name) || name.startsWith("config.providers.")) {
            merged.put(name, value);
          }
        });
    merged.putAll(own);
    return merged;
  }

  /** Reports at {@code path} if {@code properties} say no broker. */
  static void requireBroker(Findings findings, String path, Map<String, String> properties) {
    @Nullable String servers = properties.get("bootstrap.servers");
    if (servers == null || servers.isBlank()) {
      findings.mistake(
          path,
          "found no bootstrap.servers, expected it in kafka or here, such as"
              + " {bootstrap.servers: \"localhost:9092\"}");
    }
  }
}
