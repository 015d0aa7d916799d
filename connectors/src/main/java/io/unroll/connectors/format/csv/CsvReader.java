package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.FileHeader;
import io.unroll.connectors.format.RecordReader;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import io.unroll.connectors.format.WantedFields;

/**
 * Reads records of CSV: those of a file by its header, others by the names that the settings give
 * their columns, or by the places of these, of which there may be any number.
 */
final class CsvReader implements RecordReader {

  private final String what;
  private final Encoding encoding;
  private final CsvFields fields;
  private final CsvHeader header;

  CsvReader(WantedFields wanted, CsvSettings settings) {
    what = wanted.what();
    encoding = settings.encoding();
    fields = new CsvFields(wanted.paths(), wanted.slots(), settings);
    header = new CsvHeader(wanted, fields, settings);
  }

  @Override
  public void read(byte[] record, Value[] values) throws Unreadable {
    fields.read(encoding.decode(record, what), header.columns(), values);
  }

  @Override
  public FileHeader header() {
    return header;
  }
}
