package io.unroll.local;

import io.unroll.connectors.file.FilePreview;
import io.unroll.job.pipeline.Pipeline;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files that a run reads, as they were when it started: a checkpoint says how far it came,
 * which means nothing in a file whose beginning has changed.
 *
 * @param files in the order in which they are read; none where the source is Kafka
 */
record InputFiles(List<Noted> files) {
  /**
   * Compared at each end: a file of any size is noted at once. In between a change shows in the
   * size, or in the time.
   */
  private static final int END_BYTES = 1 << 20;

  /**
   * One file.
   *
   * @param checksum of its ends; of all of it where they meet
   */
  record Noted(Path path, long bytes, long modifiedMillis, long checksum) {

    static Noted of(Path path) throws IOException {
      long bytes = Files.size(path);
      return new Noted(path, bytes, modified(path), checksumOf(path, bytes));
    }

    private String line() {
      return bytes + " " + modifiedMillis + " " + checksum + " " + path.toUri();
    }

    private static Noted parse(String line) throws IOException {
      String[] parts = line.split(" ", -1);
      if (parts.length != 4) {
        throw new IOException("found '" + line + "', expected bytes, time, checksum and file");
      }
      try {
        return new Noted(
            Path.of(URI.create(parts[3])),
            Long.parseLong(parts[0]),
            Long.parseLong(parts[1]),
            Long.parseLong(parts[2]));
      } catch (IllegalArgumentException e) {
        throw new IOException("found '" + line + "': " + e.getMessage(), e);
      }
    }

    /** What is not as it was, or null. */
    private @Nullable String change(boolean mayGrow) throws IOException {
      long now = Files.size(path);
      if (now < bytes || (now > bytes && !mayGrow)) {
        return path
            + ": found "
            + now
            + " bytes, expected the "
            + bytes
            + " that it had"
            + (now < bytes ? "" : ": only the last file of a folder may grow");
      }
      if (checksumOf(path, bytes) != checksum) {
        return path + ": found other content in the " + bytes + " bytes that it had";
      }
      boolean unseen = bytes > 2L * END_BYTES && now == bytes;
      return unseen && modified(path) != modifiedMillis
          ? path
              + ": found a file of "
              + Instant.ofEpochMilli(modified(path))
              + ", expected that of "
              + Instant.ofEpochMilli(modifiedMillis)
          : null;
    }
  }

  /** What a run of {@code pipeline} would read now. */
  static InputFiles of(Pipeline pipeline) throws IOException {
    List<Noted> files = new ArrayList<>();
    for (Path path : paths(pipeline)) {
      files.add(Noted.of(path));
    }
    return new InputFiles(files);
  }

  private static List<Path> paths(Pipeline pipeline) throws IOException {
    return pipeline.source().input() instanceof Pipeline.FileInput input
        ? FilePreview.files(input.path())
        : List.of();
  }

  /** One line per file. */
  String text() {
    return files.stream().map(file -> file.line() + "\n").collect(Collectors.joining());
  }

  /**
   * What {@link #text} wrote.
   *
   * @throws IOException if it did not
   */
  static InputFiles parse(String text) throws IOException {
    List<Noted> files = new ArrayList<>();
    for (String line : text.lines().toList()) {
      files.add(Noted.parse(line));
    }
    return new InputFiles(files);
  }

  /**
   * What is not as it was, one line each. The last file may have grown: a run that goes on reads
   * what was added. It opens no file again that it has finished, and looks for no new ones.
   */
  List<String> changes(Pipeline pipeline) throws IOException {
    List<Path> now = paths(pipeline);
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Noted file = files.get(i);
      String change =
          now.contains(file.path())
              ? file.change(mayGrow(i, now))
              : file.path() + ": found no such file, expected the one that was read";
      if (change != null) {
        changes.add(change);
      }
    }
    List<Path> known = files.stream().map(Noted::path).toList();
    for (Path path : now) {
      if (!known.contains(path)) {
        changes.add(
            path + ": found a new file, expected none: a run that goes on would not read it");
      }
    }
    return changes;
  }

  /**
   * The file that is read last may have grown. A run that began when files had another order (by
   * characters) goes on in the order of today; only a file that is the last in both is still to be
   * read to its end.
   */
  private boolean mayGrow(int file, List<Path> now) {
    List<Path> known = files.stream().map(Noted::path).toList();
    Path last = now.stream().filter(known::contains).reduce((before, after) -> after).orElse(null);
    return file == files.size() - 1 && files.get(file).path().equals(last);
  }

  private static long modified(Path path) throws IOException {
    return Files.getLastModifiedTime(path).toMillis();
  }

  /** Of the two ends of the first {@code bytes} of a file. */
  private static long checksumOf(Path path, long bytes) throws IOException {
    CRC32C checksum = new CRC32C();
    try (FileChannel channel = FileChannel.open(path)) {
      long head = Math.min(bytes, END_BYTES);
      update(checksum, channel, 0, head);
      update(checksum, channel, Math.max(head, bytes - END_BYTES), bytes);
    }
    return checksum.getValue();
  }

  private static void update(CRC32C checksum, FileChannel channel, long from, long to)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) (to - from));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    checksum.update(buffer.flip());
  }
}
