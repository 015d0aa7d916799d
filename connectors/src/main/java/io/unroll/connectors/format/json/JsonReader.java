package io.unroll.connectors.format.json;

import io.unroll.connectors.format.RecordReader;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import io.unroll.connectors.format.WantedFields;

/**
 * Reads records of JSON: the fast way by {@link JsonStream}, the exact way by {@link JsonFields},
 * which alone finds words for what is wrong.
 */
final class JsonReader implements RecordReader {

  private final String what;
  private final JsonStream stream;
  private final JsonFields fields;

  JsonReader(WantedFields wanted) {
    what = wanted.what();
    stream = new JsonStream(wanted.paths(), wanted.slots(), wanted.digits());
    fields = new JsonFields(wanted.paths(), wanted.slots());
  }

  @Override
  public boolean readFast(byte[] record, Value[] values) {
    return stream.read(record, values);
  }

  @Override
  public void read(byte[] record, Value[] values) throws Unreadable {
    fields.read(Text.decode(record, what), values);
  }
}
