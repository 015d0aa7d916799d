/** Entry point of {@code deploy/bench}. May use everything below. */
@NullMarked
package io.unroll.bench;

import org.jspecify.annotations.NullMarked;
