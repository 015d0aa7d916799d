package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.Evaluate;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.life.SeriesMemory;
import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counter;
import io.unroll.job.state.EvaluationSums;
import io.unroll.model.kernel.Kernels;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the operator reports in Flink's group {@code unroll}. */
final class SequenceMetricsTest {
  private static final Set<Counter> COUNTED =
      EnumSet.of(Counter.INPUTS, Counter.STEPS, Counter.OPENED, Counter.PREDICTIONS);

  static Iterable<String> kernels() {
    return Kernels.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void theKernelThatRunsIsAGaugeAsTheCountersAre(String kernel) throws Exception {
    Map<String, Metric> metrics = new TreeMap<>();
    SequenceConfig config =
        TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.STEP);
    SequenceConfig onKernel = config.with(config.tuning().withKernel(kernel));
    MockEnvironment environment =
        new MockEnvironmentBuilder().setMetricGroup(group(metrics)).build();
    KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SequenceOperator(onKernel, Accounts.ALONE),
            observation -> observation.series,
            Types.STRING,
            environment);
    try {
      harness.open();
      harness.processElement(
          new StreamRecord<>(Observation.of("A", 5000, 0.3, 0.1, -0.4).at("t/0@", 0), 5000));
      assertEquals(kernel, value(metrics, "kernel"));
      for (Counter counter : Counter.values()) {
        assertEquals(
            COUNTED.contains(counter) ? 1L : 0L, value(metrics, counter.label()), counter.label());
      }
      assertTrue(metrics.containsKey("batch.rows"), metrics.keySet().toString());
    } finally {
      harness.close(); // the environment too
    }
  }

  @Test
  void theSumsOfAnEvaluationAreGauges() throws Exception {
    Map<String, Metric> metrics = new TreeMap<>();
    SequenceConfig config =
        TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.STEP)
            .with(new SeriesMemory(1000, SeriesMemory.NO_DUPLICATES))
            .with(
                TestModels.evaluated(
                    List.of(new Evaluate("y0", 0, "x0", 0, true, 1, Long.MIN_VALUE, Double.NaN))));
    MockEnvironment environment =
        new MockEnvironmentBuilder().setMetricGroup(group(metrics)).build();
    KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SequenceOperator(config, Accounts.ALONE),
            observation -> observation.series,
            Types.STRING,
            environment);
    try {
      harness.open();
      for (int i = 0; i < 3; i++) {
        harness.processElement(
            new StreamRecord<>(
                Observation.of("A", 5000 + i, i, 0.1, -0.4).at("t/0@", i), 5000L + i));
      }
      String label = "y0 against x0 1 ahead ";
      assertEquals(2.0, value(metrics, label + "count"));
      assertEquals(2.0, value(metrics, label + "persistence-error"));
      for (EvaluationSums.Sum sum : EvaluationSums.Sum.values()) {
        assertTrue(metrics.containsKey(label + sum.label()), metrics.keySet().toString());
      }
    } finally {
      harness.close(); // the environment too
    }
  }

  private static Object value(Map<String, Metric> metrics, String name) {
    return ((Gauge<?>) metrics.get(name)).getValue();
  }

  /** A task's metrics, of which those in groups {@code unroll} are put into {@code found}. */
  private static TaskMetricGroup group(Map<String, Metric> found) {
    TestingMetricRegistry registry =
        TestingMetricRegistry.builder()
            .setRegisterConsumer(
                (metric, name, group) -> {
                  String[] scope = group.getScopeComponents();
                  if (scope[scope.length - 1].equals("unroll")) {
                    found.put(name, metric);
                  } else if (scope[scope.length - 2].equals("evaluation")) {
                    found.put(scope[scope.length - 1] + " " + name, metric);
                  }
                })
            .build();
    return TaskManagerMetricGroup.createTaskManagerMetricGroup(
            registry, "host", ResourceID.generate())
        .addJob(new JobID(), "job")
        .addTask(ExecutionGraphTestUtils.createExecutionAttemptId(), "task");
  }
}
