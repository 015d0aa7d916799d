package io.unroll.job.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link SequenceState} by {@link SequenceStateLayout}. Without parameters: every value says
 * its own version and sizes, so a snapshot restores whatever the job's configuration became.
 *
 * <p>No singleton: the heap backend writes its snapshots in another thread, with a {@link
 * #duplicate}, and the layout has a buffer of its own.
 */
public final class SequenceStateSerializer extends TypeSerializer<SequenceState> {
  private static final long serialVersionUID = 1L;

  private transient @Nullable SequenceStateLayout layout;

  private SequenceStateLayout layout() {
    SequenceStateLayout mine = layout;
    if (mine == null) {
      mine = new SequenceStateLayout();
      layout = mine;
    }
    return mine;
  }

  @Override
  public SequenceStateSerializer duplicate() {
    return new SequenceStateSerializer();
  }

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
    layout().write(state, target);
  }

  @Override
  public SequenceState deserialize(DataInputView source) throws IOException {
    return layout().read(source);
  }

  @Override
  public SequenceState deserialize(SequenceState reuse, DataInputView source) throws IOException {
    return layout().read(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    layout().write(layout().read(source), target);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SequenceStateSerializer;
  }

  @Override
  public int hashCode() {
    return SequenceStateSerializer.class.hashCode();
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
