package io.unroll.job.signature;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything without which a state is only numbers, as named lines: series key, features, window,
 * order, source. Model and decoder are lines of their own.
 *
 * <p>A state keeps the signature of the pipeline that wrote it, as {@link #text}. A line that the
 * other side does not have is not known there, and no difference: a later version may know more
 * lines, and the Java API knows less than a pipeline file. Elements of a list are known together.
 * So a line that can be absent says {@link Line#NONE}.
 */
public final class Signature implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The first line of {@link #text}. The number rises when a line gets another meaning. */
  private static final String TITLE = "pipeline signature ";

  private static final int VERSION = 1;

  /** A higher number of it lets everything else of the source be another. */
  public static final String GENERATION = "source.generation";

  private final List<Line> lines;

  private Signature(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  /** These lines. */
  public static Signature of(List<Line> lines) {
    return new Signature(lines);
  }

  /** These lines and those behind them. */
  public Signature and(Signature more) {
    List<Line> all = new ArrayList<>(lines);
    all.addAll(more.lines);
    return new Signature(all);
  }

  /** For the state: a title with the version, then a line each, {@code name: value}. */
  public String text() {
    StringBuilder text = new StringBuilder(TITLE).append(VERSION).append('\n');
    for (Line line : lines) {
      text.append(line.name()).append(": ").append(escaped(line.value())).append('\n');
    }
    return text.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        char next = value.charAt(++i);
        text.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  /**
   * What {@link #text} wrote, in this version or an earlier one.
   *
   * @throws IllegalArgumentException if it is no signature, or that of a later version
   */
  public static Signature parse(String text) {
    List<String> rows = text.lines().toList();
    String title = rows.isEmpty() ? "" : rows.get(0);
    if (!title.matches(TITLE + "[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "found '" + title + "', expected the title '" + TITLE + VERSION + "'");
    }
    int version = Integer.parseInt(title.substring(TITLE.length()));
    if (version > VERSION) {
      throw new IllegalArgumentException(
          "found '%s', which a later version of Unroll wrote; this one reads up to %d"
              .formatted(title, VERSION));
    }
    List<Line> lines = new ArrayList<>();
    for (String row : rows.subList(1, rows.size())) {
      int colon = row.indexOf(": ");
      if (colon < 1) {
        throw new IllegalArgumentException("found '" + row + "', expected 'name: value'");
      }
      lines.add(Line.of(row.substring(0, colon), unescaped(row.substring(colon + 2))));
    }
    return new Signature(lines);
  }

  /** Whether this pipeline reads its source anew, where {@code earlier} had read it before. */
  public boolean readsAnew(Signature earlier) {
    return generation(lines) > generation(earlier.lines);
  }

  private static int generation(List<Line> lines) {
    return lines.stream()
        .filter(line -> line.name().equals(GENERATION))
        .mapToInt(line -> Integer.parseInt(line.value()))
        .findFirst()
        .orElse(1);
  }

  /**
   * Why this pipeline cannot go on from the state of an earlier one: one line per difference that
   * no {@link Rule} allows, then the ways out.
   *
   * @return null if it can
   */
  public @Nullable String refusal(Signature earlier) {
    boolean anew = readsAnew(earlier);
    Map<String, Line> before = byName(earlier);
    Map<String, Line> now = byName(this);
    Set<String> knownBefore = lists(earlier);
    Set<String> knownNow = lists(this);
    Set<String> names = new LinkedHashSet<>(now.keySet());
    names.addAll(before.keySet());
    List<String> differences = new ArrayList<>();
    boolean sourceAlone = true;
    for (String name : names) {
      Line was = before.get(name);
      Line is = now.get(name);
      Line either = is == null ? was : is;
      if (either == null
          || !knownBefore.contains(either.list())
          || !knownNow.contains(either.list())
          || (anew && either.isOfSource())
          || (was != null && is != null && is.rule().allows(was.value(), is.value()))) {
        continue;
      }
      differences.add("  %s: was %s, is %s".formatted(name, value(was), value(is)));
      sourceAlone &= either.isOfSource() && !name.equals(GENERATION);
    }
    return differences.isEmpty() ? null : message(differences, sourceAlone, earlier);
  }

  private String message(List<String> differences, boolean sourceAlone, Signature earlier) {
    return "the state is of another pipeline: it would mean something else here\n"
        + String.join("\n", differences)
        + "\nTo go on, put it back. To start without the state: on a cluster submit without a"
        + " savepoint, embedded run with --fresh (and --overwrite), or give the pipeline another"
        + " name."
        + (sourceAlone
            ? " Or keep the state of the series and read the source anew, from its start: "
                + GENERATION
                + ": "
                + (generation(earlier.lines) + 1)
                + "."
            : "");
  }

  private static String value(@Nullable Line line) {
    return line == null ? "absent" : line.value();
  }

  private static Map<String, Line> byName(Signature signature) {
    Map<String, Line> byName = new LinkedHashMap<>();
    signature.lines.forEach(line -> byName.put(line.name(), line));
    return byName;
  }

  private static Set<String> lists(Signature signature) {
    Set<String> lists = new LinkedHashSet<>();
    signature.lines.forEach(line -> lists.add(line.list()));
    return lists;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature && lines.equals(signature.lines);
  }

  @Override
  public int hashCode() {
    return lines.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
