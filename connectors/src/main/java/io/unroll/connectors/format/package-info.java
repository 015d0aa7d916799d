/**
 * Bytes to observations and outputs to bytes: JSON and CSV with Jackson. Uses the records and
 * Jackson; knows neither Kafka nor files.
 */
@NullMarked
package io.unroll.connectors.format;

import org.jspecify.annotations.NullMarked;
