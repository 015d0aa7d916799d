package io.unroll.job.pipeline;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.flink.configuration.AlgorithmOptions;
import org.apache.flink.configuration.BatchExecutionOptions;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ResourceManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.SinkOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.StateLatencyTrackOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.StateSizeTrackOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.jspecify.annotations.Nullable;

/** The options of Flink's core and of its state backends, by their keys. */
final class FlinkOptions {
  private static final List<Class<?>> CORE =
      List.of(
          AlgorithmOptions.class,
          BatchExecutionOptions.class,
          BlobServerOptions.class,
          CheckpointingOptions.class,
          ClusterOptions.class,
          CoreOptions.class,
          ExecutionOptions.class,
          HeartbeatManagerOptions.class,
          JobManagerOptions.class,
          MetricOptions.class,
          NettyShuffleEnvironmentOptions.class,
          PipelineOptions.class,
          ResourceManagerOptions.class,
          RestOptions.class,
          RestartStrategyOptions.class,
          RpcOptions.class,
          SinkOptions.class,
          StateBackendOptions.class,
          StateChangelogOptions.class,
          StateLatencyTrackOptions.class,
          StateRecoveryOptions.class,
          StateSizeTrackOptions.class,
          TaskManagerOptions.class,
          WebOptions.class);

  /** By name: where the job is submitted there may be no such backend. */
  private static final List<String> BACKENDS =
      List.of(
          "org.apache.flink.state.rocksdb.RocksDBOptions",
          "org.apache.flink.state.rocksdb.RocksDBConfigurableOptions",
          "org.apache.flink.state.rocksdb.RocksDBNativeMetricOptions",
          "org.apache.flink.state.rocksdb.sstmerge.RocksDBManualCompactionOptions",
          "org.apache.flink.state.forst.ForStOptions",
          "org.apache.flink.state.forst.ForStConfigurableOptions");

  private static final Map<String, ConfigOption<?>> BY_KEY =
      byKey((option, options) -> options.putIfAbsent(option.key(), option));

  /** Under the names that they had before, too. */
  private static final Map<String, ConfigOption<?>> BY_OLD_KEY =
      byKey(
          (option, options) -> {
            for (FallbackKey old : option.fallbackKeys()) {
              options.putIfAbsent(old.getKey(), option);
            }
          });

  private FlinkOptions() {}

  /** The option of that key, also of an old one; null if these parts of Flink have none. */
  static @Nullable ConfigOption<?> of(String key) {
    ConfigOption<?> option = BY_KEY.get(key);
    return option != null ? option : BY_OLD_KEY.get(key);
  }

  /** Today's keys. */
  static Set<String> keys() {
    return BY_KEY.keySet();
  }

  /** The key under which {@code written} has the option: today's, or an old one. */
  static String keyOf(ConfigOption<?> option, Collection<String> written) {
    for (FallbackKey old : option.fallbackKeys()) {
      if (!written.contains(option.key()) && written.contains(old.getKey())) {
        return old.getKey();
      }
    }
    return option.key();
  }

  private static Map<String, ConfigOption<?>> byKey(
      BiConsumer<ConfigOption<?>, Map<String, ConfigOption<?>>> add) {
    List<Class<?>> classes = new ArrayList<>(CORE);
    BACKENDS.forEach(name -> classes.addAll(loaded(name)));
    Map<String, ConfigOption<?>> options = new TreeMap<>();
    for (Class<?> type : classes) {
      for (Field field : type.getFields()) {
        if (Modifier.isStatic(field.getModifiers())
            && ConfigOption.class.isAssignableFrom(field.getType())) {
          add.accept(option(field), options);
        }
      }
    }
    return options;
  }

  private static List<Class<?>> loaded(String name) {
    try {
      return List.of(Class.forName(name));
    } catch (ClassNotFoundException e) {
      return List.of(); // its values are read where the backend is
    }
  }

  private static ConfigOption<?> option(Field field) {
    try {
      return (ConfigOption<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("public field " + field + " is not accessible", e);
    }
  }
}
