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
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Prediction} crosses the network, where its sink runs in another task.
 *
 * <p>Form 2 added all flags but {@code OUTPUT}, and what they announce. A prediction without them
 * has the bytes of form 1, and form 1 is read as one without them.
 */
public final class PredictionSerializer extends RecordSerializer<Prediction> {

  private static final long serialVersionUID = 1L;

  private static final int OUTPUT = 1;
  private static final int AHEAD = 2;
  private static final int PREDICTED = 4;
  private static final int TOKEN = 8;
  private static final int FILLED = 16;
  private static final int WARMING = 32;

  @Override
  protected int form() {
    return 2;
  }

  @Override
  @SuppressWarnings("NullAway") // a user's own stream may hold null where null should not be
  protected void write(Prediction record, WireWriter out) {
    out.putLong(record.step);
    out.putLong(record.timestamp);
    out.putByte(code(record.kind));
    out.putText(record.series);
    out.putText(record.sequence);
    out.putText(record.model);
    out.putText(record.origin);
    out.putLong(record.position);
    out.putByte(flags(record));
    if (record.output != null) {
      out.putFloats(record.output);
    }
    out.putTexts(record.keep);
    if (record.ahead != 0) {
      out.putInt(record.ahead);
    }
    if (record.predicted != Prediction.NOT_PREDICTED) {
      out.putLong(record.predicted);
    }
    if (record.token != -1) {
      out.putInt(record.token);
    }
  }

  @SuppressWarnings("NullAway")
  private static int flags(Prediction record) {
    return (record.output == null ? 0 : OUTPUT)
        | (record.ahead == 0 ? 0 : AHEAD)
        | (record.predicted == Prediction.NOT_PREDICTED ? 0 : PREDICTED)
        | (record.token == -1 ? 0 : TOKEN)
        | (record.filled ? FILLED : 0)
        | (record.warming ? WARMING : 0);
  }

  @Override
  @SuppressWarnings("NullAway")
  protected void read(Prediction record, WireReader in, int form) throws IOException {
    record.step = in.getLong();
    record.timestamp = in.getLong();
    record.kind = kind(in.getByte());
    record.series = in.getText();
    record.sequence = in.getText();
    record.model = in.sharedText();
    record.origin = in.sharedText();
    record.position = in.getLong();
    int flags = in.getByte();
    record.output = (flags & OUTPUT) != 0 ? in.getFloats() : null;
    record.keep = in.getTexts();
    record.ahead = (flags & AHEAD) != 0 ? in.getInt() : 0;
    record.predicted = (flags & PREDICTED) != 0 ? in.getLong() : Prediction.NOT_PREDICTED;
    record.token = (flags & TOKEN) != 0 ? in.getInt() : -1;
    record.filled = (flags & FILLED) != 0;
    record.warming = (flags & WARMING) != 0;
  }

  /** Codes are in checkpoints: they cannot change. */
  private static int code(Prediction.@Nullable Kind kind) {
    if (kind == null) {
      return 0;
    }
    return switch (kind) {
      case STEP -> 1;
      case FINAL -> 2;
      case DECODED -> 3;
      case FORECAST -> 4;
    };
  }

  private static Prediction.@Nullable Kind kind(int code) throws IOException {
    return switch (code) {
      case 0 -> null;
      case 1 -> Prediction.Kind.STEP;
      case 2 -> Prediction.Kind.FINAL;
      case 3 -> Prediction.Kind.DECODED;
      case 4 -> Prediction.Kind.FORECAST;
      default -> throw new IOException("a prediction's kind: found " + code + ", expected 0 to 4");
    };
  }

  @Override
  @SuppressWarnings("NullAway")
  protected void copyInto(Prediction from, Prediction to) {
    to.series = from.series;
    to.sequence = from.sequence;
    to.step = from.step;
    to.timestamp = from.timestamp;
    to.kind = from.kind;
    to.ahead = from.ahead;
    to.predicted = from.predicted;
    to.token = from.token;
    to.filled = from.filled;
    to.warming = from.warming;
    to.output = Copies.of(from.output);
    to.model = from.model;
    to.origin = from.origin;
    to.position = from.position;
    to.keep = Copies.of(from.keep);
  }

  @Override
  public Prediction createInstance() {
    return new Prediction();
  }

  @Override
  public PredictionSerializer duplicate() {
    return new PredictionSerializer();
  }

  @Override
  public TypeSerializerSnapshot<Prediction> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink. */
  public static final class Snapshot extends RecordSnapshot<Prediction> {
    public Snapshot() {
      super(new PredictionSerializer());
    }

    @Override
    public TypeSerializer<Prediction> restoreSerializer() {
      return new PredictionSerializer();
    }
  }

  /** For Flink. */
  public static final class Factory extends TypeInfoFactory<Prediction> {
    @Override
    public TypeInformation<Prediction> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new RecordTypeInfo<>(Prediction.class, new PredictionSerializer());
    }
  }
}
