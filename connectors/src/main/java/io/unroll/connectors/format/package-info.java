/**
 * Bytes to observations and outputs to bytes. What one format alone knows stands in a package of
 * its own, which is found by name and which this one does not know. Uses the records and Jackson;
 * knows neither Kafka nor files.
 */
@NullMarked
package io.unroll.connectors.format;

import org.jspecify.annotations.NullMarked;
