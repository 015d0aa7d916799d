package io.unroll.job.pipeline;

import io.unroll.job.describe.Complaints;
import io.unroll.job.describe.Found;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what a file's parser finds: where keys stand, mistakes and warnings. */
final class Findings implements Complaints {
  static final Comparator<Problem> LINE_ORDER =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final String file;
  private final Path directory;
  private final Map<String, Positions.Place> places = new HashMap<>();
  private final Set<String> renamed = new HashSet<>();
  private final List<Problem> mistakes = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /**
   * @param directory that paths in the file are relative to
   */
  Findings(String file, Path directory) {
    this.file = file;
    this.directory = directory;
  }

  /** What paths in the file are relative to. */
  Path directory() {
    return directory;
  }

  @Override
  public String written(String... keys) {
    return Arrays.stream(keys).filter(this::isPlaced).findFirst().orElse(keys[0]);
  }

  /** Remembers where {@code key} stands; the first of several counts. */
  void place(String key, Node node) {
    places.putIfAbsent(key, placeOf(node));
  }

  /** True if {@code key} itself is in the file. */
  boolean isPlaced(String key) {
    return places.containsKey(key);
  }

  static Positions.Place placeOf(Node node) {
    return node.getStartMark().map(Findings::placeOf).orElse(new Positions.Place(1, 1));
  }

  static Positions.Place placeOf(Mark mark) {
    return new Positions.Place(mark.getLine() + 1, mark.getColumn() + 1);
  }

  @Override
  public void mistake(String key, String text) {
    mistake(Positions.find(places, key), key, text);
  }

  void mistake(Positions.Place place, String key, String text) {
    mistakes.add(problem(place, key, text));
  }

  /**
   * A key by its old name. What follows from its absence is not reported: {@link #isWrong} is true
   * of the new one.
   *
   * @param shown the path with the old name
   * @param path with the new one
   * @param now the new one, from the map on that the old one stands in
   */
  void renamed(Positions.Place place, String shown, String old, String path, String now) {
    mistake(place, shown, Found.quoted(old) + " is now " + Found.quoted(now));
    renamed.add(Found.key(path));
  }

  /** A mistake of the whole file. */
  void mistake(String text) {
    mistakes.add(new Problem(file, 0, 0, "", Found.text(text)));
  }

  /** On one line, whatever names and values the file has. */
  private Problem problem(Positions.Place place, String key, String text) {
    return new Problem(file, place.line(), place.column(), Found.key(key), Found.text(text));
  }

  /** Where keys stand, for later. */
  Places places() {
    return new Places(file, places);
  }

  @Override
  public void warning(String key, String text) {
    Problem warning = problem(Positions.find(places, key), key, text);
    if (!warnings.contains(warning)) { // what all outputs inherit is said once
      warnings.add(warning);
    }
  }

  @Override
  public boolean isWrong(String longKey) {
    String key = Found.key(longKey);
    return Stream.concat(mistakes.stream().map(Problem::key), renamed.stream())
        .anyMatch(
            wrong ->
                wrong.equals(key) || wrong.startsWith(key + ".") || wrong.startsWith(key + "["));
  }

  /**
   * Does nothing if all is well.
   *
   * @throws PipelineException with every mistake so far, in line order
   */
  void throwIfWrong() throws PipelineException {
    if (!mistakes.isEmpty()) {
      throw new PipelineException(mistakes.stream().sorted(LINE_ORDER).toList());
    }
  }

  List<Problem> warnings() {
    return warnings.stream().sorted(LINE_ORDER).toList();
  }
}
