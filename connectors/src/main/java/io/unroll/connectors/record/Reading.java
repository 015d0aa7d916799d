package io.unroll.connectors.record;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What a source made of one record: an observation, or a rejected record. Exactly one of the two is
 * there.
 */
@TypeInfo(ReadingSerializer.Factory.class)
public final class Reading {
  public @Nullable Observation observation;
  public @Nullable Rejected rejected;

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
}
