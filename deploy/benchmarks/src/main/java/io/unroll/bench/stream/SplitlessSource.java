package io.unroll.bench.stream;

import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/** A source of one reader that needs no splits and remembers nothing: for measuring only. */
abstract class SplitlessSource<T> implements Source<T, SplitlessSource.NoSplit, Integer> {
  private static final long serialVersionUID = 1L;

  /** There is none. */
  static final class NoSplit implements SourceSplit {
    @Override
    public String splitId() {
      return "none";
    }
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SplitEnumerator<NoSplit, Integer> createEnumerator(
      SplitEnumeratorContext<NoSplit> context) {
    return new NoEnumerator();
  }

  @Override
  public SplitEnumerator<NoSplit, Integer> restoreEnumerator(
      SplitEnumeratorContext<NoSplit> context, Integer nothing) {
    return new NoEnumerator();
  }

  @Override
  public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
    return new Nothing<>(new NoSplit());
  }

  @Override
  public SimpleVersionedSerializer<Integer> getEnumeratorCheckpointSerializer() {
    return new Nothing<>(0);
  }

  private static final class NoEnumerator implements SplitEnumerator<NoSplit, Integer> {
    @Override
    public void start() {
      // Readers start by themselves.
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {
      // Nobody asks.
    }

    @Override
    public void addSplitsBack(List<NoSplit> splits, int subtask) {
      // Nobody had any.
    }

    @Override
    public void addReader(int subtask) {
      // It needs nothing.
    }

    @Override
    public Integer snapshotState(long checkpointId) {
      return 0;
    }

    @Override
    public void close() {
      // Nothing to give back.
    }
  }

  private record Nothing<T>(T value) implements SimpleVersionedSerializer<T> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(T ignored) {
      return new byte[0];
    }

    @Override
    public T deserialize(int version, byte[] bytes) {
      return value;
    }
  }
}
