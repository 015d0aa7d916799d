/**
 * Puts a pipeline together from a source, the operator and sinks; holds the Java API for a Flink
 * job of one's own. Uses every package below it.
 */
@NullMarked
package io.unroll.job;

import org.jspecify.annotations.NullMarked;
