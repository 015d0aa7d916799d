/**
 * What a job remembers: the value of an open sequence, the counters, their byte layouts, and the
 * store between the operator and Flink's state backend. Uses Flink's interfaces of serializers,
 * keyed state, its metrics, and nothing of the rest of this module.
 */
@NullMarked
package io.unroll.job.state;

import org.jspecify.annotations.NullMarked;
