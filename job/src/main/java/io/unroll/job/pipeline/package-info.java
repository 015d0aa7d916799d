/**
 * The pipeline file: YAML to a description and to what only a file says (source, sink, Flink), with
 * the line and column of each mistake. Uses the connectors' field grammar, Flink's and Kafka's
 * option names; starts nothing and calls no broker.
 */
@NullMarked
package io.unroll.job.pipeline;

import org.jspecify.annotations.NullMarked;
