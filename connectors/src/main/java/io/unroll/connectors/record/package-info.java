/**
 * The records that travel through a job: what comes in and what goes out. Flink POJOs, serialised
 * without Kryo; this package uses nothing but the JDK.
 */
@NullMarked
package io.unroll.connectors.record;

import org.jspecify.annotations.NullMarked;
