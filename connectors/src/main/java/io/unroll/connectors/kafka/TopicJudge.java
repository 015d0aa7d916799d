package io.unroll.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.DefaultRecord;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Whether a topic takes a record, and how a rejected record is made to fit. Asked before a record
 * is sent: in a transaction one that the broker refuses fails all of them.
 *
 * <p>A record counts by Kafka's own upper bound of its uncompressed size, which is what the
 * producer holds against {@code max.request.size}. From the topic's bounds of timestamps a tenth is
 * taken, at most a minute: clocks differ, and a record is on its way for a while.
 *
 * <p>For an ordinary record this is a few compares: the clock is read only when a timestamp is
 * later than any that it has allowed before, or the topic has a bound for old ones. One thread.
 */
public final class TopicJudge {

  private static final Header[] NO_HEADERS = {};

  /**
   * At most this is sent beside key and value of a record without headers: the batch's header, the
   * record's, and the lengths of key, value and headers. (bytes)
   */
  private static final int AROUND =
      DefaultRecordBatch.RECORD_BATCH_OVERHEAD + DefaultRecord.MAX_RECORD_OVERHEAD + 3 * 5;

  /** Room for the headers that say what was cut. (bytes) */
  private static final int MARKS = 200;

  private static final long MINUTE = 60_000;

  private final TopicLimits limits;
  private final LongSupplier clock;
  private final long before;
  private final long after;

  /** A timestamp up to here is not too far ahead: the clock only goes on. */
  private long latest;

  /**
   * @param limits of the topic
   * @param clock the wall clock in epoch milliseconds
   */
  public TopicJudge(TopicLimits limits, LongSupplier clock) {
    this.limits = limits;
    this.clock = clock;
    this.before = within(limits.before());
    this.after = within(limits.after());
    this.latest = after == TopicLimits.UNBOUNDED ? Long.MAX_VALUE : Long.MIN_VALUE;
  }

  private static long within(long bound) {
    return bound == TopicLimits.UNBOUNDED ? bound : bound - Math.min(MINUTE, bound / 10);
  }

  /** Whether the topic takes the record as it is. */
  public boolean takes(OutboundRecord record) {
    return fits(record) && isInTime(record.timestamp);
  }

  private boolean fits(OutboundRecord record) {
    return atMost(record) <= limits.bytes() || size(record) <= limits.bytes();
  }

  /** A little more than {@link #size}, without making anything for an ordinary record. (bytes) */
  static long atMost(OutboundRecord record) {
    return record.headerNames.length == 0
        ? (long) AROUND + length(record.key) + length(record.value)
        : size(record);
  }

  private boolean isInTime(@Nullable Long timestamp) {
    if (timestamp == null) {
      return true; // the producer's clock
    }
    long stamp = timestamp;
    return stamp >= 0 && !isTooLate(stamp) && !isTooEarly(stamp);
  }

  private boolean isTooLate(long stamp) {
    if (stamp > latest) {
      latest = clock.getAsLong() + after;
    }
    return stamp > latest;
  }

  private boolean isTooEarly(long stamp) {
    return before != TopicLimits.UNBOUNDED && stamp < clock.getAsLong() - before;
  }

  /**
   * Why the topic does not take a record: what, limit, found and the way out.
   *
   * @param what the record is: {@code prediction}
   */
  public String objection(OutboundRecord record, String what) {
    Long stamp = record.timestamp;
    String topic = "topic '" + limits.topic() + "'";
    if (!fits(record)) {
      return what
          + " of "
          + size(record)
          + " bytes, "
          + topic
          + " takes "
          + limits.bytes()
          + " ("
          + limits.setting()
          + "): let it hold less, or set max.request.size of the producer and max.message.bytes of"
          + " the topic higher";
    } else if (stamp != null && isTooLate(stamp)) {
      return what
          + " stamped "
          + Instant.ofEpochMilli(stamp)
          + ", "
          + topic
          + " takes at most "
          + TopicLimits.inWords(limits.after())
          + " ahead of the clock (message.timestamp.after.max.ms): set that higher on the topic, or"
          + " source.max-ahead lower";
    } else if (stamp != null && isTooEarly(stamp)) {
      return what
          + " stamped "
          + Instant.ofEpochMilli(stamp)
          + ", "
          + topic
          + " takes at most "
          + TopicLimits.inWords(limits.before())
          + " before the clock (message.timestamp.before.max.ms): set that higher on the topic";
    }
    return what + " stamped " + stamp + ", " + topic + " takes no negative timestamp";
  }

  /**
   * Makes a rejected or late record fit, which has nowhere else to go: a timestamp that the topic
   * does not take is left to the producer; the value is cut to what fits. Where key and headers
   * alone are too large, the record's own headers go first, then the key, then the end of the
   * reason. A header tells the length of each part that was cut.
   *
   * @param record what {@link KafkaOutputs#rejected} made; modified
   * @return false if the topic does not take even the names of the headers
   */
  public boolean fit(OutboundRecord record) {
    if (!isInTime(record.timestamp)) {
      record.timestamp = null;
    }
    if (fits(record)) {
      return true;
    }
    byte[] key = record.key;
    byte[] value = record.value;
    String[] names = record.headerNames;
    byte[] @Nullable [] values = record.headerValues;
    record.value = null;
    // What says what is wrong comes behind the record's own headers, the reason first.
    int own = Arrays.asList(names).lastIndexOf(KafkaOutputs.REASON);
    long cutHeaders = 0;
    if (own > 0 && size(record) + MARKS > limits.bytes()) {
      cutHeaders = size(names, values, own);
      record.headerNames = Arrays.copyOfRange(names, own, names.length);
      record.headerValues = Arrays.copyOfRange(values, own, values.length);
      own = 0;
    }
    if (size(record) + MARKS > limits.bytes()) {
      record.key = null;
    }
    int cutReason = cutReason(record, own);
    if (cutHeaders > 0) {
      mark(record, KafkaOutputs.CUT_HEADERS, cutHeaders);
    }
    if (record.key == null && key != null) {
      mark(record, KafkaOutputs.CUT_KEY, key.length);
    }
    if (cutReason > 0) {
      mark(record, KafkaOutputs.CUT_REASON, cutReason);
    }
    if (value != null) {
      record.value = value;
      if (!fits(record)) {
        mark(record, KafkaOutputs.CUT, value.length);
        record.value = NOTHING;
        // Behind the first byte a value adds one for each, and for its length four at most.
        long room = limits.bytes() - size(record) - 4;
        record.value = Arrays.copyOf(value, (int) Math.max(0, Math.min(value.length, room)));
      }
    }
    return fits(record);
  }

  private static final byte[] NOTHING = {};

  /** The bytes that the reason had, if it had to be cut, else 0. */
  private int cutReason(OutboundRecord record, int at) {
    long over = size(record) + MARKS - limits.bytes();
    byte[] reason = at < 0 ? null : record.headerValues[at];
    if (over <= 0 || reason == null) {
      return 0;
    }
    int left = (int) Math.max(0, reason.length - over);
    while (left > 0 && (reason[left] & 0xC0) == 0x80) {
      left--; // not in the middle of a character
    }
    byte[] @Nullable [] values = record.headerValues.clone();
    values[at] = Arrays.copyOf(reason, left);
    record.headerValues = values;
    return reason.length;
  }

  private static void mark(OutboundRecord record, String name, long length) {
    int count = record.headerNames.length;
    record.headerNames = Arrays.copyOf(record.headerNames, count + 1);
    record.headerValues = Arrays.copyOf(record.headerValues, count + 1);
    record.headerNames[count] = name;
    record.headerValues[count] = Long.toString(length).getBytes(UTF_8);
  }

  /** Kafka's upper bound of what is sent. (bytes) */
  static long size(OutboundRecord record) {
    long bytes = (long) length(record.key) + length(record.value);
    if (bytes > Integer.MAX_VALUE / 2) {
      return bytes; // Kafka's own sum is an int
    }
    int count = record.headerNames.length;
    Header[] headers = count == 0 ? NO_HEADERS : new Header[count];
    for (int i = 0; i < count; i++) {
      headers[i] = new RecordHeader(record.headerNames[i], record.headerValues[i]);
    }
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE, CompressionType.NONE, record.key, record.value, headers);
  }

  /** Bytes of the names and values of the first {@code count} headers. */
  private static long size(String[] names, byte[] @Nullable [] values, int count) {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size += names[i].getBytes(UTF_8).length + length(values[i]);
    }
    return size;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
