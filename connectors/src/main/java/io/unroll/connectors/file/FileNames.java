package io.unroll.connectors.file;

import java.io.File;
import java.io.Serializable;
import org.apache.flink.core.fs.Path;

/**
 * Names files by where they are below the source's path.
 *
 * @param root the source's path as it is within its file system, absolute
 */
record FileNames(String root) implements Serializable {

  static FileNames below(Path path) {
    // Flink resolves a relative path against the working directory too.
    String absolute =
        path.isAbsolute() ? path.getPath() : new File(path.getPath()).getAbsolutePath();
    return new FileNames(withoutSlash(absolute));
  }

  boolean isRoot(Path file) {
    return withoutSlash(file.getPath()).equals(root);
  }

  /** The file's name, with its folders below the root in front. */
  String of(Path file) {
    String path = file.getPath();
    String folder = root.endsWith("/") ? root : root + "/";
    return path.startsWith(folder) ? path.substring(folder.length()) : file.getName();
  }

  private static String withoutSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
