/**
 * The records that travel through a job, what comes in and what goes out, and the event clock of
 * what comes in. Flink POJOs, serialised without Kryo; this package uses the JDK and Flink's
 * watermarks.
 */
@NullMarked
package io.unroll.connectors.record;

import org.jspecify.annotations.NullMarked;
