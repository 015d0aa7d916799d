package io.unroll.connectors.wire;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What state remembers of a {@link RecordSerializer}, for those who keep records in state of their
 * own: the form. A serializer reads its own form and every earlier one, so state of a later one is
 * all that it must refuse.
 */
public abstract class RecordSnapshot<T> implements TypeSerializerSnapshot<T> {

  /** Of this snapshot's own bytes. */
  private static final int VERSION = 1;

  private int form;

  /** The snapshot of a serializer that is in use, or one about to be read. */
  protected RecordSnapshot(RecordSerializer<T> serializer) {
    this.form = serializer.form();
  }

  /** A new serializer. */
  @Override
  public abstract TypeSerializer<T> restoreSerializer();

  @Override
  public final int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public final void writeSnapshot(DataOutputView out) throws IOException {
    out.writeInt(form);
  }

  @Override
  public final void readSnapshot(int version, DataInputView in, ClassLoader classes)
      throws IOException {
    if (version != VERSION) {
      throw new IOException(
          getClass().getName() + ": found version " + version + ", expected " + VERSION);
    }
    form = in.readInt();
  }

  @Override
  public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> old) {
    return old.getClass() == getClass() && ((RecordSnapshot<T>) old).form <= form
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
