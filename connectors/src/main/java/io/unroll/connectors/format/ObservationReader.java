package io.unroll.connectors.format;

import io.unroll.connectors.record.Reading;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns raw records into readings; one per source. Bad data never throws: it becomes a rejected
 * reading that says what is wrong.
 *
 * <p>Immutable and safe to share between threads; what it hands out is neither. Kafka records go to
 * {@link #records()}, the lines of a file to {@link #lines(String)}.
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
      return System::currentTimeMillis;
    }
  }

  /** The endings of packed files. */
  private static final Pattern PACKED =
      Pattern.compile("\\.(gz|gzip|bz2|xz|deflate|zst)$", Pattern.CASE_INSENSITIVE);

  private final Format format;
  private final ObservationFields fields;
  private final TimestampBounds bounds;
  private final boolean carryRaw;
  private final WallClock clock;

  /** Told of every record; of the looks before a run alone, and so in no job. */
  private final transient @Nullable Oddities oddities;

  /** {@code carryRaw}: readings carry the record as it came, for rejected and late outputs. */
  public ObservationReader(
      Format format, ObservationFields fields, TimestampBounds bounds, boolean carryRaw) {
    this(format, fields, bounds, carryRaw, WallClock.system());
  }

  public ObservationReader(
      Format format,
      ObservationFields fields,
      TimestampBounds bounds,
      boolean carryRaw,
      WallClock clock) {
    this(format, fields, bounds, carryRaw, clock, null);
  }

  private ObservationReader(
      Format format,
      ObservationFields fields,
      TimestampBounds bounds,
      boolean carryRaw,
      WallClock clock,
      @Nullable Oddities oddities) {
    this.format = format;
    this.fields = fields;
    this.bounds = bounds;
    this.carryRaw = carryRaw;
    this.clock = clock;
    this.oddities = oddities;
  }

  /** This, and {@code oddities} are told what it reads. */
  public ObservationReader telling(Oddities oddities) {
    return new ObservationReader(format, fields, bounds, carryRaw, clock, oddities);
  }

  /** How records are written. */
  public Format format() {
    return format;
  }

  /** Where the parts of an observation are. */
  public ObservationFields fields() {
    return fields;
  }

  /** A fresh reading of records that each stand alone, as a topic has them. */
  public Records records() {
    return new Records(assembler());
  }

  /**
   * A fresh reading of a file's records.
   *
   * @param origin the file's path below the source's, with a colon
   */
  public RecordLines lines(String origin) {
    return new RecordLines(assembler(Value.text(fileName(origin))), origin);
  }

  /** True if a file's first records say how the others are read. */
  public boolean hasHeader() {
    return assembler().header() != null;
  }

  /**
   * True if a file's first record is no observation, but says where in the others the fields are.
   */
  public boolean namesColumns() {
    FileHeader header = assembler().header();
    return header != null && !header.isRecord();
  }

  /**
   * True if a frame at the beginning of a file is above its header, and is nothing.
   *
   * @param number of the frame, from 1
   */
  public boolean isAboveHeader(byte[] frame, long number) {
    RecordAssembler assembler = assembler();
    FileHeader header = assembler.header();
    return header != null && header.isAbove(assembler.framing().record(frame, number == 1), number);
  }

  /**
   * The names in a file's first record, where it has such a header.
   *
   * @param frame its bytes, with or without the line end
   */
  public List<String> columns(byte[] frame) throws Unreadable {
    RecordAssembler assembler = assembler();
    FileHeader header = assembler.header();
    return header == null ? List.of() : header.names(assembler.framing().record(frame, true));
  }

  /**
   * What is wrong with a file's first record as its header: it is an observation or something else,
   * or none of the names is there without which no record behind it has a series and a time. Null
   * if it may be one, is blank, or files have none.
   *
   * @param frame its bytes, with or without the line end
   * @param behind the first frames behind it
   */
  public @Nullable String wrongHeader(byte[] frame, List<byte[]> behind) {
    RecordAssembler assembler = assembler();
    FileHeader header = assembler.header();
    if (header == null || header.isRecord()) {
      return null;
    }
    Framing framing = assembler.framing();
    byte[] record = framing.record(frame, true);
    String notOne = header.notOne(record, assembler::observation);
    return notOne != null
        ? notOne
        : header.foreign(
            record, behind.stream().map(other -> framing.record(other, false)).toList());
  }

  /** A single record, as {@link Records#read}; for tools that look at a few of them. */
  public Reading read(RecordParts record, String origin, long position) {
    return records().read(record, origin, position);
  }

  /** A single record that is nothing but its value, as {@link Records#read}. */
  public Reading read(byte[] value, String origin, long position) {
    return records().read(RecordParts.ofValue(value), origin, position);
  }

  RecordAssembler assembler() {
    return assembler(Value.MISSING);
  }

  private RecordAssembler assembler(Value file) {
    return new RecordAssembler(format, fields, bounds, carryRaw, clock, oddities, file);
  }

  /** A file's path without the ending of its name, and without that of a packed one. */
  private static String fileName(String origin) {
    String path = origin.substring(0, origin.length() - 1);
    return withoutEnding(PACKED.matcher(path).replaceFirst(""));
  }

  private static String withoutEnding(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }
}
