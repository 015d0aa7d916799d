package io.unroll.connectors.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A look at whole records before a run, for what reading their fields does not show. */
public interface RecordLook {

  /**
   * A record that can be read.
   *
   * @param series whose observation it is; null if it is rejected
   */
  void look(String place, byte[] record, @Nullable String series);

  /** What was seen, a line each. */
  List<String> lines();
}
