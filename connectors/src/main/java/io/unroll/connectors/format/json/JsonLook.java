package io.unroll.connectors.format.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.RecordLook;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the arrays of which a pipeline reads elements by their places, and for records of
 * several kinds.
 */
final class JsonLook implements RecordLook {

  private final List<ArrayElements> arrays;
  private final RecordKinds kinds;

  JsonLook(List<FieldPath> paths) {
    arrays = ArrayElements.of(paths);
    kinds = new RecordKinds(paths);
  }

  @Override
  public void look(String place, byte[] record, @Nullable String series) {
    Object root = JsonTree.of(new String(record, UTF_8));
    arrays.forEach(array -> array.look(place, root));
    if (series != null) {
      kinds.look(series, root);
    }
  }

  @Override
  public List<String> lines() {
    return Stream.concat(
            arrays.stream().flatMap(array -> array.lines().stream()), kinds.lines().stream())
        .toList();
  }
}
