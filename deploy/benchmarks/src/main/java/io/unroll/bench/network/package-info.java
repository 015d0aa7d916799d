/** Networks with random weights, and what JMH measures of them. Uses model and peer. */
@NullMarked
package io.unroll.bench.network;

import org.jspecify.annotations.NullMarked;
