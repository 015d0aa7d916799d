package io.unroll.connectors.file;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.assigners.FileSplitAssigner;
import org.jspecify.annotations.Nullable;

/**
 * Hands out whole files in the {@link NaturalOrder} of their paths. A checkpoint holds the files
 * that are left, so a job that goes on from one with another order reads each of them once.
 */
final class PathOrderAssigner implements FileSplitAssigner {

  private final PriorityQueue<FileSourceSplit> waiting =
      new PriorityQueue<>(
          Comparator.comparing(
              (FileSourceSplit split) -> split.path().getPath(), NaturalOrder.ORDER));

  PathOrderAssigner(Collection<FileSourceSplit> files) {
    waiting.addAll(files);
  }

  @Override
  public Optional<FileSourceSplit> getNext(@Nullable String hostname) {
    return Optional.ofNullable(waiting.poll());
  }

  @Override
  public void addSplits(Collection<FileSourceSplit> files) {
    waiting.addAll(files);
  }

  @Override
  public Collection<FileSourceSplit> remainingSplits() {
    return List.copyOf(waiting);
  }
}
