package io.unroll.job.pipeline;

import java.util.Map;

/**
 * Where the keys of a pipeline file stand, so that what is found later (by the model, by a broker)
 * still names its line.
 */
public final class Positions {

  /**
   * A place in the file.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Place(int line, int column) {}

  private final String file;
  private final Map<String, Place> places;

  Positions(String file, Map<String, Place> places) {
    this.file = file;
    this.places = Map.copyOf(places);
  }

  /**
   * A problem at {@code key}, a full path such as {@code observation.features} or {@code
   * observation.features[2]}; a key that is not in the file stands at the nearest one around it.
   */
  public Problem problem(String key, String text) {
    Place place = find(places, key);
    return new Problem(file, place.line(), place.column(), key, text);
  }

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
