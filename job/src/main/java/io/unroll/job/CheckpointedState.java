package io.unroll.job;

import io.unroll.job.operator.Operators;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.apache.flink.streaming.api.graph.StreamGraphHasherV2;
import org.jspecify.annotations.Nullable;

/** The operators of a checkpoint or savepoint, found by their uids. */
public final class CheckpointedState {
  private final Map<OperatorID, OperatorState> operators;

  private CheckpointedState(Map<OperatorID, OperatorState> operators) {
    this.operators = operators;
  }

  /**
   * Reads what Flink wrote about a checkpoint, not its state.
   *
   * @param checkpoint its folder, as a path or a URI
   */
  public static CheckpointedState read(String checkpoint) throws IOException {
    CompletedCheckpointStorageLocation location =
        AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(checkpoint);
    try (DataInputStream in = new DataInputStream(location.getMetadataHandle().openInputStream())) {
      return new CheckpointedState(
          Checkpoints.loadCheckpointMetadata(
                  in, CheckpointedState.class.getClassLoader(), checkpoint)
              .getOperatorStates()
              .stream()
              .collect(Collectors.toMap(OperatorState::getOperatorID, Function.identity())));
    }
  }

  /** Whether a pipeline of this name has state there. */
  public boolean has(PipelineJob job) {
    return sequences(job) != null;
  }

  /** Whether the pipeline had come to the end of its input: a job that goes on runs it no more. */
  public boolean isFinished(PipelineJob job) {
    OperatorState sequences = sequences(job);
    return sequences != null && sequences.isFullyFinished();
  }

  private @Nullable OperatorState sequences(PipelineJob job) {
    return of(Operators.sequencesUid(job.pipeline().name()));
  }

  /** The operator of that uid; null where it has no state. */
  @Nullable OperatorState of(String uid) {
    return operators.get(new OperatorID(StreamGraphHasherV2.generateUserSpecifiedHash(uid)));
  }
}
