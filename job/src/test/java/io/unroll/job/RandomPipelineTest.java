package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.job.describe.Key;
import io.unroll.job.pipeline.PipelineKeys;
import io.unroll.model.Draws;
import io.unroll.model.Seeds;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every combination of options that the pipeline file accepts runs to its end, from a file to
 * files, and accounts for every record.
 *
 * <p>{@code -Druns=1000} draws that many.
 */
final class RandomPipelineTest {
  private static final int DRAWS = 300;

  @TempDir private Path folder;

  @Test
  void whateverIsAcceptedRuns() throws Exception {
    try (RandomPipelines pipelines = new RandomPipelines(folder, random -> new FilePlace())) {
      pipelines.run(Draws.of(12, 200));
    }
  }

  /** So that none is forgotten when keys are added. */
  @Test
  void everyKeyIsDrawn() throws Exception {
    long seed = Seeds.seed();
    Random random = Seeds.random(seed);
    Set<String> drawn = new TreeSet<>();
    try (RandomPipelines pipelines =
        new RandomPipelines(folder, one -> new KafkaPlace(null, one))) {
      for (int i = 0; i < DRAWS; i++) {
        RandomPipeline pipeline = pipelines.draw("d" + i, random);
        if (pipelines.load(pipeline) != null) {
          drawn.addAll(pipeline.keys());
        }
      }
      pipelines.assertMostAreAccepted(DRAWS);
    }
    Set<String> missing =
        PipelineKeys.all().stream()
            .map(Key::path)
            .filter(key -> !drawn.contains(key))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), missing, Seeds.message(seed));
  }
}
