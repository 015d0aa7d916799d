package io.unroll.connectors.file;

import java.util.function.Predicate;
import org.apache.flink.connector.file.src.enumerate.DefaultFileFilter;
import org.apache.flink.core.fs.Path;

/**
 * Flink's filter of hidden files (a leading dot or underscore), which lets the named path itself
 * through: who names a file means it.
 */
final class VisibleFiles implements Predicate<Path> {

  private static final DefaultFileFilter VISIBLE = new DefaultFileFilter();

  private final FileNames names;

  VisibleFiles(FileNames names) {
    this.names = names;
  }

  @Override
  public boolean test(Path path) {
    return names.isRoot(path) || VISIBLE.test(path);
  }
}
