package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * One input: a timestep of one series, an end marker, or both; or a record of a series that could
 * not be read, on its way to the rejected ones.
 *
 * <p>A Flink POJO. {@link #origin} and {@link #position} together are the record's place in its
 * source and must be unique in a job; every output names it as {@code input}.
 */
@TypeInfo(ObservationSerializer.Factory.class)
public final class Observation {
  /** The key: one hidden state lives per series. Never empty in a usable observation. */
  public String series = "";

  /** Event time, epoch milliseconds. */
  public long timestamp;

  /**
   * Nanoseconds within the millisecond of {@link #timestamp}, 0 to 999 999: they order observations
   * of one millisecond where the pipeline sorts by time, and nothing else.
   */
  public int nanos;

  /**
   * Raw values before any transform, in the pipeline's order; NaN where an optional one is missing.
   * Null for a marker alone, one without features.
   */
  public double @Nullable [] features;

  /** True for the input's end marker: this observation is the last of its sequence. */
  public boolean end;

  /** True for the input's start marker: this observation begins a new sequence. */
  public boolean start;

  /**
   * The value of the pipeline's {@code sequence.by} field: another one begins another sequence.
   * Null where the pipeline names no such field, and in an end marker that does not have it.
   */
  public @Nullable String by;

  /**
   * The value of the pipeline's {@code deduplicate-by} field: observations of a series with the
   * same one are the same. Null where the pipeline names no such field, and in an end marker that
   * does not have it.
   */
  public @Nullable String identity;

  /**
   * Why the features cannot be used, or null. Only an end marker travels with a reason: the
   * operator rejects it and honours its end.
   */
  public @Nullable String unusable;

  /**
   * The source with its separator: {@code "weather/0@"} in Kafka, {@code "weather.csv:"} in files.
   * For one of several that a record holds it is the record: {@code "weather/0@17#"}.
   */
  public String origin = "";

  /**
   * The place in {@link #origin}: a Kafka offset or a line number from 1; a number from 0 in a
   * record of several.
   */
  public long position;

  /** The kept fields as JSON text, in the pipeline's order; null when nothing is kept. */
  public String @Nullable [] keep;

  /** The record as it came, when the pipeline has an output for rejected or late records. */
  public @Nullable RawRecord raw;

  /**
   * What the record became where it could not be read, or null. Such a record is no observation: it
   * travels by its series, so that the rejected records of a series keep one order, and of the
   * other fields only {@link #series} says something.
   */
  public @Nullable Rejected rejected;

  /** For Flink. */
  public Observation() {}

  /** A timestep: {@code features} are raw values in the order that the pipeline names them. */
  public static Observation of(String series, long timestamp, double... features) {
    Observation observation = new Observation();
    observation.series = series;
    observation.timestamp = timestamp;
    observation.features = features;
    return observation;
  }

  /** An end marker without features: it closes the open sequence and is no step. */
  public static Observation endOf(String series, long timestamp) {
    Observation observation = new Observation();
    observation.series = series;
    observation.timestamp = timestamp;
    observation.end = true;
    return observation;
  }

  /** This observation, marked as the last of its sequence. */
  public Observation andEnd() {
    end = true;
    return this;
  }

  /**
   * A record that could not be read, in the order of its series. It changes nothing and comes out
   * as it is.
   *
   * @throws IllegalArgumentException if it has no series: then it has no order either
   */
  public static Observation ofRejected(Rejected rejected) {
    if (rejected.series == null) {
      throw new IllegalArgumentException(
          "rejected record " + rejected.input + ": found no series, expected one to be ordered by");
    }
    Observation observation = new Observation();
    observation.series = rejected.series;
    observation.rejected = rejected;
    return observation;
  }

  /** This observation, marked as the first of its sequence. */
  public Observation andStart() {
    start = true;
    return this;
  }

  /** This observation in the sequence that {@code by} names. */
  public Observation by(String by) {
    this.by = by;
    return this;
  }

  /** This observation with what tells it from others of its series. */
  public Observation identity(String identity) {
    this.identity = identity;
    return this;
  }

  /** This observation at a place in its source: {@code at("weather/0@", 17)}. */
  public Observation at(String origin, long position) {
    this.origin = origin;
    this.position = position;
    return this;
  }

  /**
   * The place in the source: {@code topic/partition@offset} or {@code file:line}, with {@code #2}
   * behind it for the third of a record's observations.
   */
  public String input() {
    return origin + position;
  }

  @Override
  public String toString() {
    return "Observation["
        + series
        + " "
        + timestamp
        + (start ? " start" : "")
        + (end ? " end" : "")
        + " "
        + input()
        + "]";
  }
}
