package io.unroll.bench.stream;

import io.unroll.bench.stream.SplitlessSource.NoSplit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.SourceReader;

/** A reader that is always ready; what it sends, a subclass says. */
abstract class SplitlessReader<T> implements SourceReader<T, NoSplit> {
  @Override
  public void start() {
    // pollNext starts by itself.
  }

  @Override
  public List<NoSplit> snapshotState(long checkpointId) {
    return List.of();
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void addSplits(List<NoSplit> splits) {
    // There are none.
  }

  @Override
  public void notifyNoMoreSplits() {
    // There never were any.
  }

  @Override
  public void close() {
    // Nothing to give back.
  }
}
