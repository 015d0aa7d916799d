package io.unroll.job.pipeline;

import java.util.Map;

/** Places in a pipeline file, so that every mistake names its line. */
public final class Positions {

  /**
   * A place in the file.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Place(int line, int column) {}

  private Positions() {}

  /** The place of {@code key}; one that is not in the file stands at the nearest one around it. */
  static Place find(Map<String, Place> places, String key) {
    String path = key;
    while (!path.isEmpty()) {
      Place place = places.get(path);
      if (place != null) {
        return place;
      }
      path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
    return places.getOrDefault("", new Place(1, 1));
  }
}
