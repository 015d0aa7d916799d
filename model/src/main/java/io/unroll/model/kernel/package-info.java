/** Loops over {@code float[]}: the arithmetic of a step. Uses nothing but the JDK. */
@NullMarked
package io.unroll.model.kernel;

import org.jspecify.annotations.NullMarked;
