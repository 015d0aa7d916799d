package io.unroll.job.describe;

import io.unroll.job.life.Order;
import io.unroll.job.life.SequenceClock;
import io.unroll.model.RecurrentModel;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/** {@code sequence}: where a sequence ends besides its markers, and its order. */
public final class SequenceKeys {
  private static final Duration LONGEST_MARGIN = Duration.ofHours(12);
  private static final long MOST_WARMING = 1_000_000_000;

  private static final Keys KEYS = new Keys("sequence");
  private static final Keys CLOSE_AT_KEYS = new Keys("sequence.close-at");

  /** The field that names a sequence. */
  public static final Key<String> BY =
      KEYS.key(
          "by",
          Type.shape("field"),
          "The field that names the sequence: another value begins another sequence."
              + " Without it a sequence is named by its first timestamp");

  /** How long after its last timestamp a sequence closes. */
  public static final Key<Duration> IDLE_TIMEOUT =
      KEYS.key(
          "idle-timeout", Type.duration(), "Closes a sequence this long after its last timestamp");

  /** How long after its first timestamp a sequence closes. */
  public static final Key<Duration> MAX_DURATION =
      KEYS.key(
          "max-duration", Type.duration(), "Closes a sequence this long after its first timestamp");

  /** The time of day that closes what is open: a time and a zone. */
  public static final Key<String> CLOSE_AT =
      KEYS.key("close-at", Type.shape("map"), "Closes the open sequence at this time of day");

  /** The time of day. */
  public static final Key<LocalTime> CLOSE_AT_TIME =
      CLOSE_AT_KEYS.required(
          "time", new Type.TimeOfDay(), Type.TimeOfDay.EXPECTED, "The local time in the zone");

  /** Where. */
  public static final Key<ZoneId> CLOSE_AT_ZONE =
      CLOSE_AT_KEYS.required(
          "zone", new Type.Zone(), Type.Zone.EXPECTED, "Such as Europe/Berlin or +01:00");

  /** Whose the instant of the close is. */
  public static final Key<Boolean> CLOSE_AT_INCLUSIVE =
      CLOSE_AT_KEYS.standard(
          "inclusive",
          Type.flag(),
          false,
          "Whether a record in the very millisecond of the close belongs to the sequence"
              + " that closes; else it begins the next one");

  /** How much later than the time of day the close is. */
  public static final Key<Duration> CLOSE_AT_MARGIN =
      CLOSE_AT_KEYS.standard(
          "margin",
          new Type.Span(Duration.ZERO, LONGEST_MARGIN),
          Duration.ZERO,
          "How much later than the time of day the close is, for records that come with"
              + " it; at most 720 min");

  /** After how many steps a sequence closes. */
  public static final Key<Long> MAX_STEPS =
      KEYS.key(
          "max-steps",
          Type.whole(1, Long.MAX_VALUE),
          "Closes a sequence at this many steps; at least 1");

  /** How many steps a sequence needs for a prediction at its close. */
  public static final Key<Long> MIN_STEPS =
      KEYS.standard(
          "min-steps",
          Type.whole(0, Long.MAX_VALUE),
          0L,
          "With emit.on: end: a sequence of fewer steps closes without a prediction");

  /** What limits of time go by. */
  public static final Key<SequenceClock> CLOCK =
      KEYS.standard(
          "clock",
          Type.word(SequenceClock.values(), SequenceClock::label),
          SequenceClock.EVENT,
          "The clock of the time limits: timestamps (event), or the wall clock when"
              + " records arrive (processing; its results are not repeatable)");

  /** In which order a series' observations step. */
  public static final Key<Order> ORDER =
      KEYS.standard(
          "order",
          Type.word(Order.values(), Order::label),
          Order.ARRIVAL,
          "The order of a series' records: as they arrive, or held back and sorted by"
              + " timestamp (event-time)");

  /** With an order by event time, how far behind an observation may come: the watermark's bound. */
  public static final Key<Duration> MAX_DELAY =
      KEYS.needed(
          "max-delay",
          Type.duration(Duration.ZERO),
          "a duration such as 5 min beside order: event-time",
          "With order: event-time, which needs it. How far behind the newest timestamp"
              + " of its partition a record may come and still be sorted in. A record older"
              + " than the last step of its series is late. For files every run finds the"
              + " same records late");

  /** How many of the last inputs each step runs. */
  public static final Key<Long> WINDOW =
      KEYS.key(
          "window",
          Type.whole(1, RecurrentModel.LONGEST_WINDOW),
          "Each step runs this many of the last inputs from the initial state, for a"
              + " model that was trained on such windows; 1 to 100 000");

  /** Steps of a sequence whose predictions are marked. */
  public static final Key<Long> WARM_UP =
      KEYS.key(
          "warm-up",
          Type.whole(1, MOST_WARMING),
          "Marks the predictions of a sequence's first steps, this many, with warming");

  /** How long a series is remembered. */
  public static final Key<Duration> KEEP_SERIES_FOR =
      KEYS.key(
          "keep-series-for",
          Type.duration(),
          "How long a series is remembered after its last record. deduplicate-by,"
              + " scale: online and evaluate need it, and missing: previous where records have"
              + " only some of the values");

  /** What happens where observations are missing. */
  public static final Key<String> GAP =
      KEYS.key(
          "gap",
          Type.shape("map"),
          "With clock: event. Fills in the missing steps between two observations that"
              + " are more than 1.5 times expect apart");

  private SequenceKeys() {}

  /** The maps that this class declares. */
  public static List<Keys> sections() {
    return List.of(KEYS, CLOSE_AT_KEYS);
  }
}
