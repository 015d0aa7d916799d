package io.unroll.connectors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Runs jobs on a Flink inside the test's JVM, with Kryo forbidden. */
public final class EmbeddedFlink {

  private EmbeddedFlink() {}

  /** One slot per operator, no Kryo; {@code settings} on top. */
  public static StreamExecutionEnvironment environment(Configuration settings) {
    Configuration all = new Configuration(settings);
    all.set(PipelineOptions.GENERIC_TYPES, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(all);
    env.setParallelism(1);
    return env;
  }

  /** Frequent checkpoints and a single restart, for jobs that fail on purpose. */
  public static StreamExecutionEnvironment restartingOnce() {
    Configuration settings = new Configuration();
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
    return environment(settings);
  }

  /** All that a bounded source gives. */
  public static <T> List<T> collect(Source<T, ?, ?> source, WatermarkStrategy<T> watermarks)
      throws Exception {
    return collect(environment(new Configuration()).fromSource(source, watermarks, "source"));
  }

  /** All that comes out of a bounded job. */
  public static <T> List<T> collect(DataStream<T> stream) throws Exception {
    List<T> all = new ArrayList<>();
    CloseableIterator<T> results = stream.executeAndCollect();
    try {
      results.forEachRemaining(all::add);
    } finally {
      results.close();
    }
    return all;
  }
}
