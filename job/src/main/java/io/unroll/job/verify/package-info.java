/**
 * Holds a model against expected outputs: streams inputs through it as the operator does, without a
 * job. Uses model and the connectors' CSV; knows neither Flink nor pipelines.
 */
@NullMarked
package io.unroll.job.verify;

import org.jspecify.annotations.NullMarked;
