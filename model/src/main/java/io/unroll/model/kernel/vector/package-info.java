/**
 * The kernel on {@code jdk.incubator.vector}. Compiled by an execution of its own, with that
 * module; everything else compiles and runs without it. Uses {@code kernel} and the JDK.
 */
@NullMarked
package io.unroll.model.kernel.vector;

import org.jspecify.annotations.NullMarked;
