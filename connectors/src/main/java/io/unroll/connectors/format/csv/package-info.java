/**
 * Comma-separated values (RFC 4180), one record per line, and a header in front of a file's
 * records. Uses the format package and Jackson; found by its name.
 */
@NullMarked
package io.unroll.connectors.format.csv;

import org.jspecify.annotations.NullMarked;
