/** Measurements in JVMs of their own, in alternation. Uses report and JMH. */
@NullMarked
package io.unroll.bench.fork;

import org.jspecify.annotations.NullMarked;
