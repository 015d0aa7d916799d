package io.unroll.connectors.wire;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializes one type of record: four bytes of length, one of the form, then what {@link #write}
 * makes of the record. The bytes are put together in a buffer and cross Flink's memory segments in
 * one go.
 *
 * <p>Records of this kind live in flight, and so in the checkpoints of unaligned channels, of which
 * Flink keeps no more than the bytes. Therefore each record names its form: a later version reads
 * the forms of the earlier ones.
 */
public abstract class RecordSerializer<T> extends TypeSerializer<T> {

  private static final long serialVersionUID = 1L;

  /** Bytes in front of a record: length and form. */
  private static final int HEADER = 5;

  // Runtime fields, made on first use: a serializer travels in the job, its buffers do not.
  private transient @Nullable WireWriter writer;
  private transient @Nullable WireReader reader;

  /** The form that {@link #write} writes, from 1. */
  protected abstract int form();

  /** Writes every field. */
  protected abstract void write(T record, WireWriter out);

  /**
   * Reads every field.
   *
   * @param record to be filled. Modified.
   * @param form that it was written in, not above {@link #form}
   */
  protected abstract void read(T record, WireReader in, int form) throws IOException;

  /** Copies every field so that the two share nothing mutable. {@code to} is modified. */
  protected abstract void copyInto(T from, T to);

  @Override
  public abstract RecordSerializer<T> duplicate();

  @Override
  public final boolean isImmutableType() {
    return false;
  }

  @Override
  public final int getLength() {
    return -1;
  }

  @Override
  public final T copy(T from) {
    T copy = createInstance();
    copyInto(from, copy);
    return copy;
  }

  @Override
  public final T copy(T from, T reuse) {
    copyInto(from, reuse);
    return reuse;
  }

  @Override
  public final void serialize(T record, DataOutputView target) throws IOException {
    WireWriter out = writer;
    if (out == null) {
      out = new WireWriter();
      writer = out;
    }
    out.start(HEADER);
    write(record, out);
    byte[] bytes = out.buffer();
    int length = out.length() - HEADER;
    bytes[0] = (byte) (length >>> 24);
    bytes[1] = (byte) (length >>> 16);
    bytes[2] = (byte) (length >>> 8);
    bytes[3] = (byte) length;
    bytes[4] = (byte) form();
    target.write(bytes, 0, out.length());
  }

  @Override
  public final T deserialize(DataInputView source) throws IOException {
    return deserialize(createInstance(), source);
  }

  @Override
  public final T deserialize(T reuse, DataInputView source) throws IOException {
    WireReader in = reader();
    int length = source.readInt();
    int form = source.readByte();
    if (form < 1 || form > form()) {
      throw new IOException(
          getClass().getSimpleName()
              + ": found a record in form "
              + form
              + ", expected 1 to "
              + form());
    }
    in.start(source, length);
    read(reuse, in, form);
    in.finish();
    return reuse;
  }

  @Override
  public final void copy(DataInputView source, DataOutputView target) throws IOException {
    int length = source.readInt();
    target.writeInt(length);
    target.writeByte(source.readByte());
    // Not write(source, length): some of Flink's own targets do not grow for that.
    WireReader in = reader();
    in.start(source, length);
    target.write(in.buffer(), 0, length);
  }

  private WireReader reader() {
    WireReader in = reader;
    if (in == null) {
      in = new WireReader();
      reader = in;
    }
    return in;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof RecordSerializer<?> that && that.getClass() == getClass();
  }

  @Override
  public final int hashCode() {
    return getClass().hashCode();
  }
}
