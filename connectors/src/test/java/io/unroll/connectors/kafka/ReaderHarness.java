package io.unroll.connectors.kafka;

import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import io.unroll.connectors.record.ReadingWatermarks;
import io.unroll.connectors.record.Rejected;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.streaming.api.operators.source.TimestampsAndWatermarks;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.io.PushingAsyncDataInput.DataOutput;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.clock.ManualClock;
import org.apache.kafka.common.TopicPartition;

/**
 * A reader with all that makes Flink's event time of a source, by a clock that is set by hand. What
 * is read comes from the test instead of a broker.
 */
final class ReaderHarness {
  static final Duration IDLE_AFTER = Duration.ofMinutes(1);
  private static final long TICK_MILLIS = 200;

  private final ManualClock clock = new ManualClock(1_000_000_000L);
  private final List<String> out = new ArrayList<>();
  private final Given given = new Given();
  private final ReadingSourceReader reader;
  private final TimestampsAndWatermarks<Reading> eventTime;
  private final ReaderOutput<Reading> main;

  private ReaderHarness(Duration outOfOrder, List<KafkaPartitionSplit> restored) throws Exception {
    reader = new ReadingSourceReader(given, outOfOrder.toMillis());
    eventTime =
        TimestampsAndWatermarks.createProgressiveEventTimeLogic(
            ReadingWatermarks.strategy(outOfOrder, IDLE_AFTER),
            new UnregisteredMetricsGroup(),
            null, // it would call what pass() calls
            0,
            clock,
            clock,
            UnregisteredMetricGroups.createUnregisteredTaskMetricGroup().getIOMetricGroup());
    // In the order of Flink's source operator.
    if (!restored.isEmpty()) {
      reader.addSplits(restored);
    }
    reader.start();
    main = eventTime.createMainOutput(new Said(), new Nobody());
    restored.forEach(split -> main.createOutputForSplit(split.splitId()));
    reader.pollNext(main);
  }

  /** A reader that begins with these partitions, given by the enumerator. */
  static ReaderHarness of(int... partitions) throws Exception {
    ReaderHarness harness = new ReaderHarness(Duration.ZERO, List.of());
    List<KafkaPartitionSplit> splits = new ArrayList<>();
    for (int partition : partitions) {
      splits.add(new KafkaPartitionSplit(new TopicPartition("t", partition), 0));
    }
    splits.forEach(split -> harness.main.createOutputForSplit(split.splitId()));
    harness.reader.addSplits(splits);
    return harness;
  }

  /** A reader that goes on from these, read back from bytes. */
  static ReaderHarness restored(Duration outOfOrder, List<KafkaPartitionSplit> splits)
      throws Exception {
    TimedSplitSerializer serializer = new TimedSplitSerializer();
    List<KafkaPartitionSplit> read = new ArrayList<>();
    for (KafkaPartitionSplit split : splits) {
      read.add(serializer.deserialize(serializer.getVersion(), serializer.serialize(split)));
    }
    return new ReaderHarness(outOfOrder, read);
  }

  /** The enumerator says that the topics are what they were. */
  ReaderHarness compared() {
    reader.handleSourceEvents(new TopicsCompared());
    return this;
  }

  void observe(int partition, long timestamp) throws Exception {
    read(partition, Reading.of(Observation.of("a", timestamp, 1)));
  }

  void reject(int partition, long timestamp) throws Exception {
    Rejected rejected = new Rejected();
    rejected.timestamp = timestamp;
    read(partition, Reading.of(rejected));
  }

  private void read(int partition, Reading reading) throws Exception {
    given.next.add(Map.entry("t-" + partition, reading));
    reader.pollNext(main);
  }

  /** Lets time pass, in which Flink asks for watermarks as often as it does. */
  void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= TICK_MILLIS) {
      clock.advanceTime(Duration.ofMillis(Math.min(left, TICK_MILLIS)));
      eventTime.emitImmediateWatermark(0);
    }
  }

  /** Just longer than a partition may be silent, and two looks at it. */
  void passIdleAfter() {
    pass(IDLE_AFTER.plusMillis(3 * TICK_MILLIS));
  }

  List<KafkaPartitionSplit> snapshot() {
    return reader.snapshotState(1);
  }

  /** Partitions that are read. */
  List<String> partitions() {
    return List.copyOf(given.offsets.keySet());
  }

  /** Watermarks, {@code idle} and {@code active} since the last call. */
  List<String> said() {
    List<String> said = List.copyOf(out);
    out.clear();
    return said;
  }

  /** A reader that reads what it is given. */
  private static final class Given implements SourceReader<Reading, KafkaPartitionSplit> {
    private final Deque<Map.Entry<String, Reading>> next = new ArrayDeque<>();
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final Map<String, KafkaPartitionSplit> splits = new LinkedHashMap<>();

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<Reading> output) {
      Map.Entry<String, Reading> one = next.poll();
      if (one == null) {
        return InputStatus.NOTHING_AVAILABLE;
      }
      output.createOutputForSplit(one.getKey()).collect(one.getValue(), 0);
      offsets.merge(one.getKey(), 1L, Long::sum);
      return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
      return splits.values().stream()
          .map(
              split ->
                  new KafkaPartitionSplit(split.getTopicPartition(), offsets.get(split.splitId())))
          .toList();
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return new CompletableFuture<>();
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> added) {
      for (KafkaPartitionSplit split : added) {
        splits.put(split.splitId(), split);
        offsets.put(split.splitId(), split.getStartingOffset());
      }
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
      throw new IllegalStateException("not for it: " + event);
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
  }

  private final class Said implements DataOutput<Reading> {
    @Override
    public void emitRecord(StreamRecord<Reading> record) {}

    @Override
    public void emitWatermark(Watermark watermark) {
      out.add(Long.toString(watermark.getTimestamp()));
    }

    @Override
    public void emitWatermarkStatus(WatermarkStatus status) {
      out.add(status.isIdle() ? "idle" : "active");
    }

    @Override
    public void emitLatencyMarker(LatencyMarker marker) {}

    @Override
    public void emitRecordAttributes(RecordAttributes attributes) {}

    @Override
    public void emitWatermark(WatermarkEvent watermark) {}
  }

  /** Hears what Flink's alignment would. */
  private static final class Nobody implements TimestampsAndWatermarks.WatermarkUpdateListener {
    @Override
    public void updateIdle(boolean idle) {}

    @Override
    public void updateCurrentEffectiveWatermark(long watermark) {}

    @Override
    public void updateCurrentSplitWatermark(String split, long watermark) {}

    @Override
    public void updateCurrentSplitIdle(String split, boolean idle) {}

    @Override
    public void splitFinished(String split) {}
  }
}
