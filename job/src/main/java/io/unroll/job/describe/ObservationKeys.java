package io.unroll.job.describe;

import io.unroll.job.life.SeriesMemory;
import java.time.ZoneId;
import java.util.List;

/** {@code observation}: what is read from a record. */
public final class ObservationKeys {
  private static final String MARKER_VALUES =
      "The values that set the mark, each written as in the record";
  private static final String MARKER_LIST = "a list of values such as [STOP, DONE]";
  private static final String FIELD = "a field";
  private static final String WHERE = "The field that has the value";

  /** What names a series, in messages. */
  public static final String SERIES_EXPECTED =
      "a field, a list of fields, or {value: NAME} where all records are of one series";

  private static final Keys KEYS = new Keys("observation");
  private static final Keys SERIES_KEYS = new Keys("observation.series[]");
  private static final Keys TIMESTAMP_KEYS = new Keys("observation.timestamp");
  private static final Keys END_KEYS = new Keys("observation.end");
  private static final Keys START_KEYS = new Keys("observation.start");
  private static final Keys DUPLICATE_KEYS = new Keys("observation.deduplicate-by");
  private static final Keys KEEP_KEYS = new Keys("observation.keep");

  /** The fields that name a series. */
  public static final Key<List<String>> SERIES =
      KEYS.required(
          "series",
          Type.shape("field, map or list"),
          SERIES_EXPECTED,
          "The field that names the series, which is the key. The parts of a list are"
              + " joined. A map is {value: …}, or field with pattern");

  /** The same series for all records. */
  public static final Key<String> SERIES_VALUE =
      SERIES_KEYS.key(
          "value",
          Type.text("the name of a series"),
          "The same text for all records, where no field names a series");

  /** Where the text is that names it. */
  public static final Key<String> SERIES_FIELD =
      SERIES_KEYS.key("field", Type.shape("field"), "The field that has the text");

  /** What of the text names it. */
  public static final Key<String> SERIES_PATTERN =
      SERIES_KEYS.needed(
          "pattern",
          Type.text("a regular expression such as ticks-(.*)"),
          "a regular expression such as ticks-(.*)",
          "A regular expression that the whole text matches; its one group, (...), is"
              + " taken. Records with other texts are rejected");

  /** When it happened. */
  public static final Key<String> TIMESTAMP =
      KEYS.required(
          "timestamp",
          Type.shape("field or map"),
          "a field or a map with field, unit, zone; where records have none, $timestamp in Kafka, or"
              + " a field that counts them, with source.timestamp-between: [1970-01-01, 2100-01-01]",
          "When the observation happened");

  /** Where the timestamp is. */
  public static final Key<String> TIMESTAMP_FIELD =
      TIMESTAMP_KEYS.required("field", Type.shape("field"), FIELD, WHERE);

  /** The unit of a timestamp that is a number; the formats' own words. */
  public static final Key<String> TIMESTAMP_UNIT =
      TIMESTAMP_KEYS.standard(
          "unit",
          Type.word(new String[] {"s", "ms", "us", "ns"}, unit -> unit),
          "ms",
          "The unit of a number since 1970. Without it ISO-8601 text is read too");

  /** The zone of a timestamp without an offset. */
  public static final Key<ZoneId> TIMESTAMP_ZONE =
      TIMESTAMP_KEYS.key(
          "zone",
          new Type.Zone(),
          "The zone of a date and time without an offset, such as Europe/Berlin");

  /** The model's inputs, in its order. */
  public static final Key<List<DescribedFeature>> FEATURES =
      KEYS.required(
          "features",
          Type.shape("list"),
          "a list of fields",
          "The model's inputs, in the model's order. Each is a field, or a map with"
              + " one of field, time-delta and clock");

  /** The marker of a sequence's last observation. */
  public static final Key<String> END =
      KEYS.key(
          "end",
          Type.shape("field or map"),
          "Marks a sequence's last record: a field that is true, or (with in) has one"
              + " of some values");

  /** Where the marker is. */
  public static final Key<String> END_FIELD =
      END_KEYS.required("field", Type.shape("field"), FIELD, WHERE);

  /** The values that set it. */
  public static final Key<List<String>> END_IN =
      END_KEYS.required("in", Type.shape("list"), MARKER_LIST, MARKER_VALUES);

  /** The marker of a sequence's first observation. */
  public static final Key<String> START =
      KEYS.key(
          "start",
          Type.shape("field or map"),
          "Marks a sequence's first record, in the same way. An open sequence closes before it");

  /** Where the marker is. */
  public static final Key<String> START_FIELD =
      START_KEYS.required("field", Type.shape("field"), FIELD, WHERE);

  /** The values that set it. */
  public static final Key<List<String>> START_IN =
      START_KEYS.required("in", Type.shape("list"), MARKER_LIST, MARKER_VALUES);

  /** How an observation that came before is known. */
  public static final Key<String> DEDUPLICATE_BY =
      KEYS.key(
          "deduplicate-by",
          Type.shape("field or map"),
          "A record is rejected if one of the last records of its series had the same value here");

  /** Where its value is. */
  public static final Key<String> DEDUPLICATE_FIELD =
      DUPLICATE_KEYS.required("field", Type.shape("field"), FIELD, WHERE);

  /** Among how many of the last observations of its series it is looked for. */
  public static final Key<Long> DEDUPLICATE_WINDOW =
      DUPLICATE_KEYS.standard(
          "window",
          Type.whole(1, SeriesMemory.MOST_DUPLICATES),
          (long) SeriesMemory.DUPLICATES,
          "How many of the last records of the series are compared; 1 to 10 000");

  /** Fields passed through to the prediction. */
  public static final Key<List<String>> KEEP =
      KEYS.key("keep", Type.shape("map"), "Fields that are copied to the prediction");

  /** Each of them. */
  public static final Key<String> KEEP_FIELD =
      KEEP_KEYS.key("*", Type.shape("field"), "The field, under its name in the prediction");

  private ObservationKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(
        KEYS, SERIES_KEYS, TIMESTAMP_KEYS, END_KEYS, START_KEYS, DUPLICATE_KEYS, KEEP_KEYS);
  }
}
