package io.unroll.connectors.format;

import io.unroll.connectors.format.FieldPath.Origin;
import io.unroll.connectors.format.FieldReader.MarkerSlot;
import io.unroll.connectors.format.ObservationFields.FeatureSource;
import io.unroll.connectors.format.ObservationFields.Marker;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.Rejected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts an observation together: fetches every field of a record once, in {@code values}, then reads
 * the parts from them.
 *
 * <p>A record is first read the fast way, where its format has one. A record with anything wrong in
 * it, or unusual, is read again the exact way, which alone finds words for what is wrong. Not safe
 * to share between threads.
 */
final class RecordAssembler {
  /** A timestamp of so many characters is no column's name. */
  private static final int SURE_TIMESTAMP = 8;

  private final Format format;
  private final boolean carryRaw;
  private final KeyFormat keyFormat;

  /** What {@code $file} is. */
  private final Value file;

  private final @Nullable Oddities oddities;

  /** Every path that the observation needs, in this order: its place is its slot. */
  private final List<FieldPath> paths = new ArrayList<>();

  private final SeriesReader series;
  private final int timestampSlot;
  private final int[] featureSlots;
  private final boolean[] optional;
  private final boolean[] beside;
  private final @Nullable MarkerSlot end;
  private final @Nullable MarkerSlot start;
  private final int bySlot;
  private final int identitySlot;
  private final int[] keepSlots;

  private final RecordReader value;
  private final Value[] streamed;
  private final @Nullable RecordReader key;
  private final int[] partSlots;

  private final FieldReader fields;
  private final TimestampReader timestamps;

  RecordAssembler(
      Format format,
      ObservationFields fields,
      TimestampBounds bounds,
      boolean carryRaw,
      ObservationReader.WallClock clock,
      @Nullable Oddities oddities,
      Value file) {
    this.oddities = oddities;
    this.format = format;
    this.carryRaw = carryRaw;
    series = new SeriesReader(fields.series(), this::slot);
    keyFormat = fields.key();
    this.file = file;
    timestampSlot = slot(fields.timestamp().field());
    List<FeatureSource> features = fields.features();
    featureSlots = features.stream().mapToInt(feature -> slot(feature.field())).toArray();
    optional = new boolean[featureSlots.length];
    beside = new boolean[featureSlots.length];
    for (int i = 0; i < optional.length; i++) {
      optional[i] = features.get(i).optional();
      beside[i] = features.get(i).beside();
    }
    end = markerSlot(fields.end());
    start = markerSlot(fields.start());
    bySlot = slotOrNone(fields.by());
    identitySlot = slotOrNone(fields.deduplicateBy());
    keepSlots = fields.keep().stream().mapToInt(kept -> slot(kept.field())).toArray();

    int[] valueSlots = slots(FieldPath::isInRecord);
    value = format.reader(wanted("value", valueSlots));
    streamed = new Value[paths.size()];
    int[] keySlots = slots(path -> path.origin() == Origin.KEY && !path.names().isEmpty());
    key = keySlots.length == 0 ? null : Formats.named(Formats.JSON).reader(wanted("key", keySlots));
    partSlots =
        slots(
            path -> !path.isInRecord() && (path.origin() != Origin.KEY || path.names().isEmpty()));
    this.fields = new FieldReader(paths, format);
    timestamps =
        new TimestampReader(fields.timestamp(), bounds, clock::millis, numbers(fields, format));
  }

  /** How a timestamp that is a number is written: one of Kafka's is not of the record's format. */
  private static NumberSigns numbers(ObservationFields fields, Format format) {
    return fields.timestamp().field().isInRecord() ? format.numbers() : NumberSigns.PLAIN;
  }

  Framing framing() {
    return format.framing();
  }

  /** What a file's first record is; null if it is one like all others. */
  @Nullable FileHeader header() {
    return value.header();
  }

  /** What tells that a file's first record is an observation; null if nothing does. */
  @Nullable String observation(Value[] values) {
    try {
      readParts(RecordParts.ofValue(new byte[0]), values);
      timestamps.read(values[timestampSlot]);
    } catch (Unreadable e) {
      return null;
    }
    String timestamp = values[timestampSlot].text().strip();
    // A number of a few digits may be a column's name, whatever is counted from 1970.
    if (timestamp.length() < SURE_TIMESTAMP && !fields.areNumbers(values, featureSlots)) {
      return null;
    }
    return "timestamp " + paths.get(timestampSlot) + " is " + Text.cut(timestamp);
  }

  /** True if a record has a time. */
  boolean hasTime(byte[] record) {
    try {
      timestamps.read(values(RecordParts.ofValue(record))[timestampSlot]);
      return true;
    } catch (Unreadable e) {
      return false;
    }
  }

  Reading read(RecordParts record, String origin, long position) {
    byte[] bytes = record.value();
    if (bytes != null && oddities == null) {
      Observation observation = stream(bytes, record);
      if (observation != null) {
        return Reading.of(place(observation, record, origin, position));
      }
    }
    return readExactly(record, origin, position);
  }

  /** The exact way, for any record. */
  Reading readExactly(RecordParts record, String origin, long position) {
    try {
      Value[] values = values(record);
      Reading reading = assemble(values, record, origin, position);
      if (oddities != null) {
        Observation read = reading.observation;
        tell(oddities, values, record, origin + position, read == null ? null : read.series);
      }
      return reading;
    } catch (Unreadable e) {
      return reject(record, origin, position, e.reason());
    }
  }

  private void tell(
      Oddities oddities,
      Value[] values,
      RecordParts record,
      String place,
      @Nullable String series) {
    byte[] bytes = record.value();
    if (bytes != null) {
      oddities.record(place, bytes, format, paths, series);
    }
    oddities.timestamp(place, values[timestampSlot], timestamps);
    for (int slot : featureSlots) {
      oddities.feature(place, paths.get(slot), values[slot], format);
    }
  }

  /** The fast way; null if the record has to be read the exact way. */
  @Nullable Observation stream(byte[] bytes, RecordParts record) {
    if (!value.readFast(bytes, streamed)) {
      return null;
    }
    readParts(record, streamed);
    Observation observation = new Observation();
    try {
      observation.series = series.read(streamed);
      observation.timestamp = timestamps.read(streamed[timestampSlot]);
      observation.nanos = timestamps.nanos();
      readRest(observation, streamed);
    } catch (Unreadable e) {
      // Found again, with its reason, the exact way.
      return null;
    }
    return observation.unusable == null ? observation : null;
  }

  /**
   * What an observation has besides its series and its timestamp. {@code observation}: Modified.
   */
  private void readRest(Observation observation, Value[] values) throws Unreadable {
    observation.end = end != null && fields.isSet(values, end);
    observation.start = start != null && fields.isSet(values, start);
    boolean marker = observation.end || observation.start;
    if (!(marker && fields.allAbsent(values, featureSlots, optional, beside))) {
      try {
        observation.features = fields.features(values, featureSlots, optional, beside);
      } catch (Unreadable e) {
        if (!observation.end) {
          throw e;
        }
        observation.unusable = e.reason();
      }
    }
    // An end marker that is nothing else ends whatever is open, and comes twice without harm.
    boolean needed = !(observation.end && observation.features == null);
    if (bySlot >= 0) {
      observation.by = fields.by(values, bySlot, needed);
    }
    if (identitySlot >= 0) {
      observation.identity = fields.identity(values, identitySlot, needed);
    }
    observation.keep = keepSlots.length == 0 ? null : fields.kept(values, keepSlots);
  }

  Reading reject(RecordParts record, String origin, long position, String reason) {
    Rejected rejected = new Rejected();
    rejected.input = origin + position;
    rejected.reason = reason;
    rejected.raw = carryRaw ? record.raw() : null;
    return Reading.of(rejected);
  }

  private Value[] values(RecordParts record) throws Unreadable {
    Value[] values = new Value[paths.size()];
    byte[] bytes = record.value();
    if (bytes == null) {
      throw new Unreadable("no value");
    }
    value.read(bytes, values);
    readParts(record, values);
    return values;
  }

  /** What is not in the record's value. */
  private void readParts(RecordParts record, Value[] values) {
    for (int slot : partSlots) {
      values[slot] = part(paths.get(slot), record);
    }
    if (key != null) {
      readKey(key, record.key(), values);
    }
  }

  private void readKey(RecordReader wanted, byte @Nullable [] key, Value[] values) {
    Value all = Value.MISSING;
    try {
      if (key != null) {
        wanted.read(key, values);
        return;
      }
    } catch (Unreadable e) {
      all = Value.broken(e.reason());
    }
    for (int slot = 0; slot < values.length; slot++) {
      FieldPath path = paths.get(slot);
      if (path.origin() == Origin.KEY && !path.names().isEmpty()) {
        values[slot] = all;
      }
    }
  }

  private Value part(FieldPath path, RecordParts record) {
    String topic = record.topic();
    return switch (path.origin()) {
      case TOPIC -> topic == null ? Value.MISSING : Value.text(topic);
      case TIMESTAMP ->
          record.timestamp() < 0
              ? Value.broken("the record has no timestamp of its own")
              : new Value(Value.Kind.NUMBER, Long.toString(record.timestamp()));
      case HEADER -> textOf(record.header(path.names().get(0)));
      case FILE -> file;
      case KEY, VALUE, POINTER -> keyFormat.read(record.key());
    };
  }

  private static Value textOf(byte @Nullable [] bytes) {
    if (bytes == null) {
      return Value.MISSING;
    }
    try {
      return Value.text(Text.decode(bytes, "text"));
    } catch (Unreadable e) {
      return Value.broken(e.reason());
    }
  }

  private Reading assemble(Value[] values, RecordParts record, String origin, long position) {
    Observation observation = new Observation();
    @Nullable String name = null;
    @Nullable Long timestamp = null;
    try {
      // Both are tried before either is complained about: a rejected record shows what it can.
      @Nullable Unreadable bad = null;
      try {
        name = series.read(values);
      } catch (Unreadable e) {
        bad = e;
      }
      try {
        timestamp = timestamps.read(values[timestampSlot]);
      } catch (Unreadable e) {
        bad = bad == null ? e : bad;
      }
      if (bad != null || name == null || timestamp == null) {
        throw bad == null ? new Unreadable("no series or no timestamp") : bad;
      }
      observation.series = name;
      observation.timestamp = timestamp;
      observation.nanos = timestamps.nanos();
      readRest(observation, values);
    } catch (Unreadable e) {
      Reading reading = reject(record, origin, position, e.reason());
      Rejected rejected = reading.rejected;
      if (rejected != null) {
        rejected.series = name;
        rejected.timestamp = timestamp;
      }
      return reading;
    }
    return Reading.of(place(observation, record, origin, position));
  }

  private Observation place(
      Observation observation, RecordParts record, String origin, long position) {
    observation.origin = origin;
    observation.position = position;
    observation.raw = carryRaw ? record.raw() : null;
    return observation;
  }

  private WantedFields wanted(String what, int[] slots) {
    BitSet needed = new BitSet();
    needed.set(timestampSlot);
    Arrays.stream(series.slots()).forEach(needed::set);
    return new WantedFields(what, paths(slots), slots, paths.size(), digits(), needed);
  }

  /** Slots whose numbers are used as they are written, not only as numbers. */
  private BitSet digits() {
    BitSet digits = new BitSet();
    digits.set(timestampSlot); // whole numbers keep their digits anyway
    IntStream.of(
            end == null ? -1 : end.slot(), start == null ? -1 : start.slot(), bySlot, identitySlot)
        .filter(slot -> slot >= 0)
        .forEach(digits::set);
    IntStream.concat(Arrays.stream(series.slots()), Arrays.stream(keepSlots)).forEach(digits::set);
    return digits;
  }

  private int slot(FieldPath path) {
    int slot = paths.indexOf(path);
    if (slot < 0) {
      paths.add(path);
      return paths.size() - 1;
    }
    return slot;
  }

  /** -1 for no path. */
  private int slotOrNone(@Nullable FieldPath path) {
    return path == null ? -1 : slot(path);
  }

  private @Nullable MarkerSlot markerSlot(@Nullable Marker marker) {
    return marker == null ? null : new MarkerSlot(slot(marker.field()), marker.in());
  }

  private int[] slots(Predicate<FieldPath> wanted) {
    return IntStream.range(0, paths.size()).filter(slot -> wanted.test(paths.get(slot))).toArray();
  }

  private List<FieldPath> paths(int[] slots) {
    return Arrays.stream(slots).mapToObj(paths::get).toList();
  }
}
