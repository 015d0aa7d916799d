/**
 * The keyed operator: it holds the hidden state of every series, advances one step per observation,
 * emits, and closes sequences. Uses Flink, the model's door and the records.
 */
@NullMarked
package io.unroll.job.operator;

import org.jspecify.annotations.NullMarked;
