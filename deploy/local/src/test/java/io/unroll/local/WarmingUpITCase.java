package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.state.Accounts;
import io.unroll.job.state.Counters;
import io.unroll.job.state.CountersAccumulator;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real Flink says of an operator that is still opened. */
@Timeout(300) // a phase that is never seen would be waited for
final class WarmingUpITCase {
  private static final CountDownLatch WARM = new CountDownLatch(1);
  private static final CountDownLatch SEEN = new CountDownLatch(1);

  /** An operator of the name of ours, which warms up for as long as the test wants. */
  private static final class Slow extends RichMapFunction<Long, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public void open(OpenContext context) throws InterruptedException {
      getRuntimeContext().addAccumulator("readings", new CountersAccumulator(new Counters()));
      getRuntimeContext().addAccumulator("sequences", new CountersAccumulator(new Counters()));
      WARM.await();
    }

    @Override
    public Long map(Long number) throws InterruptedException {
      SEEN.await();
      return number;
    }
  }

  @Test
  void anOperatorThatIsOpenedWarmsUpAndOneThatTakesRecordsDoesNot() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(PipelineOptions.NAME, "p");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    env.fromSequence(1, 3)
        .rebalance()
        .map(new Slow())
        .name("p: sequences")
        .sinkTo(new DiscardingSink<>())
        .name("p: predictions");
    try (EmbeddedFlink flink = new EmbeddedFlink(Map.of("p", Accounts.ALONE))) {
      JobClient client = flink.start(env, () -> {});
      assertTrue(first(flink, client).isWarmingUp());
      WARM.countDown();
      RunStatus later = first(flink, client);
      while (later.isWarmingUp()) {
        later = first(flink, client);
      }
      assertFalse(client.getJobExecutionResult().isDone());
      SEEN.countDown();
      assertEquals(client.getJobID(), client.getJobExecutionResult().get().getJobID());
    } finally {
      WARM.countDown();
      SEEN.countDown();
    }
  }

  private static RunStatus first(EmbeddedFlink flink, JobClient client) throws Exception {
    Map<String, RunStatus> statuses = Map.of();
    while (statuses.isEmpty()) {
      Thread.sleep(20);
      statuses = flink.statuses(client, Duration.ofSeconds(10));
    }
    return Objects.requireNonNull(statuses.get("p"));
  }
}
