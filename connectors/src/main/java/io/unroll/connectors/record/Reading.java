package io.unroll.connectors.record;

import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What a source made of one record: an observation, or a rejected record; several of these, where
 * the record holds a list; or nothing, where the pipeline skips it.
 *
 * <p>It is one element of the stream whatever it holds, so a checkpoint has all of a record or none
 * of it.
 */
@TypeInfo(ReadingSerializer.Factory.class)
public final class Reading {
  /** The {@link #eventTime} of a record that says nothing of event time. */
  public static final long NO_TIME = Long.MIN_VALUE;

  /** What a record of one observation is; null for any other. */
  public @Nullable Observation observation;

  /** What a record became that cannot be used; null for any other. */
  public @Nullable Rejected rejected;

  /** What a record of several became, one each, in their order. */
  private List<Reading> several = List.of();

  /** For Flink. */
  public Reading() {}

  public static Reading of(Observation observation) {
    Reading reading = new Reading();
    reading.observation = observation;
    return reading;
  }

  public static Reading of(Rejected rejected) {
    Reading reading = new Reading();
    reading.rejected = rejected;
    return reading;
  }

  /** A record that the pipeline does not mean. */
  public static Reading skipped() {
    return new Reading();
  }

  /**
   * A record of several.
   *
   * @param inputs each of an observation or a rejected record, in the record's order; with none of
   *     them the record is skipped
   */
  public static Reading ofAll(List<Reading> inputs) {
    Reading reading = new Reading();
    reading.several = List.copyOf(inputs);
    return reading;
  }

  /** Makes this another reading. */
  void become(
      @Nullable Observation observation, @Nullable Rejected rejected, List<Reading> several) {
    this.observation = observation;
    this.rejected = rejected;
    this.several = several.isEmpty() ? List.of() : List.copyOf(several);
  }

  /** True for a record that is no input: it was not meant. */
  public boolean isSkipped() {
    return observation == null && rejected == null && several.isEmpty();
  }

  /** Each has an observation or a rejected record, in the record's order; none if it is skipped. */
  public List<Reading> inputs() {
    return observation != null || rejected != null ? List.of(this) : several;
  }

  /**
   * The highest timestamp of its observations, in epoch milliseconds: all of a record is read
   * before event time moves. {@link #NO_TIME} without observations.
   */
  public long eventTime() {
    if (observation != null) {
      return observation.timestamp;
    }
    long highest = NO_TIME;
    for (Reading input : several) {
      highest = Math.max(highest, input.eventTime());
    }
    return highest;
  }
}
