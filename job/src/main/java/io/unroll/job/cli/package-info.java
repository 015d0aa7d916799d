/**
 * The command line: parses arguments, prints results. How a pipeline is run (submitted to a
 * cluster, or on an embedded Flink) is given to it.
 */
@NullMarked
package io.unroll.job.cli;

import org.jspecify.annotations.NullMarked;
