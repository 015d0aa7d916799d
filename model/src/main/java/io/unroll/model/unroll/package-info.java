/**
 * Unrolling over whole sequences and decoding, offline: the stream's oracle; the stream's decoder
 * shares its rules. Uses the door and EJML.
 */
@NullMarked
package io.unroll.model.unroll;

import org.jspecify.annotations.NullMarked;
