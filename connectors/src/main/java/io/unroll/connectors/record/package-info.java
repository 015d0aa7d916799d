/**
 * The records that travel through a job, what comes in and what goes out, their serializers, and
 * the event clock of what comes in. This package uses {@code wire} and Flink's watermarks.
 */
@NullMarked
package io.unroll.connectors.record;

import org.jspecify.annotations.NullMarked;
