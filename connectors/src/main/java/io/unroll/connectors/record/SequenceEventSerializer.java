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
import org.jspecify.annotations.Nullable;

/** How a {@link SequenceEvent} crosses the network, where its sink runs in another task. */
public final class SequenceEventSerializer extends RecordSerializer<SequenceEvent> {

  private static final long serialVersionUID = 1L;

  @Override
  protected int form() {
    return 1;
  }

  @Override
  protected void write(SequenceEvent record, WireWriter out) {
    out.putByte(code(record.event));
    out.putByte(code(record.reason));
    out.putLong(record.steps);
    out.putLong(record.first);
    out.putLong(record.last);
    out.putLong(record.timestamp);
    out.putText(record.series);
    out.putText(record.sequence);
    out.putText(record.input);
    out.putText(record.model);
  }

  @Override
  @SuppressWarnings("NullAway") // a user's own stream may hold null where null should not be
  protected void read(SequenceEvent record, WireReader in, int form) throws IOException {
    record.event = event(in.getByte());
    record.reason = reason(in.getByte());
    record.steps = in.getLong();
    record.first = in.getLong();
    record.last = in.getLong();
    record.timestamp = in.getLong();
    record.series = in.getText();
    record.sequence = in.getText();
    record.input = in.getText();
    record.model = in.sharedText();
  }

  // Codes are in checkpoints: they cannot change.

  private static int code(SequenceEvent.@Nullable Event event) {
    if (event == null) {
      return 0;
    }
    return switch (event) {
      case OPENED -> 1;
      case CLOSED -> 2;
    };
  }

  private static SequenceEvent.@Nullable Event event(int code) throws IOException {
    return switch (code) {
      case 0 -> null;
      case 1 -> SequenceEvent.Event.OPENED;
      case 2 -> SequenceEvent.Event.CLOSED;
      default -> throw new IOException("a sequence's event: found " + code + ", expected 0 to 2");
    };
  }

  private static int code(@Nullable CloseReason reason) {
    if (reason == null) {
      return 0;
    }
    return switch (reason) {
      case END -> 1;
      case IDLE -> 2;
      case MAX_STEPS -> 3;
      case END_OF_INPUT -> 4;
      case MAX_DURATION -> 5;
      case CHANGED -> 6;
      case RESTARTED -> 7;
      case CLOSE_AT -> 8;
      case GAP -> 9;
    };
  }

  private static @Nullable CloseReason reason(int code) throws IOException {
    return switch (code) {
      case 0 -> null;
      case 1 -> CloseReason.END;
      case 2 -> CloseReason.IDLE;
      case 3 -> CloseReason.MAX_STEPS;
      case 4 -> CloseReason.END_OF_INPUT;
      case 5 -> CloseReason.MAX_DURATION;
      case 6 -> CloseReason.CHANGED;
      case 7 -> CloseReason.RESTARTED;
      case 8 -> CloseReason.CLOSE_AT;
      case 9 -> CloseReason.GAP;
      default -> throw new IOException("a close's reason: found " + code + ", expected 0 to 9");
    };
  }

  @Override
  protected void copyInto(SequenceEvent from, SequenceEvent to) {
    to.series = from.series;
    to.sequence = from.sequence;
    to.event = from.event;
    to.reason = from.reason;
    to.steps = from.steps;
    to.first = from.first;
    to.last = from.last;
    to.input = from.input;
    to.model = from.model;
    to.timestamp = from.timestamp;
  }

  @Override
  public SequenceEvent createInstance() {
    return new SequenceEvent();
  }

  @Override
  public SequenceEventSerializer duplicate() {
    return new SequenceEventSerializer();
  }

  @Override
  public TypeSerializerSnapshot<SequenceEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink. */
  public static final class Snapshot extends RecordSnapshot<SequenceEvent> {
    public Snapshot() {
      super(new SequenceEventSerializer());
    }

    @Override
    public TypeSerializer<SequenceEvent> restoreSerializer() {
      return new SequenceEventSerializer();
    }
  }

  /** For Flink. */
  public static final class Factory extends TypeInfoFactory<SequenceEvent> {
    @Override
    public TypeInformation<SequenceEvent> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new RecordTypeInfo<>(SequenceEvent.class, new SequenceEventSerializer());
    }
  }
}
