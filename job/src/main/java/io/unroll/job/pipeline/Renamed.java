package io.unroll.job.pipeline;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys that were called otherwise once: a file that still does so is told the new name. */
final class Renamed {
  /** The name now, from the map on that the old one stood in, by the old path. */
  static final Map<String, String> ALL =
      Map.of(
          "observation.features[].times", "multiply-by",
          "source.out-of-order", "watermark.out-of-order",
          "source.idle-after", "watermark.idle-after",
          "source.when-all-idle", "watermark.when-all-idle",
          "source.max-drift", "watermark.max-drift",
          "model.output", "follow",
          "model.state", "states",
          "model.decoder.state", "states");

  private Renamed() {}

  /**
   * The new name of a key, or null if it never had another one.
   *
   * @param section that it stands in, as in {@link PipelineKeys}
   */
  static @Nullable String of(String section, String name) {
    return ALL.get(section + "." + name);
  }
}
