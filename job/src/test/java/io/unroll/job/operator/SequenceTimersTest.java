package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emit;
import io.unroll.job.state.Accounts;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.metrics.groups.TaskIOMetricGroup;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupStatePartitionStreamProvider;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.PriorityQueueSetFactory;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManager;
import org.apache.flink.streaming.api.operators.InternalTimeServiceManagerImpl;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.tasks.StreamTaskCancellationContext;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What the operator asks of Flink's timers. */
final class SequenceTimersTest {
  private static Observation at(String series, long timestamp) {
    return Observation.of(series, timestamp, 0.3, 0.1, -0.4);
  }

  @Test
  void aStepAsksNothingOfTheTimers() throws Exception {
    Calls.LIST.clear();
    KeyedOneInputStreamOperatorTestHarness<String, Observation, Prediction> harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new SequenceOperator(
                TestModels.config(TestModels.rnn(), 1000, Boundaries.NO_LIMIT, Emit.STEP),
                Accounts.ALONE),
            observation -> observation.series,
            Types.STRING);
    try {
      harness.setTimeServiceManagerProvider(new Watched());
      harness.open();
      for (int i = 0; i < 500; i++) {
        harness.processElement(new StreamRecord<>(at("A", 5000 + i), 5000 + i));
        harness.processElement(new StreamRecord<>(at("B", 5001 + i), 5001 + i));
      }
      assertEquals(List.of("add", "add"), Calls.LIST, "one timer when a sequence opens");
      harness.processWatermark(5999);
      assertEquals(List.of("add", "add"), Calls.LIST);
      harness.processWatermark(6000);
      assertEquals(List.of("add", "add", "poll", "add"), Calls.LIST, "A's timer fires and moves");
      harness.processElement(new StreamRecord<>(at("A", 5600).andEnd(), 5600));
      assertEquals(List.of("add", "add", "poll", "add", "remove"), Calls.LIST);
    } finally {
      harness.close();
    }
  }

  /** Changes of the event-time timers; the provider is serialized, so they are not in it. */
  private static final class Calls {
    static final List<String> LIST = new ArrayList<>();
  }

  /** Flink's own timers, on queues that note what changes them. */
  private static final class Watched implements InternalTimeServiceManager.Provider {
    private static final long serialVersionUID = 1L;

    @Override
    public <K> InternalTimeServiceManager<K> create(
        TaskIOMetricGroup metrics,
        PriorityQueueSetFactory factory,
        KeyGroupRange keyGroups,
        ClassLoader classLoader,
        KeyContext keyContext,
        ProcessingTimeService clock,
        Iterable<KeyGroupStatePartitionStreamProvider> rawKeyedStates,
        StreamTaskCancellationContext cancellation)
        throws Exception {
      return InternalTimeServiceManagerImpl.create(
          metrics,
          new WatchedQueues(factory),
          keyGroups,
          classLoader,
          keyContext,
          clock,
          rawKeyedStates,
          cancellation);
    }
  }

  private record WatchedQueues(PriorityQueueSetFactory factory) implements PriorityQueueSetFactory {
    @Override
    public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
        KeyGroupedInternalPriorityQueue<T> create(String name, TypeSerializer<T> serializer) {
      return watched(name, factory.create(name, serializer));
    }

    @SuppressWarnings("unchecked") // the proxy is of that interface
    private static <T> KeyGroupedInternalPriorityQueue<T> watched(
        String name, KeyGroupedInternalPriorityQueue<T> queue) {
      return (KeyGroupedInternalPriorityQueue<T>)
          Proxy.newProxyInstance(
              WatchedQueues.class.getClassLoader(),
              new Class<?>[] {KeyGroupedInternalPriorityQueue.class},
              (proxy, method, arguments) -> {
                if (name.contains("event")
                    && List.of("add", "remove", "poll").contains(method.getName())) {
                  Calls.LIST.add(method.getName());
                }
                try {
                  return method.invoke(queue, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}
