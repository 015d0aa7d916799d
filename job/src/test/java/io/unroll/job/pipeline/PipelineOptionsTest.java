package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PipelineOptionsTest {
  @Test
  void everyKeyIsThereOnceWithItsMeaning() {
    Set<String> paths = new HashSet<>();
    for (Option option : PipelineOptions.all()) {
      assertTrue(paths.add(option.path()), option.path() + " twice");
      assertFalse(option.type().isBlank(), option.path());
      assertFalse(option.meaning().isBlank(), option.path());
    }
  }

  @Test
  void everySectionIsAKey() {
    Set<String> paths =
        new HashSet<>(
            Set.of(
                "",
                "sink.OUTPUT",
                "observation.features[]",
                "model.decoder.features[]",
                "model.outputs[]"));
    for (Option option : PipelineOptions.all()) {
      paths.add(option.path());
      assertTrue(paths.contains(option.section()), option.section());
    }
  }

  @Test
  void theTableHasOneRowPerKey() {
    List<String> rows = PipelineOptions.markdown().lines().toList();
    assertEquals(PipelineOptions.all().size() + 2, rows.size());
    assertTrue(
        rows.contains(
            "| `sequence.idle-timeout` | duration |  | Closes a sequence this long after its last"
                + " timestamp |"));
    assertTrue(
        rows.contains(
            "| `sink.delivery` | at-least-once, exactly-once | `exactly-once` | What a failure may do"
                + " to the outputs |"));
    for (String row : rows) {
      assertEquals(5, row.chars().filter(c -> c == '|').count(), row);
    }
  }
}
