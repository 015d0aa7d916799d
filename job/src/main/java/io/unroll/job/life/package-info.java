/**
 * The rules of a sequence's life: what an observation, the result of its step and time do to a
 * series; limits, gaps, features, decoders, evaluation. Uses the model's door, the records and the
 * values of {@code state}. No Flink: clocks, timers, state and outputs are interfaces here, which
 * {@code operator} implements.
 */
@NullMarked
package io.unroll.job.life;

import org.jspecify.annotations.NullMarked;
