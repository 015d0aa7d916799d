package io.unroll.connectors.kafka;

import io.unroll.connectors.record.Reading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * Notes the highest timestamp of each partition beside its offset, and gives it back to event time
 * after a restore. Flink makes watermarks by the clock, so a checkpoint can hold a record and not
 * yet its watermark; nobody would make it again before the next record.
 *
 * <p>What was restored is not read before the enumerator has compared the topics. All of this runs
 * in the task's thread.
 */
@SuppressWarnings("try") // Flink declares that close throws anything
final class ReadingSourceReader implements SourceReader<Reading, KafkaPartitionSplit> {
  private final SourceReader<Reading, KafkaPartitionSplit> inside;
  private final long outOfOrderMillis;

  /** By partition, as long as it is read. */
  private final Map<String, EventTime> times = new HashMap<>();

  /** Partitions whose event time has been restored and not yet been given back. */
  private final List<String> owed = new ArrayList<>();

  /** Partitions that have been restored and wait for the topics to be compared. */
  private final List<KafkaPartitionSplit> held = new ArrayList<>();

  private boolean started;
  private @Nullable Noting output;

  ReadingSourceReader(SourceReader<Reading, KafkaPartitionSplit> inside, long outOfOrderMillis) {
    this.inside = inside;
    this.outOfOrderMillis = outOfOrderMillis;
  }

  /** What the observations of a partition have said. */
  private static final class EventTime {
    private long highest;

    EventTime(long highest) {
      this.highest = highest;
    }
  }

  @Override
  public void start() {
    started = true;
    inside.start();
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    for (KafkaPartitionSplit split : splits) {
      long highest = TimedSplit.highest(split);
      times.put(split.splitId(), new EventTime(highest));
      if (highest != TimedSplit.NONE) {
        owed.add(split.splitId());
      }
    }
    if (started) { // the enumerator gave them, which has compared their topics
      inside.addSplits(splits);
    } else {
      held.addAll(splits);
    }
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (!(event instanceof TopicsCompared)) {
      inside.handleSourceEvents(event);
    } else if (!held.isEmpty()) {
      List<KafkaPartitionSplit> compared = List.copyOf(held);
      held.clear();
      inside.addSplits(compared);
    }
  }

  @Override
  public InputStatus pollNext(ReaderOutput<Reading> main) throws Exception {
    Noting noting = output;
    if (noting == null) {
      noting = new Noting(main);
      output = noting;
    }
    if (!owed.isEmpty()) {
      giveBack(main);
    }
    return inside.pollNext(noting);
  }

  /** The partition counts as active from here on, until it has been silent for long enough. */
  private void giveBack(ReaderOutput<Reading> main) {
    for (String split : owed) {
      main.createOutputForSplit(split)
          .emitWatermark(new Watermark(time(split).highest - outOfOrderMillis - 1));
    }
    owed.clear();
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    List<KafkaPartitionSplit> splits = new ArrayList<>(held);
    for (KafkaPartitionSplit split : inside.snapshotState(checkpointId)) {
      splits.add(new TimedSplit(split, time(split.splitId()).highest));
    }
    return splits;
  }

  private EventTime time(String split) {
    return times.computeIfAbsent(split, any -> new EventTime(TimedSplit.NONE));
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return owed.isEmpty() ? inside.isAvailable() : CompletableFuture.completedFuture(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    inside.notifyNoMoreSplits();
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    inside.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    inside.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
    inside.pauseOrResumeSplits(pause, resume);
  }

  @Override
  public void close() throws Exception {
    inside.close();
  }

  /** The task's output, whose partitions note what passes. */
  private final class Noting implements ReaderOutput<Reading> {
    private final ReaderOutput<Reading> main;

    Noting(ReaderOutput<Reading> main) {
      this.main = main;
    }

    @Override
    public SourceOutput<Reading> createOutputForSplit(String split) {
      return new NotingOne(main.createOutputForSplit(split), time(split));
    }

    @Override
    public void releaseOutputForSplit(String split) {
      times.remove(split);
      main.releaseOutputForSplit(split);
    }

    @Override
    public void collect(Reading reading) {
      main.collect(reading);
    }

    @Override
    public void collect(Reading reading, long timestamp) {
      main.collect(reading, timestamp);
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      main.emitWatermark(watermark);
    }

    @Override
    public void markIdle() {
      main.markIdle();
    }

    @Override
    public void markActive() {
      main.markActive();
    }
  }

  /** A partition's output. A rejected or skipped record says nothing of event time. */
  private record NotingOne(SourceOutput<Reading> output, EventTime time)
      implements SourceOutput<Reading> {

    @Override
    public void collect(Reading reading) {
      output.collect(reading);
      note(reading);
    }

    @Override
    public void collect(Reading reading, long timestamp) {
      output.collect(reading, timestamp);
      note(reading);
    }

    private void note(Reading reading) {
      time.highest = Math.max(time.highest, reading.eventTime());
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      output.emitWatermark(watermark);
    }

    @Override
    public void markIdle() {
      output.markIdle();
    }

    @Override
    public void markActive() {
      output.markActive();
    }
  }
}
