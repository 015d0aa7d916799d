package io.unroll.job;

import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.model.Draws;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link RandomPipelineTest} between topics and files of a real broker, exactly once and at least
 * once.
 *
 * <p>{@code -Druns=1000} draws that many.
 */
final class RandomPipelineITCase {
  @TempDir private Path folder;

  @Test
  void whateverIsAcceptedRuns() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        RandomPipelines pipelines =
            new RandomPipelines(folder, random -> new KafkaPlace(broker, random))) {
      pipelines.run(Draws.of(2, 20));
    }
  }
}
