package io.unroll.connectors.file;

import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.OutputFormat;
import io.unroll.connectors.record.Evaluation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Rejected;
import io.unroll.connectors.record.SequenceEvent;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Folders of {@code part-*} files as sinks, one record per line. A part becomes visible with the
 * checkpoint that follows it, exactly once; without checkpoints nothing becomes visible. CSV parts
 * each start with a header line.
 */
public final class FileOutputs {

  private FileOutputs() {}

  /** Predictions, in the format's own form. */
  public static Sink<Prediction> predictions(Path folder, OutputFormat format) {
    return sink(folder, format.format(), format.predictionHeader(), format::prediction);
  }

  /** Openings and closings of sequences, in the format's own form. */
  public static Sink<SequenceEvent> sequences(Path folder, OutputFormat format) {
    return sink(folder, format.format(), format.sequenceHeader(), format::sequence);
  }

  /** Predictions and what came true, in the format's own form. */
  public static Sink<Evaluation> evaluations(Path folder, OutputFormat format) {
    return sink(folder, format.format(), format.evaluationHeader(), format::evaluation);
  }

  /** Rejected or late records, always as JSON. */
  public static Sink<Rejected> rejected(Path folder, OutputFormat format) {
    return sink(folder, OutputFormat.ofRejects(), null, format::rejected);
  }

  private static <T> Sink<T> sink(
      Path folder, Format format, byte @Nullable [] header, LineWriter.Encoder<T> encoder) {
    OutputFileConfig parts =
        OutputFileConfig.builder().withPartPrefix("part").withPartSuffix(format.suffix()).build();
    return FileSink.forBulkFormat(folder, new LineWriter.Factory<>(header, encoder))
        .withBucketAssigner(new BasePathBucketAssigner<>())
        .withRollingPolicy(OnCheckpointRollingPolicy.build())
        .withOutputFileConfig(parts)
        .build();
  }
}
