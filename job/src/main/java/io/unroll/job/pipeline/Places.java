package io.unroll.job.pipeline;

import io.unroll.job.describe.Found;
import java.util.Map;

/**
 * Where the keys of a pipeline file stand, for mistakes that show only beside another file.
 *
 * @param file as the user named it
 */
public record Places(String file, Map<String, Positions.Place> keys) {
  public Places {
    keys = Map.copyOf(keys);
  }

  /** A mistake at {@code key}, or at the nearest key around it that is in the file. */
  public Problem problem(String key, String text) {
    Positions.Place place = Positions.find(keys, key);
    return new Problem(file, place.line(), place.column(), Found.key(key), Found.text(text));
  }

  /** {@code weather.yaml:7:3}. */
  public String of(String key) {
    Positions.Place place = Positions.find(keys, key);
    return file + ":" + place.line() + ":" + place.column();
  }
}
