package io.unroll.connectors.record;

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

/** How a {@link Rejected} record crosses the network. */
public final class RejectedSerializer extends RecordSerializer<Rejected> {

  private static final long serialVersionUID = 1L;

  private static final int TIMESTAMP = 1;
  private static final int WATERMARK = 2;
  private static final int RAW = 4;

  /** Since form 2. */
  private static final int OUTPUT = 8;

  @Override
  protected int form() {
    return 2;
  }

  @Override
  protected void write(Rejected record, WireWriter out) {
    put(record, out);
  }

  @Override
  protected void read(Rejected record, WireReader in, int form) throws IOException {
    get(record, in);
  }

  @Override
  protected void copyInto(Rejected from, Rejected to) {
    duplicate(from, to);
  }

  static void put(Rejected record, WireWriter out) {
    Long timestamp = record.timestamp;
    Long watermark = record.watermark;
    RawRecord raw = record.raw;
    String output = record.output;
    out.putByte(
        (timestamp == null ? 0 : TIMESTAMP)
            | (watermark == null ? 0 : WATERMARK)
            | (raw == null ? 0 : RAW)
            | (output == null ? 0 : OUTPUT));
    out.putText(record.input);
    out.putText(record.series);
    out.putText(record.reason);
    if (timestamp != null) {
      out.putLong(timestamp);
    }
    if (watermark != null) {
      out.putLong(watermark);
    }
    if (raw != null) {
      RawRecords.put(raw, out);
    }
    if (output != null) {
      out.putText(output);
    }
  }

  @SuppressWarnings("NullAway") // a user's own stream may hold null where null should not be
  static void get(Rejected record, WireReader in) throws IOException {
    int flags = in.getByte();
    record.input = in.getText();
    record.series = in.getText();
    record.reason = in.getText();
    record.timestamp = (flags & TIMESTAMP) != 0 ? in.getLong() : null;
    record.watermark = (flags & WATERMARK) != 0 ? in.getLong() : null;
    record.raw = (flags & RAW) != 0 ? RawRecords.get(in) : null;
    record.output = (flags & OUTPUT) != 0 ? in.getText() : null;
  }

  static void duplicate(Rejected from, Rejected to) {
    to.input = from.input;
    to.series = from.series;
    to.timestamp = from.timestamp;
    to.reason = from.reason;
    to.watermark = from.watermark;
    to.raw = from.raw == null ? null : RawRecords.copy(from.raw);
    to.output = from.output;
  }

  @Override
  public Rejected createInstance() {
    return new Rejected();
  }

  @Override
  public RejectedSerializer duplicate() {
    return new RejectedSerializer();
  }

  @Override
  public TypeSerializerSnapshot<Rejected> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink. */
  public static final class Snapshot extends RecordSnapshot<Rejected> {
    public Snapshot() {
      super(new RejectedSerializer());
    }

    @Override
    public TypeSerializer<Rejected> restoreSerializer() {
      return new RejectedSerializer();
    }
  }

  /** For Flink. */
  public static final class Factory extends TypeInfoFactory<Rejected> {
    @Override
    public TypeInformation<Rejected> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new RecordTypeInfo<>(Rejected.class, new RejectedSerializer());
    }
  }
}
