package io.unroll.connectors.kafka;

import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;

/**
 * What the source knows of all its partitions together.
 *
 * @param partitions which there are, and who reads them
 * @param topics the ids that its topics had when their partitions were found
 */
record SourceState(KafkaSourceEnumState partitions, TopicIds topics) {}
