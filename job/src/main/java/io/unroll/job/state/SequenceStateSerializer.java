package io.unroll.job.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes {@link SequenceState} by {@link SequenceStateLayout}. Without parameters: every value says
 * its own version and sizes, so a snapshot restores whatever the job's configuration became.
 */
public final class SequenceStateSerializer extends TypeSerializerSingleton<SequenceState> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public SequenceState createInstance() {
    return new SequenceState();
  }

  @Override
  public SequenceState copy(SequenceState from) {
    return from.copy();
  }

  @Override
  public SequenceState copy(SequenceState from, SequenceState reuse) {
    return from.copy();
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(SequenceState state, DataOutputView target) throws IOException {
    SequenceStateLayout.write(state, target);
  }

  @Override
  public SequenceState deserialize(DataInputView source) throws IOException {
    return SequenceStateLayout.read(source);
  }

  @Override
  public SequenceState deserialize(SequenceState reuse, DataInputView source) throws IOException {
    return SequenceStateLayout.read(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    SequenceStateLayout.write(SequenceStateLayout.read(source), target);
  }

  @Override
  public TypeSerializerSnapshot<SequenceState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Names the serializer in a savepoint. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<SequenceState> {
    /** For Flink. */
    public Snapshot() {
      super(SequenceStateSerializer::new);
    }
  }
}
