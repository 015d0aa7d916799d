package io.unroll.bench.stream;

import io.unroll.bench.network.Networks;
import io.unroll.bench.peer.Shape;
import io.unroll.connectors.record.Observation;

/**
 * Observations without end, as cheap as can be: features from a ring, one object again and again
 * (it is serialised at once, on its way to the keyed operator).
 */
final class Observations {
  private static final int RING = 1 << 12;

  private final String[] names;
  private final double[][] ring = new double[RING][Shape.INPUTS];
  private final Observation observation = new Observation();
  private long count;
  private long random = 0x9E3779B97F4A7C15L;

  Observations(int series) {
    names = new String[series];
    for (int i = 0; i < series; i++) {
      names[i] = name(i);
    }
    float[] values = Networks.inputs(RING * Shape.INPUTS);
    for (int i = 0; i < values.length; i++) {
      ring[i / Shape.INPUTS][i % Shape.INPUTS] = values[i];
    }
    observation.origin = "bench/0@";
  }

  /** A series' name, of 14 characters. */
  static String name(int series) {
    return String.format("sensor-%07d", series);
  }

  /** The next one: first every series once, then at random. Valid until the one after it. */
  Observation next(long timestamp) {
    int series;
    if (count < names.length) {
      series = (int) count;
    } else {
      random ^= random << 13; // Marsaglia's xorshift
      random ^= random >>> 7;
      random ^= random << 17;
      series = (int) (((random >>> 32) * names.length) >>> 32);
    }
    return of(series, timestamp);
  }

  /** An observation of that series. */
  Observation of(int series, long timestamp) {
    observation.series = names[series];
    observation.timestamp = timestamp;
    observation.features = ring[(int) (count & (RING - 1))];
    observation.position = count++;
    return observation;
  }
}
