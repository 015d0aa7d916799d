package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.junit.jupiter.api.Test;
import org.rocksdb.CompressionType;

/** What a pipeline runs with where neither its file nor the cluster says so. */
final class PipelineConfigurationTest {
  private static Configuration configuration(Configuration defaults) throws Exception {
    return PipelineJob.load(Path.of("../deploy/examples/weather.yaml")).configuration(defaults);
  }

  @Test
  void objectsAreReusedAndHiddenStatesNotCompressed() throws Exception {
    Configuration configuration = configuration(new Configuration());
    assertTrue(configuration.get(PipelineOptions.OBJECT_REUSE));
    assertEquals(
        List.of(CompressionType.NO_COMPRESSION),
        configuration.get(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL));
  }

  @Test
  void theClustersOwnOptionsStay() throws Exception {
    Configuration cluster = new Configuration();
    cluster.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
    assertEquals("rocksdb", configuration(cluster).get(StateBackendOptions.STATE_BACKEND));
  }
}
