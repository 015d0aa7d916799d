/** Samples, tables, ratios and the machine they come from: text and JSON. Uses Jackson only. */
@NullMarked
package io.unroll.bench.report;

import org.jspecify.annotations.NullMarked;
