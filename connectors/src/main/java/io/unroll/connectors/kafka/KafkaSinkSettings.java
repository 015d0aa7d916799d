package io.unroll.connectors.kafka;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a Kafka sink writes.
 *
 * @param delivery what a failure may cost
 * @param transactionalIdPrefix unique per job and cluster; required for {@link
 *     Delivery#EXACTLY_ONCE}
 * @param properties of the Kafka producer, in Kafka's own names; {@code bootstrap.servers} is
 *     required, {@link KafkaOutputs#ownedSinkProperties()} are refused
 */
public record KafkaSinkSettings(
    Delivery delivery, @Nullable String transactionalIdPrefix, Map<String, String> properties) {

  /** What a failure may cost. */
  public enum Delivery {
    /** Records may come twice after a failure; they are visible at once. */
    AT_LEAST_ONCE,
    /** Records come once and become visible to {@code read_committed} readers at checkpoints. */
    EXACTLY_ONCE
  }

  /**
   * @throws IllegalArgumentException if there is no {@code bootstrap.servers}, a property belongs
   *     to the sink, or exactly-once has no prefix
   */
  public KafkaSinkSettings {
    properties = Map.copyOf(properties);
    ClientProperties.require(properties, KafkaOutputs.ownedSinkProperties());
    if (delivery == Delivery.EXACTLY_ONCE
        && (transactionalIdPrefix == null || transactionalIdPrefix.isEmpty())) {
      throw new IllegalArgumentException(
          "transactional id prefix: found none, expected one for exactly-once delivery");
    }
  }
}
