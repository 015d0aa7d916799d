package io.unroll.connectors.format;

import io.unroll.connectors.record.Reading;
import java.io.Serializable;
import java.time.Instant;

/**
 * Turns raw records into readings; one per source. Bad data never throws: it becomes a rejected
 * reading that says what is wrong.
 *
 * <p>Immutable and safe to share between threads. Kafka records go to {@link #read(RecordParts,
 * String, long)}, the lines of a file to {@link #lines(String)}.
 */
public final class ObservationReader implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The wall clock, against which {@link TimestampBounds#maxAhead} is held. */
  @FunctionalInterface
  public interface WallClock extends Serializable {
    /** Epoch milliseconds. */
    long millis();

    /** The machine's own clock. */
    static WallClock system() {
      return () -> Instant.now().toEpochMilli();
    }
  }

  private final RecordFormat format;
  private final ObservationFields fields;
  private final TimestampBounds bounds;
  private final boolean carryRaw;
  private final WallClock clock;
  private final transient RecordAssembler assembler;

  /** {@code carryRaw}: readings carry the record as it came, for rejected and late outputs. */
  public ObservationReader(
      RecordFormat format, ObservationFields fields, TimestampBounds bounds, boolean carryRaw) {
    this(format, fields, bounds, carryRaw, WallClock.system());
  }

  public ObservationReader(
      RecordFormat format,
      ObservationFields fields,
      TimestampBounds bounds,
      boolean carryRaw,
      WallClock clock) {
    this.format = format;
    this.fields = fields;
    this.bounds = bounds;
    this.carryRaw = carryRaw;
    this.clock = clock;
    this.assembler = new RecordAssembler(format, fields, bounds, carryRaw, clock);
  }

  /** How records are written. */
  public RecordFormat format() {
    return format;
  }

  /** Where the parts of an observation are. */
  public ObservationFields fields() {
    return fields;
  }

  /**
   * One record that stands alone. CSV has no header here: only pointers name its columns.
   *
   * @param origin the source with its separator, {@code "weather/0@"}: make it once per partition
   * @param position in {@code origin}
   */
  public Reading read(RecordParts record, String origin, long position) {
    return assembler.read(record, origin, position);
  }

  /** One record that is nothing but its value, as {@link #read(RecordParts, String, long)}. */
  public Reading read(byte[] value, String origin, long position) {
    return assembler.read(RecordParts.ofValue(value), origin, position);
  }

  /** A fresh reading of a file's lines; {@code origin} is its name with a colon. */
  public RecordLines lines(String origin) {
    return new RecordLines(assembler, origin);
  }

  private Object readResolve() {
    return new ObservationReader(format, fields, bounds, carryRaw, clock);
  }
}
