package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * One input record: a timestep of one series, an end marker, or both.
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

  /** Raw values before any transform, in the pipeline's order; null for an end marker alone. */
  public double @Nullable [] features;

  /** True for the input's end marker: this observation is the last of its sequence. */
  public boolean end;

  /**
   * Why the features cannot be used, or null. Only an end marker travels with a reason: the
   * operator rejects it and honours its end.
   */
  public @Nullable String unusable;

  /**
   * The source with its separator: {@code "weather/0@"} in Kafka, {@code "weather.csv:"} in files.
   */
  public String origin = "";

  /** The place in {@link #origin}: a Kafka offset or a line number from 1. */
  public long position;

  /** The kept fields as JSON text, in the pipeline's order; null when nothing is kept. */
  public String @Nullable [] keep;

  /** The record as it came, when the pipeline has an output for rejected or late records. */
  public @Nullable RawRecord raw;

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

  /** This observation at a place in its source: {@code at("weather/0@", 17)}. */
  public Observation at(String origin, long position) {
    this.origin = origin;
    this.position = position;
    return this;
  }

  /** The place in the source: {@code topic/partition@offset} or {@code file:line}. */
  public String input() {
    return origin + position;
  }

  @Override
  public String toString() {
    return "Observation[" + series + " " + timestamp + (end ? " end" : "") + " " + input() + "]";
  }
}
