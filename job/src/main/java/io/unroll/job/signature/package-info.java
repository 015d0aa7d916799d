/**
 * The pipeline signature: what gives the numbers in a state their meaning, as named lines that two
 * versions of a pipeline are compared by. Uses nothing of Flink and nothing of the rest of the job.
 */
@NullMarked
package io.unroll.job.signature;

import org.jspecify.annotations.NullMarked;
