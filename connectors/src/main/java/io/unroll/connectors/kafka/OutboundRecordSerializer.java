package io.unroll.connectors.kafka;

import io.unroll.connectors.wire.Copies;
import io.unroll.connectors.wire.RecordSerializer;
import io.unroll.connectors.wire.RecordSnapshot;
import io.unroll.connectors.wire.RecordTypeInfo;
import io.unroll.connectors.wire.WireReader;
import io.unroll.connectors.wire.WireWriter;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** How an {@link OutboundRecord} crosses the network: outputs that share a sink meet there. */
public final class OutboundRecordSerializer extends RecordSerializer<OutboundRecord> {

  private static final long serialVersionUID = 1L;

  @Override
  protected int form() {
    return 1;
  }

  @Override
  protected void write(OutboundRecord record, WireWriter out) {
    Long timestamp = record.timestamp;
    out.putByte(timestamp == null ? 0 : 1);
    if (timestamp != null) {
      out.putLong(timestamp);
    }
    out.putText(record.topic);
    out.putBytes(record.key);
    out.putBytes(record.value);
    out.putTexts(record.headerNames);
    out.putByteArrays(record.headerValues);
  }

  @Override
  @SuppressWarnings("NullAway") // a user's own stream may hold null where null should not be
  protected void read(OutboundRecord record, WireReader in, int form) throws IOException {
    record.timestamp = in.getByte() == 0 ? null : in.getLong();
    record.topic = in.sharedText();
    record.key = in.getBytes();
    record.value = in.getBytes();
    record.headerNames = in.getTexts();
    record.headerValues = in.getByteArrays();
  }

  @Override
  @SuppressWarnings("NullAway")
  protected void copyInto(OutboundRecord from, OutboundRecord to) {
    to.topic = from.topic;
    to.key = Copies.of(from.key);
    to.value = Copies.of(from.value);
    to.timestamp = from.timestamp;
    to.headerNames = Copies.of(from.headerNames);
    to.headerValues = Copies.of(from.headerValues);
  }

  @Override
  public OutboundRecord createInstance() {
    return new OutboundRecord();
  }

  @Override
  public OutboundRecordSerializer duplicate() {
    return new OutboundRecordSerializer();
  }

  @Override
  public TypeSerializerSnapshot<OutboundRecord> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink. */
  public static final class Snapshot extends RecordSnapshot<OutboundRecord> {
    public Snapshot() {
      super(new OutboundRecordSerializer());
    }

    @Override
    public TypeSerializer<OutboundRecord> restoreSerializer() {
      return new OutboundRecordSerializer();
    }
  }

  /** For Flink. */
  public static final class Factory extends TypeInfoFactory<OutboundRecord> {
    @Override
    public TypeInformation<OutboundRecord> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new RecordTypeInfo<>(OutboundRecord.class, new OutboundRecordSerializer());
    }
  }
}
