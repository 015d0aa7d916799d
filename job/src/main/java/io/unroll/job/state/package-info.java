/**
 * What a job remembers: the value of an open sequence, the counters, and their byte layouts. Uses
 * Flink's serializer interfaces and nothing else of Flink.
 */
@NullMarked
package io.unroll.job.state;

import org.jspecify.annotations.NullMarked;
