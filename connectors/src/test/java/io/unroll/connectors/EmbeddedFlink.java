package io.unroll.connectors;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
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
