package io.unroll.bench.fork;

import java.util.Map;

/**
 * A row to be measured, each time in a JVM of its own.
 *
 * @param name of the row
 * @param forks how often; rounds beyond it leave the row out
 * @param run measures once: figures by name
 */
public record Arm(String name, int forks, Measurement run) {

  /** One fork's work. */
  public interface Measurement {
    /**
     * Measures once.
     *
     * @throws MeasurementException when there is no figure; says why
     */
    Map<String, Double> run() throws MeasurementException, InterruptedException;
  }
}
