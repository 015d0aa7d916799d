/** One Flink job in a JVM of its own, measured in steady state. Uses job, network and peer. */
@NullMarked
package io.unroll.bench.stream;

import org.jspecify.annotations.NullMarked;
