/** Kafka topics as source and sink. Uses records, formats, Flink's Kafka connector. */
@NullMarked
package io.unroll.connectors.kafka;

import org.jspecify.annotations.NullMarked;
