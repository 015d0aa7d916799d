package io.unroll.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what file sinks wrote. */
final class Parts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Parts() {}

  /** Names of what stands in a folder, hidden files too; empty if there is no folder. */
  static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** All lines of the finished parts. */
  static List<String> lines(Path folder) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names(folder)) {
      if (name.startsWith("part-")) {
        lines.addAll(Files.readAllLines(folder.resolve(name)));
      }
    }
    return lines;
  }

  /** The same, sorted, for comparisons that no order is promised for. */
  static List<String> sorted(Path folder) throws IOException {
    return lines(folder).stream().sorted().toList();
  }

  static List<JsonNode> json(Path folder) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (String line : lines(folder)) {
      records.add(JSON.readTree(line));
    }
    return records;
  }
}
