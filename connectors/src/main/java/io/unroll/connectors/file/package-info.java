/** Files and folders as source and sink. Uses records, formats, Flink's file connector. */
@NullMarked
package io.unroll.connectors.file;

import org.jspecify.annotations.NullMarked;
