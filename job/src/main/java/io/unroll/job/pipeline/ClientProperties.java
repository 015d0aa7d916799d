package io.unroll.job.pipeline;

import io.unroll.job.describe.Found;
import io.unroll.job.describe.Spelling;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Kafka client properties of one map of the file, held against the names that Kafka knows. */
final class ClientProperties {

  /** Who gets the properties. */
  enum Client {
    ANY("a Kafka client property", "kafka"),
    CONSUMER("a Kafka consumer property", "source.kafka"),
    PRODUCER("a Kafka producer property", "sink.OUTPUT.kafka");

    private final String label;
    private final String section;

    Client(String label, String section) {
      this.label = label;
      this.section = section;
    }
  }

  private static final Pattern SERVERS =
      Pattern.compile("[^\\s,]+:[0-9]{1,5}(\\s*,\\s*[^\\s,]+:[0-9]{1,5})*");
  private static final Set<String> CONSUMER = new TreeSet<>(ConsumerConfig.configNames());
  private static final Set<String> PRODUCER = new TreeSet<>(ProducerConfig.configNames());
  private static final Map<String, ConfigDef.ConfigKey> TYPES = new TreeMap<>();
  private static final Set<String> ANY = new TreeSet<>(CONSUMER);

  static {
    TYPES.putAll(AdminClientConfig.configDef().configKeys());
    TYPES.putAll(ProducerConfig.configDef().configKeys());
    TYPES.putAll(ConsumerConfig.configDef().configKeys());
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
              checkParses(findings, value.path(), name, text);
            }
          }
        });
    return properties;
  }

  /** Values of Kafka's own properties must be of their type; a config provider's are not known. */
  private static void checkParses(Findings findings, String path, String name, String text) {
    ConfigDef.ConfigKey key = TYPES.get(name);
    if (key == null || key.type == ConfigDef.Type.CLASS || text.contains("${")) {
      return;
    }
    if (name.equals("bootstrap.servers") && !SERVERS.matcher(text).matches()) {
      findings.mistake(
          path,
          "found " + Found.quoted(text) + ", expected host:port, several with commas between");
      return;
    }
    try {
      Object value = ConfigDef.parseType(name, text, key.type);
      if (key.validator != null && value != null) {
        key.validator.ensureValid(name, value);
      }
    } catch (ConfigException e) {
      findings.mistake(
          path,
          "found "
              + Found.quoted(text)
              + ", expected a value that Kafka reads: "
              + Found.reason(e));
    }
  }

  private static String unknown(String name, Set<String> names, Client client) {
    Set<String> candidates = new TreeSet<>(names);
    candidates.addAll(PipelineKeys.keysOf(client.section));
    String near = Spelling.closest(name, candidates);
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
    return Collections.unmodifiableMap(merged);
  }

  /** Reports at {@code path} if {@code properties} say no broker. */
  static void requireBroker(Findings findings, String path, Map<String, String> properties) {
    String servers = properties.get("bootstrap.servers");
    if (servers == null) {
      findings.mistake(
          path,
          "found no bootstrap.servers, expected it in kafka or here, such as"
              + " {bootstrap.servers: \"localhost:9092\"}");
    }
  }
}
