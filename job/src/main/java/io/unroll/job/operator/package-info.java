/**
 * The keyed operator: it runs the rules of {@code life} in Flink, which brings the key, its state,
 * timers, watermarks and barriers. Uses Flink, the rules, the model's door and the records.
 */
@NullMarked
package io.unroll.job.operator;

import org.jspecify.annotations.NullMarked;
