package io.unroll.connectors.format;

/** How a record is written. */
public enum RecordFormat {
  /** One JSON object per record; in a file one per line. */
  JSON,
  /**
   * Comma-separated values (RFC 4180), one record per line; in a file the first line is the header.
   */
  CSV
}
