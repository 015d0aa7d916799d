package io.unroll.job;

import io.unroll.connectors.kafka.TopicIds;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the topics that a pipeline reads with those of the checkpoint that it is to go on from,
 * before anything runs. The source compares them too, whenever it starts: what cannot be read from
 * here is found there.
 */
public final class CheckpointedTopics {
  private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointedTopics.class);

  private CheckpointedTopics() {}

  /**
   * What keeps the job from going on, nothing if all is well or there is no checkpoint: a line for
   * each topic, then the ways out.
   *
   * @param configuration what the job starts with; Flink keeps the checkpoint's place in it
   */
  public static List<String> obstacles(PipelineJob job, ReadableConfig configuration)
      throws InterruptedException {
    String checkpoint = configuration.get(StateRecoveryOptions.SAVEPOINT_PATH);
    if (checkpoint == null
        || !(job.pipeline().source().input() instanceof Pipeline.KafkaInput input)) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    try {
      TopicIds then = ids(checkpoint, Sources.uid(job.pipeline()));
      if (!then.byName().isEmpty()) {
        TopicIds now = TopicIds.onBroker(input.properties(), input.topics());
        lines.addAll(then.recreated(input.topics(), now));
        lines.addAll(then.gone(input.topics(), now));
      }
    } catch (IOException | KafkaException | ExecutionException e) {
      LOGGER.info("the topics of {} are compared when the source starts, not here", checkpoint, e);
    }
    if (!lines.isEmpty()) {
      lines.add(TopicIds.WAYS_OUT);
    }
    return lines;
  }

  /** The ids in the state of the source {@code uid}; none where it has no state. */
  private static TopicIds ids(String checkpoint, String uid) throws IOException {
    OperatorState source = CheckpointedState.read(checkpoint).of(uid);
    ByteStreamStateHandle coordinator = source == null ? null : source.getCoordinatorState();
    return coordinator == null ? TopicIds.NONE : TopicIds.inCheckpoint(coordinator.getData());
  }
}
