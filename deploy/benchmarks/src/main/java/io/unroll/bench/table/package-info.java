/** The five tables: which measurements they need and what they print. Uses everything else. */
@NullMarked
package io.unroll.bench.table;

import org.jspecify.annotations.NullMarked;
