/** Kafka to Kafka: the broker's JVM, the topic, the job with and without the model. */
@NullMarked
package io.unroll.bench.kafka;

import org.jspecify.annotations.NullMarked;
