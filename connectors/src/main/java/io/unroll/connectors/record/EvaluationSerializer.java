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

/** How an {@link Evaluation} crosses the network, where its sink runs in another task. */
public final class EvaluationSerializer extends RecordSerializer<Evaluation> {

  private static final long serialVersionUID = 1L;

  @Override
  protected int form() {
    return 1;
  }

  @Override
  protected void write(Evaluation record, WireWriter out) {
    out.putLong(record.step);
    out.putLong(record.made);
    out.putLong(record.timestamp);
    out.putInt(record.ahead);
    out.putDouble(record.predicted);
    out.putDouble(record.actual);
    out.putDouble(record.persistence);
    out.putDouble(record.quantile);
    out.putLong(record.position);
    out.putText(record.series);
    out.putText(record.sequence);
    out.putText(record.output);
    out.putText(record.against);
    out.putText(record.model);
    out.putText(record.origin);
  }

  @Override
  @SuppressWarnings("NullAway") // a user's own stream may hold null where null should not be
  protected void read(Evaluation record, WireReader in, int form) throws IOException {
    record.step = in.getLong();
    record.made = in.getLong();
    record.timestamp = in.getLong();
    record.ahead = in.getInt();
    record.predicted = in.getDouble();
    record.actual = in.getDouble();
    record.persistence = in.getDouble();
    record.quantile = in.getDouble();
    record.position = in.getLong();
    record.series = in.getText();
    record.sequence = in.getText();
    record.output = in.sharedText();
    record.against = in.sharedText();
    record.model = in.sharedText();
    record.origin = in.sharedText();
  }

  @Override
  protected void copyInto(Evaluation from, Evaluation to) {
    to.series = from.series;
    to.sequence = from.sequence;
    to.step = from.step;
    to.made = from.made;
    to.timestamp = from.timestamp;
    to.output = from.output;
    to.against = from.against;
    to.ahead = from.ahead;
    to.predicted = from.predicted;
    to.actual = from.actual;
    to.persistence = from.persistence;
    to.quantile = from.quantile;
    to.model = from.model;
    to.origin = from.origin;
    to.position = from.position;
  }

  @Override
  public Evaluation createInstance() {
    return new Evaluation();
  }

  @Override
  public EvaluationSerializer duplicate() {
    return new EvaluationSerializer();
  }

  @Override
  public TypeSerializerSnapshot<Evaluation> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink. */
  public static final class Snapshot extends RecordSnapshot<Evaluation> {
    public Snapshot() {
      super(new EvaluationSerializer());
    }

    @Override
    public TypeSerializer<Evaluation> restoreSerializer() {
      return new EvaluationSerializer();
    }
  }

  /** For Flink. */
  public static final class Factory extends TypeInfoFactory<Evaluation> {
    @Override
    public TypeInformation<Evaluation> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return new RecordTypeInfo<>(Evaluation.class, new EvaluationSerializer());
    }
  }
}
