package io.unroll.connectors.record;

import io.unroll.connectors.wire.RecordSerializer;
import io.unroll.connectors.wire.RecordSnapshot;
import io.unroll.connectors.wire.RecordTypeInfo;
import io.unroll.connectors.wire.WireReader;
import io.unroll.connectors.wire.WireWriter;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/**
 * How a {@link Reading} crosses the network, where its splitter runs in another task. Form 2 holds
 * an observation of form 2, form 3 one of form 3, see {@link ObservationSerializer}. Form 4 added
 * what {@code SEVERAL} announces; what is neither that nor an observation nor rejected is skipped.
 */
public final class ReadingSerializer extends RecordSerializer<Reading> {

  private static final long serialVersionUID = 1L;

  private static final int OBSERVATION = 1;
  private static final int REJECTED = 2;
  private static final int SEVERAL = 4;

  @Override
  protected int form() {
    return 4; // the third of its observation, the second of its rejected record
  }

  @Override
  protected void write(Reading record, WireWriter out) {
    Observation observation = record.observation;
    Rejected rejected = record.rejected;
    List<Reading> inputs = record.inputs();
    boolean several = observation == null && rejected == null && !inputs.isEmpty();
    out.putByte(
        (observation == null ? 0 : OBSERVATION)
            | (rejected == null ? 0 : REJECTED)
            | (several ? SEVERAL : 0));
    if (observation != null) {
      ObservationSerializer.put(observation, out);
    }
    if (rejected != null) {
      RejectedSerializer.put(rejected, out);
    }
    if (several) {
      out.putCount(inputs.size());
      for (Reading input : inputs) {
        write(input, out);
      }
    }
  }

  @Override
  protected void read(Reading record, WireReader in, int form) throws IOException {
    int flags = in.getByte();
    Observation observation = null;
    if ((flags & OBSERVATION) != 0) {
      observation = new Observation();
      ObservationSerializer.get(observation, in);
    }
    Rejected rejected = null;
    if ((flags & REJECTED) != 0) {
      rejected = new Rejected();
      RejectedSerializer.get(rejected, in);
    }
    List<Reading> several = new ArrayList<>();
    int count = (flags & SEVERAL) != 0 ? in.getCount() : 0;
    for (int i = 0; i < count; i++) {
      Reading input = new Reading();
      read(input, in, form);
      several.add(input);
    }
    record.become(observation, rejected, several);
  }

  @Override
  protected void copyInto(Reading from, Reading to) {
    Observation observation = null;
    if (from.observation != null) {
      observation = new Observation();
      ObservationSerializer.duplicate(from.observation, observation);
    }
    Rejected rejected = null;
    if (from.rejected != null) {
      rejected = new Rejected();
      RejectedSerializer.duplicate(from.rejected, rejected);
    }
    List<Reading> several = new ArrayList<>();
    if (observation == null && rejected == null) {
      from.inputs().forEach(input -> several.add(copy(input)));
    }
    to.become(observation, rejected, several);
  }

  @Override
  public Reading createInstance() {
    return new Reading();
  }

  @Override
  public ReadingSerializer duplicate() {
    return new ReadingSerializer();
  }

  @Override
  public TypeSerializerSnapshot<Reading> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink. */
  public static final class Snapshot extends RecordSnapshot<Reading> {
    public Snapshot() {
      super(new ReadingSerializer());
    }

    @Override
    public TypeSerializer<Reading> restoreSerializer() {
      return new ReadingSerializer();
    }
  }

  /** For Flink. */
  public static final class Factory extends TypeInfoFactory<Reading> {
    @Override
    public TypeInformation<Reading> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new RecordTypeInfo<>(Reading.class, new ReadingSerializer());
    }
  }
}
