package io.unroll.job.cli;

import io.unroll.connectors.format.ObservationReader;
import io.unroll.connectors.format.RecordLines;
import io.unroll.connectors.record.Reading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The first records of a file source. */
final class FirstLines {
  private FirstLines() {}

  /** At most {@code count} readings of the file, or of the first file of the folder. */
  static List<Reading> read(Path path, ObservationReader reader, int count) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    List<Reading> readings = new ArrayList<>();
    for (Path file : files(path)) {
      RecordLines lines = reader.lines(name(path, file) + ":");
      // Latin-1 keeps every byte, whatever the file's encoding; the reader decodes.
      try (BufferedReader text = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
        long number = 0;
        for (String line = text.readLine();
            line != null && readings.size() < count;
            line = text.readLine()) {
          Reading reading = lines.read(line.getBytes(StandardCharsets.ISO_8859_1), ++number);
          if (reading != null) {
            readings.add(reading);
          }
        }
      }
      if (readings.size() == count) {
        break;
      }
    }
    return readings;
  }

  private static List<Path> files(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !name(path, file).matches("(.*/)?[._].*"))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String name(Path path, Path file) {
    return path.equals(file)
        ? file.getFileName().toString()
        : path.relativize(file).toString().replace('\\', '/');
  }
}
