package io.unroll.connectors.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first record of a file where it is no observation but says where in the others the fields
 * are. It belongs to its {@link RecordReader}, which reads what follows accordingly.
 */
public interface FileHeader {

  /** Tells whether values are an observation's. */
  @FunctionalInterface
  interface Judge {
    /** What of them says so; null if nothing does. {@code values}: those that are not read yet. */
    @Nullable String observation(Value[] values);
  }

  /**
   * True if a record in front of it is nothing at all.
   *
   * @param number of the record in its file, from 1
   */
  default boolean isAbove(byte[] record, long number) {
    return false;
  }

  /**
   * True if it is a record like all others, too, and says no more than how many fields they have.
   */
  default boolean isRecord() {
    return false;
  }

  /** Reads it: the records from here on are of its file. */
  void read(byte[] record) throws Unreadable;

  /** True if a record ends in the middle of a text, which may go on in the next ones. */
  boolean opensText(byte[] record);

  /** True if a record is whole and has what the header, which has been read, says. */
  boolean isRow(byte[] record);

  /** The names in it, each once. */
  List<String> names(byte[] record) throws Unreadable;

  /** Why it is none, but an observation or something else; null if it may be one. */
  @Nullable String notOne(byte[] record, Judge judge);

  /**
   * Why no record behind it can be read: it has no field that each record needs. Null if it has one
   * or is read as nothing.
   *
   * @param behind the first records behind it, as many as were looked at
   */
  @Nullable String foreign(byte[] record, List<byte[]> behind);
}
