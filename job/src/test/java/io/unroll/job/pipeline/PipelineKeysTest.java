package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.describe.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PipelineKeysTest {
  @Test
  void everyKeyIsThereOnceWithItsMeaning() {
    Set<String> paths = new HashSet<>();
    for (Key<?> key : PipelineKeys.all()) {
      assertTrue(paths.add(key.path()), key.path() + " twice");
      assertFalse(key.type().words().isBlank(), key.path());
      assertFalse(key.meaning().isBlank(), key.path());
    }
  }

  @Test
  void everySectionIsAKey() {
    Set<String> paths =
        new HashSet<>(
            Set.of(
                "",
                "sink.OUTPUT",
                "observation.series[]",
                "observation.features[]",
                "model.decoder.features[]",
                "model.outputs[]"));
    for (Key<?> key : PipelineKeys.all()) {
      paths.add(key.path());
      assertTrue(paths.contains(key.section()), key.section());
    }
  }

  @Test
  void theTableHasOneRowPerKey() {
    List<String> rows = PipelineKeys.markdown().lines().toList();
    assertEquals(PipelineKeys.all().size() + 2, rows.size());
    assertTrue(
        rows.contains(
            "| `sequence.idle-timeout` | duration |  | Closes a sequence this long after its last"
                + " timestamp |"));
    assertTrue(
        rows.contains(
            "| `sink.delivery` | at-least-once, exactly-once | `exactly-once` | Whether outputs in"
                + " Kafka may come twice after a failure (at-least-once) or not (exactly-once) |"));
    for (String row : rows) {
      assertEquals(5, row.chars().filter(c -> c == '|').count(), row);
    }
  }
}
