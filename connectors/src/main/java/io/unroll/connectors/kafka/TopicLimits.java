package io.unroll.connectors.kafka;

import java.time.Duration;

/**
 * What can be written to a topic: the lower of what the producer sends and what the topic takes.
 *
 * @param topic its name
 * @param bytes of the largest record, uncompressed and by Kafka's own upper bound
 * @param setting that sets {@code bytes}, in Kafka's own name
 * @param before how many milliseconds before the wall clock a record's timestamp may be; {@link
 *     #UNBOUNDED} where the topic does not say, or stamps records itself
 * @param after how many milliseconds past the wall clock it may be; {@link #UNBOUNDED} likewise
 */
public record TopicLimits(String topic, int bytes, String setting, long before, long after) {

  /** A timestamp that no bound is set for. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  /** {@code at most 1048576 bytes (max.request.size), stamped at most 1 h ahead of the clock}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("at most ").append(bytes).append(" bytes (").append(setting).append(')');
    String joined = ", stamped at most ";
    if (before != UNBOUNDED) {
      text.append(joined).append(inWords(before)).append(" before");
      joined = after == UNBOUNDED ? "" : " and ";
    }
    if (after != UNBOUNDED) {
      text.append(joined).append(inWords(after)).append(" ahead of");
    }
    return before == UNBOUNDED && after == UNBOUNDED
        ? text.toString()
        : text.append(" the clock").toString();
  }

  /** {@code 1 h}, {@code 90 min}, {@code 1500 ms}: the largest unit that says it exactly. */
  public static String inWords(long millis) {
    Duration duration = Duration.ofMillis(millis);
    if (millis % 86_400_000 == 0) {
      return duration.toDays() + " d";
    } else if (millis % 3_600_000 == 0) {
      return duration.toHours() + " h";
    } else if (millis % 60_000 == 0) {
      return duration.toMinutes() + " min";
    }
    return millis % 1000 == 0 ? duration.toSeconds() + " s" : millis + " ms";
  }
}
