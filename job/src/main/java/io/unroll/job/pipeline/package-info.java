/**
 * The pipeline file: YAML to typed settings, checked whole before anything starts. Uses the
 * connectors' field grammar, the operator's transforms, Flink's and Kafka's option names; starts
 * nothing and calls no broker.
 */
@NullMarked
package io.unroll.job.pipeline;

import org.jspecify.annotations.NullMarked;
