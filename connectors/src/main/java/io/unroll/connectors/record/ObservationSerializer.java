package io.unroll.connectors.record;

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

/**
 * How an {@link Observation} crosses the network: every job sends each of them by its key.
 *
 * <p>Form 2 added what {@code START}, {@code BY} and {@code IDENTITY} announce. A record without
 * them has the bytes of form 1, and form 1 is read as a record without them. Form 3 added what
 * {@code REJECTED} and {@code NANOS} announce, in the same way.
 *
 * <p>The eight flags of the byte are taken. The next field needs form 4: a second byte of flags
 * behind the first, and {@code get} reads it where the form is 4.
 */
public final class ObservationSerializer extends RecordSerializer<Observation> {

  private static final long serialVersionUID = 1L;

  private static final int END = 1;
  private static final int FEATURES = 2;
  private static final int RAW = 4;
  private static final int START = 8;
  private static final int BY = 16;
  private static final int IDENTITY = 32;
  private static final int REJECTED = 64;
  private static final int NANOS = 128;

  @Override
  protected int form() {
    return 3;
  }

  @Override
  protected void write(Observation record, WireWriter out) {
    put(record, out);
  }

  @Override
  protected void read(Observation record, WireReader in, int form) throws IOException {
    get(record, in);
  }

  @Override
  protected void copyInto(Observation from, Observation to) {
    duplicate(from, to);
  }

  static void put(Observation record, WireWriter out) {
    double[] features = record.features;
    RawRecord raw = record.raw;
    String by = record.by;
    String identity = record.identity;
    Rejected rejected = record.rejected;
    out.putByte(
        (record.end ? END : 0)
            | (features == null ? 0 : FEATURES)
            | (raw == null ? 0 : RAW)
            | (record.start ? START : 0)
            | (by == null ? 0 : BY)
            | (identity == null ? 0 : IDENTITY)
            | (rejected == null ? 0 : REJECTED)
            | (record.nanos == 0 ? 0 : NANOS));
    out.putLong(record.timestamp);
    out.putLong(record.position);
    out.putText(record.series);
    out.putText(record.origin);
    if (features != null) {
      out.putDoubles(features);
    }
    out.putText(record.unusable);
    out.putTexts(record.keep);
    if (raw != null) {
      RawRecords.put(raw, out);
    }
    if (by != null) {
      out.putText(by);
    }
    if (identity != null) {
      out.putText(identity);
    }
    if (rejected != null) {
      RejectedSerializer.put(rejected, out);
    }
    if (record.nanos != 0) {
      out.putInt(record.nanos);
    }
  }

  @SuppressWarnings("NullAway") // a user's own stream may hold null where null should not be
  static void get(Observation record, WireReader in) throws IOException {
    int flags = in.getByte();
    record.end = (flags & END) != 0;
    record.start = (flags & START) != 0;
    record.timestamp = in.getLong();
    record.position = in.getLong();
    record.series = in.getText();
    record.origin = in.sharedText();
    record.features = (flags & FEATURES) != 0 ? in.getDoubles() : null;
    record.unusable = in.getText();
    record.keep = in.getTexts();
    record.raw = (flags & RAW) != 0 ? RawRecords.get(in) : null;
    record.by = (flags & BY) != 0 ? in.getText() : null;
    record.identity = (flags & IDENTITY) != 0 ? in.getText() : null;
    Rejected rejected = null;
    if ((flags & REJECTED) != 0) {
      rejected = new Rejected();
      RejectedSerializer.get(rejected, in);
    }
    record.rejected = rejected;
    record.nanos = (flags & NANOS) != 0 ? in.getInt() : 0;
  }

  static void duplicate(Observation from, Observation to) {
    to.series = from.series;
    to.timestamp = from.timestamp;
    to.nanos = from.nanos;
    to.features = Copies.of(from.features);
    to.end = from.end;
    to.start = from.start;
    to.by = from.by;
    to.identity = from.identity;
    to.unusable = from.unusable;
    to.origin = from.origin;
    to.position = from.position;
    to.keep = Copies.of(from.keep);
    to.raw = from.raw == null ? null : RawRecords.copy(from.raw);
    Rejected rejected = null;
    if (from.rejected != null) {
      rejected = new Rejected();
      RejectedSerializer.duplicate(from.rejected, rejected);
    }
    to.rejected = rejected;
  }

  @Override
  public Observation createInstance() {
    return new Observation();
  }

  @Override
  public ObservationSerializer duplicate() {
    return new ObservationSerializer();
  }

  @Override
  public TypeSerializerSnapshot<Observation> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink. */
  public static final class Snapshot extends RecordSnapshot<Observation> {
    public Snapshot() {
      super(new ObservationSerializer());
    }

    @Override
    public TypeSerializer<Observation> restoreSerializer() {
      return new ObservationSerializer();
    }
  }

  /** For Flink. */
  public static final class Factory extends TypeInfoFactory<Observation> {
    @Override
    public TypeInformation<Observation> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new RecordTypeInfo<>(Observation.class, new ObservationSerializer());
    }
  }
}
