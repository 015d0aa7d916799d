/** The demo's table: what the job's own evaluations add up to. */
@NullMarked
package io.unroll.local.demo;

import org.jspecify.annotations.NullMarked;
