/** Pipelines on an embedded Flink in this process, and the demo. Uses job. */
@NullMarked
package io.unroll.local;

import org.jspecify.annotations.NullMarked;
