package io.unroll.connectors.record;

import io.unroll.connectors.wire.Copies;
import io.unroll.connectors.wire.WireReader;
import io.unroll.connectors.wire.WireWriter;
import java.io.IOException;

/** How a {@link RawRecord} travels inside the records that carry it. */
final class RawRecords {

  private RawRecords() {}

  static void put(RawRecord raw, WireWriter out) {
    out.putBytes(raw.key);
    out.putBytes(raw.value);
    out.putTexts(raw.headerNames);
    out.putByteArrays(raw.headerValues);
  }

  @SuppressWarnings("NullAway") // a user's own stream may hold null where null should not be
  static RawRecord get(WireReader in) throws IOException {
    RawRecord raw = new RawRecord();
    raw.key = in.getBytes();
    raw.value = in.getBytes();
    raw.headerNames = in.getTexts();
    raw.headerValues = in.getByteArrays();
    return raw;
  }

  @SuppressWarnings("NullAway")
  static RawRecord copy(RawRecord from) {
    RawRecord to = new RawRecord(Copies.of(from.key), Copies.of(from.value));
    to.headerNames = Copies.of(from.headerNames);
    to.headerValues = Copies.of(from.headerValues);
    return to;
  }
}
