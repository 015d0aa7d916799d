package io.unroll.job.pipeline;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the word that somebody meant: the nearest by insertions, deletions, changes and swaps, or
 * another word of the field for the same thing.
 */
final class Spelling {
  /**
   * What other tools and papers call the keys of a pipeline. Where a word may mean several, those
   * of the section that it stands in come before others.
   */
  static final Map<String, List<String>> SYNONYMS = synonyms();

  /** What a clock on the wall is called. Java knows no abbreviations, since some mean two zones. */
  private static final Map<String, String> ZONES =
      Map.ofEntries(
          Map.entry("EST", "America/New_York"),
          Map.entry("EDT", "America/New_York"),
          Map.entry("ET", "America/New_York"),
          Map.entry("CST", "America/Chicago"),
          Map.entry("CDT", "America/Chicago"),
          Map.entry("MST", "America/Denver"),
          Map.entry("MDT", "America/Denver"),
          Map.entry("PST", "America/Los_Angeles"),
          Map.entry("PDT", "America/Los_Angeles"),
          Map.entry("HST", "Pacific/Honolulu"),
          Map.entry("BST", "Europe/London"),
          Map.entry("CEST", "Europe/Berlin"),
          Map.entry("EEST", "Europe/Helsinki"),
          Map.entry("MSK", "Europe/Moscow"),
          Map.entry("IST", "Asia/Kolkata"),
          Map.entry("JST", "Asia/Tokyo"),
          Map.entry("KST", "Asia/Seoul"),
          Map.entry("HKT", "Asia/Hong_Kong"),
          Map.entry("SGT", "Asia/Singapore"),
          Map.entry("AEST", "Australia/Sydney"),
          Map.entry("AEDT", "Australia/Sydney"),
          Map.entry("NZST", "Pacific/Auckland"));

  private Spelling() {}

  /**
   * The candidate nearest to {@code word}, or null if none is near enough: one edit for four
   * letters, two for eight, three beyond. Case and the choice of separator do not count.
   */
  static @Nullable String closest(String word, Collection<String> candidates) {
    if (word.length() > 100) {
      return null;
    }
    int limit = word.length() <= 4 ? 1 : word.length() <= 8 ? 2 : 3;
    String best = null;
    int smallest = limit + 1;
    String plain = plain(word);
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - word.length()) < smallest) {
        int distance = distance(plain, plain(candidate));
        if (distance < smallest) {
          smallest = distance;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static Map<String, List<String>> synonyms() {
    Map<String, List<String>> keys = new TreeMap<>();
    same(keys, "observation.series", "key", "keys", "id", "entity", "symbol", "device", "sensor");
    same(keys, "observation.series", "key-by", "group-by", "partition-by", "series-id");
    same(keys, "observation.timestamp", "time", "ts", "event-time", "date", "datetime", "rowtime");
    same(keys, "observation.timestamp", "time-field", "timestamp-field", "time-column");
    same(keys, "observation.features", "inputs", "input", "columns", "fields", "values", "x");
    same(keys, "observation.end", "eos", "end-of-sequence", "last", "terminal", "done");
    same(keys, "observation.keep", "passthrough", "pass-through", "carry", "metadata");
    same(keys, "observation.deduplicate-by", "dedup", "deduplicate", "unique", "unique-key");
    same(keys, "sequence.idle-timeout", "timeout", "ttl", "session-gap", "session-timeout");
    same(keys, "sequence.idle-timeout", "inactivity", "idle", "session", "state-ttl", "expire");
    same(keys, "sequence.keep-series-for", "ttl", "retention", "state-ttl", "memory");
    same(
        keys, "sequence.window", "window", "window-size", "lookback", "seq-len", "sequence-length");
    same(keys, "sequence.window", "context", "context-length", "timesteps", "history");
    same(keys, "sequence.warm-up", "warmup", "burn-in", "skip-first");
    same(keys, "sequence.max-delay", "delay", "lateness", "allowed-lateness", "lag");
    same(keys, "source.out-of-order", "watermark", "watermarks", "watermark-delay", "lag");
    same(keys, "source.out-of-order", "out-of-orderness", "lateness", "allowed-lateness", "delay");
    same(keys, "source.idle-after", "idleness", "with-idleness", "idle-partitions");
    same(keys, "source.kafka.topics", "topic");
    same(keys, "source.kafka.group.id", "group", "group-id", "consumer-group", "consumer");
    same(keys, "source.kafka.start", "offset", "offsets", "auto-offset-reset", "from", "startup");
    same(keys, "source.file.path", "path", "filename", "directory", "dir", "folder", "glob");
    same(keys, "model.onnx", "path", "file", "filename", "weights", "model-file", "checkpoint");
    same(keys, "model.state", "hidden", "hidden-state", "recurrent-state");
    same(keys, "model.decoder.steps", "horizon", "prediction-length", "forecast-length", "n-ahead");
    same(keys, "model.outputs", "targets", "predictions-names", "classes", "output-names");
    same(keys, "evaluate.against", "target", "truth", "actual", "ground-truth", "y-true");
    same(keys, "evaluate.ahead", "horizon", "lead");
    same(keys, "emit.every", "stride", "frequency", "interval");
    same(keys, "batch.size", "batch-size", "minibatch");
    same(keys, "sink", "destination", "target", "output");
    return keys;
  }

  private static void same(Map<String, List<String>> keys, String key, String... words) {
    for (String word : words) {
      keys.computeIfAbsent(word, w -> new ArrayList<>()).add(key);
    }
  }

  /**
   * The keys that a word of the field is about: those of the section or below, else all.
   *
   * @param section that the word stands in, empty for the file's top
   */
  static List<String> synonyms(String section, String word) {
    List<String> keys = SYNONYMS.getOrDefault(plain(word), List.of());
    List<String> near = keys.stream().filter(key -> key.startsWith(section + ".")).toList();
    return near.isEmpty() ? keys : near;
  }

  /** The zone that was meant, or null. What looks like an abbreviation is never spelt otherwise. */
  static @Nullable String zone(String word) {
    String known = ZONES.get(word.strip().toUpperCase(Locale.ROOT));
    return known != null || word.length() <= 4
        ? known
        : closest(word, ZoneId.getAvailableZoneIds());
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-').replace(' ', '-');
  }

  /** Optimal string alignment: Damerau-Levenshtein without edits between swapped letters. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1]; // (prefix of a, prefix of b)
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
