package io.unroll.connectors.file;

import io.unroll.connectors.format.Frames;
import io.unroll.connectors.format.Framing;
import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.Oddities;
import io.unroll.connectors.format.RecordLines;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bounded look over a file source, in its order: all of a small one; of a large one slices from
 * its beginning to its end, so that how its records are sorted shows without reading it all.
 *
 * @param observations of the records looked at, in the source's order; those that cannot be read
 *     are left out
 * @param whole no record was left out
 * @param oddities of the records looked at, a line each
 */
public record FileLook(List<Looked> observations, boolean whole, List<String> oddities) {
  /** Of all files together. */
  private static final long MOST_BYTES = 4 << 20;

  private static final int MOST_FILES = 256;

  /** Long enough for a few records of any usual length. */
  private static final int SLICE_BYTES = 16 << 10;

  /**
   * A record.
   *
   * @param file its number among those looked at, from 0
   * @param place as readings name it, without the line where it is not known
   */
  public record Looked(int file, String place, Observation observation) {}

  public FileLook {
    observations = List.copyOf(observations);
    oddities = List.copyOf(oddities);
  }

  /**
   * Looks at a file, or the files of a folder and below.
   *
   * @throws NoSuchFileException if there is neither a file nor a folder at {@code path}
   * @throws IOException if a file cannot be read
   */
  public static FileLook at(Path path, ObservationReader reader) throws IOException {
    List<Path> files = FilePreview.files(path);
    FileNames names = FileNames.below(FilePreview.flinkPath(path));
    int count = Math.min(files.size(), MOST_FILES);
    long each = count == 0 ? 0 : MOST_BYTES / count;
    Oddities oddities = new Oddities();
    Looking looking =
        new Looking(
            reader.telling(oddities), reader.format().framing(), oddities, new ArrayList<>());
    boolean whole = count == files.size();
    for (int i = 0; i < count; i++) {
      whole &= looking.file(i, files.get(i), names, Math.max(each, 2L * SLICE_BYTES));
    }
    return new FileLook(looking.found(), whole, oddities.lines());
  }

  private record Looking(
      ObservationReader reader, Framing framing, Oddities oddities, List<Looked> found) {
    /** True if all of it was looked at. */
    boolean file(int number, Path file, FileNames names, long budget) throws IOException {
      oddities.at(null);
      var flinkPath = FilePreview.flinkPath(file);
      String name = names.of(flinkPath);
      boolean packed = StoredFile.isPacked(flinkPath);
      long size = Files.size(file);
      if (packed || size <= budget || !framing.startsAnywhere()) {
        RecordLines records = reader.lines(name + ":");
        try (Frames lines =
            framing.frames(
                StoredFile.atMost(budget, StoredFile.open(flinkPath, 0)), 0, SLICE_BYTES)) {
          long line = 0;
          while (lines.next()) {
            add(number, "", records.read(lines.bytes(SLICE_BYTES), ++line));
          }
          return lines.offset() < budget;
        }
      }
      int slices = (int) Math.max(2, budget / SLICE_BYTES);
      RecordLines records = reader.lines(name + ":");
      for (int i = 0; i < slices; i++) {
        long from = (size - SLICE_BYTES) * i / (slices - 1);
        slice(number, name, records, flinkPath, from, size);
        if (records.awaitsHeader()) {
          return false; // it is further down, and says what stands in the other slices
        }
      }
      return false;
    }

    /** The first slice has the header; each other one begins within a line, which is left out. */
    private void slice(
        int number,
        String name,
        RecordLines records,
        org.apache.flink.core.fs.Path file,
        long from,
        long size)
        throws IOException {
      try (Frames lines =
          framing.frames(
              StoredFile.atMost(SLICE_BYTES, StoredFile.open(file, from)), from, SLICE_BYTES)) {
        long line = 0;
        while (lines.next()) {
          line++;
          boolean last = lines.offset() - from >= SLICE_BYTES && lines.offset() < size;
          boolean cut = last || (from > 0 && line == 1);
          if (!cut) {
            // Only the very first line is line 1, the header of a CSV file.
            long place = from == 0 ? line : line + 1;
            oddities.at(from == 0 ? null : name);
            add(number, from == 0 ? "" : name, records.read(lines.bytes(SLICE_BYTES), place));
          }
        }
      }
    }

    private void add(int file, String place, @Nullable Reading reading) {
      for (Reading input : reading == null ? List.<Reading>of() : reading.inputs()) {
        Observation observation = input.observation;
        if (observation != null) {
          found.add(new Looked(file, place.isEmpty() ? observation.input() : place, observation));
        }
      }
    }
  }
}
