package io.unroll.connectors.file;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.assigners.FileSplitAssigner;
import org.jspecify.annotations.Nullable;

/** Hands out whole files in the order of their paths, character by character. */
final class PathOrderAssigner implements FileSplitAssigner {

  private final PriorityQueue<FileSourceSplit> waiting =
      new PriorityQueue<>(Comparator.comparing(split -> split.path().getPath()));

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
