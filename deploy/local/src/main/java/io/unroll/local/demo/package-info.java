/** The demo's evaluation: predictions read back from the output files against the feed. */
@NullMarked
package io.unroll.local.demo;

import org.jspecify.annotations.NullMarked;
