/** Unrolling over whole sequences, offline: the stream's oracle. Uses the door and EJML. */
@NullMarked
package io.unroll.model.unroll;

import org.jspecify.annotations.NullMarked;
