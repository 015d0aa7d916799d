/** The demo's tables and its picture, from the job's own evaluations. */
@NullMarked
package io.unroll.local.demo;

import org.jspecify.annotations.NullMarked;
