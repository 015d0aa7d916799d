package io.unroll.connectors.kafka;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;

/** Client properties as users write them. */
final class ClientProperties {

  private ClientProperties() {}

  static void require(Map<String, String> properties, Set<String> owned) {
    if (!properties.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
      throw new IllegalArgumentException("bootstrap.servers: found nothing, expected host:port");
    }
    for (String name : owned) {
      if (properties.containsKey(name)) {
        throw new IllegalArgumentException(
            name + ": found '" + properties.get(name) + "', expected nothing: the job sets it");
      }
    }
  }
}
