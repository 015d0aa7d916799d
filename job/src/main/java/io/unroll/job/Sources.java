package io.unroll.job;

import io.unroll.connectors.file.FileObservations;
import io.unroll.connectors.kafka.KafkaObservations;
import io.unroll.connectors.kafka.KafkaSourceSettings;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import io.unroll.job.life.Order;
import io.unroll.job.pipeline.Pipeline;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The source that a pipeline file names. */
final class Sources {
  private Sources() {}

  static DataStream<Reading> of(PipelineJob job, StreamExecutionEnvironment env) {
    Pipeline pipeline = job.pipeline();
    Pipeline.Source source = pipeline.source();
    String name = pipeline.name() + ": source";
    String uid = uid(pipeline);
    if (source.input() instanceof Pipeline.KafkaInput kafka) {
      return env.fromSource(
              KafkaObservations.source(settings(kafka), job.reader(), pipeline.watermarkBound()),
              aligned(pipeline, bounded(pipeline)),
              name)
          .uid(uid);
    }
    Pipeline.FileInput file = (Pipeline.FileInput) source.input();
    // One reader keeps the order of a series, and of the files of a folder. In the order of arrival
    // no watermark before the end: a file grouped by series is as good as an interleaved one. Else
    // its records alone move the watermark, so that a replay finds the same ones late.
    return env.fromSource(
            FileObservations.source(new Path(file.path().toUri()), job.reader()),
            pipeline.order() == Order.ARRIVAL
                ? ReadingWatermarks.none()
                : ReadingWatermarks.replayed(pipeline.watermarkBound()),
            name)
        .uid(uid)
        .setParallelism(1);
  }

  /** State of a source is found by it: another generation has none yet. */
  static String uid(Pipeline pipeline) {
    int generation = pipeline.source().generation();
    return pipeline.name()
        + "-source"
        + (generation == Pipeline.Source.FIRST_GENERATION ? "" : "-" + generation);
  }

  private static WatermarkStrategy<Reading> bounded(Pipeline pipeline) {
    return ReadingWatermarks.strategy(pipeline.watermarkBound(), pipeline.source().idleAfter());
  }

  private static WatermarkStrategy<Reading> aligned(
      Pipeline pipeline, WatermarkStrategy<Reading> strategy) {
    Duration maxDrift = pipeline.source().maxDrift();
    return maxDrift == null
        ? strategy
        : ReadingWatermarks.aligned(strategy, pipeline.name(), maxDrift);
  }

  private static KafkaSourceSettings settings(Pipeline.KafkaInput kafka) {
    return new KafkaSourceSettings(
        kafka.topics(),
        kafka.groupId(),
        switch (kafka.start()) {
          case EARLIEST -> KafkaSourceSettings.Start.EARLIEST;
          case LATEST -> KafkaSourceSettings.Start.LATEST;
        },
        kafka.bounded() ? KafkaSourceSettings.Stop.LATEST : KafkaSourceSettings.Stop.NEVER,
        kafka.properties());
  }
}
