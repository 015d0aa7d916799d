/**
 * JSON: one object per record, one per line in a file. Uses the format package and Jackson; found
 * by its name.
 */
@NullMarked
package io.unroll.connectors.format.json;

import org.jspecify.annotations.NullMarked;
