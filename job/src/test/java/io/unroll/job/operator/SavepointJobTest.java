package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.state.Accounts;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job on RocksDB, stopped while its changed series wait in the cache: none is lost. */
final class SavepointJobTest {
  private static final int SERIES = 20;
  private static final int STEPS = 40;
  private static final SequenceConfig CONFIG =
      TestModels.config(TestModels.rnn(), Boundaries.NO_TIMEOUT, Boundaries.NO_LIMIT, Emit.END);

  @TempDir Path folder;

  /** Between the tasks, which run in this JVM, and the test. */
  private static final class Seen {
    static final Map<String, Prediction> FINALS = new ConcurrentHashMap<>();
    static CountDownLatch half = new CountDownLatch(1);
  }

  @BeforeEach
  void nothingIsSeen() {
    Seen.FINALS.clear();
    Seen.half = new CountDownLatch(SERIES * STEPS / 2);
  }

  @Test
  void goesOnAfterAStopWithSavepointAsIfNothingHadBeen() throws Exception {
    String savepoint = stopHalfWay(false);
    assertEquals(Map.of(), Seen.FINALS);

    Configuration resumed = configuration();
    resumed.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    start(resumed, 0).getJobExecutionResult().get(1, TimeUnit.MINUTES);

    assertEquals(SERIES, Seen.FINALS.size());
    Seen.FINALS.forEach((series, last) -> assertFinal(series, last, STEPS));
  }

  @Test
  void drainClosesEverySequenceWithAllItsSteps() throws Exception {
    stopHalfWay(true);
    assertEquals(SERIES, Seen.FINALS.size());
    long steps = 0;
    for (Map.Entry<String, Prediction> last : Seen.FINALS.entrySet()) {
      assertFinal(last.getKey(), last.getValue(), last.getValue().step + 1);
      steps += last.getValue().step + 1;
    }
    assertTrue(steps >= SERIES * STEPS / 2, steps + " steps");
  }

  private String stopHalfWay(boolean drain) throws Exception {
    JobClient job = start(configuration(), 2);
    assertTrue(Seen.half.await(1, TimeUnit.MINUTES), Seen.half.getCount() + " to come");
    return job.stopWithSavepoint(
            drain, folder.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
        .get(1, TimeUnit.MINUTES);
  }

  private Configuration configuration() {
    return new Configuration()
        .set(StateBackendOptions.STATE_BACKEND, "rocksdb")
        .set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.resolve("c").toUri().toString());
  }

  /** Numbers 0 and up are the steps of all series in turn. */
  private static JobClient start(Configuration configuration, long pauseMillis) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    Operators.sequences(
            "stopped",
            env.fromSource(
                    new NumberSequenceSource(0, SERIES * STEPS - 1),
                    WatermarkStrategy.noWatermarks(),
                    "numbers")
                .uid("numbers")
                .map(
                    number -> {
                      Thread.sleep(pauseMillis);
                      Seen.half.countDown();
                      return observation("S" + number % SERIES, number / SERIES);
                    })
                .returns(Observation.class),
            CONFIG,
            Accounts.ALONE)
        .map(
            last -> {
              Seen.FINALS.put(last.series, last);
              return last;
            })
        .returns(Prediction.class)
        .sinkTo(new DiscardingSink<>())
        .uid("nowhere");
    return env.executeAsync();
  }

  private static Observation observation(String series, long step) {
    int x = series.hashCode() % 7;
    return Observation.of(series, 10_000 + step, 0.1 * x, -0.2, step % 5 * 0.1)
        .at("numbers/", step);
  }

  private static void assertFinal(String series, Prediction last, long steps) {
    double[][] inputs = new double[(int) steps][];
    for (int step = 0; step < steps; step++) {
      inputs[step] = observation(series, step).features;
    }
    float[][] alone = TestModels.alone(TestModels.rnn(), inputs);
    assertEquals(steps - 1, last.step, series);
    assertArrayEquals(alone[alone.length - 1], last.output, series);
  }
}
