package io.unroll.connectors.format.csv;

import io.unroll.connectors.format.FileHeader;
import io.unroll.connectors.format.RecordReader;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import io.unroll.connectors.format.WantedFields;

/**
 * Reads records of CSV: those of a file by its header, others by the places of their columns, of
 * which there may be any number.
 */
final class CsvReader implements RecordReader {

  private final String what;
  private final CsvFields fields;
  private final CsvHeader header;

  CsvReader(WantedFields wanted) {
    what = wanted.what();
    fields = new CsvFields(wanted.paths(), wanted.slots());
    header = new CsvHeader(wanted, fields);
  }

  @Override
  public void read(byte[] record, Value[] values) throws Unreadable {
    fields.read(Text.decode(record, what), header.columns(), values);
  }

  @Override
  public FileHeader header() {
    return header;
  }
}
