package io.unroll.job.pipeline;

import io.unroll.job.describe.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Other words of the field for what a pipeline file calls otherwise. */
final class Synonyms {
  /**
   * What other tools and papers call the keys of a pipeline. Where a word may mean several, those
   * of the section that it stands in come before others.
   */
  static final Map<String, List<String>> ALL = synonyms();

  private Synonyms() {}

  private static Map<String, List<String>> synonyms() {
    Map<String, List<String>> keys = new TreeMap<>();
    same(keys, "observation.series", "key", "keys", "id", "entity", "symbol", "device", "sensor");
    same(keys, "observation.series", "key-by", "group-by", "partition-by", "series-id");
    same(keys, "observation.timestamp", "time", "ts", "event-time", "date", "datetime", "rowtime");
    same(keys, "observation.timestamp", "time-field", "timestamp-field", "time-column");
    same(keys, "observation.features", "inputs", "input", "columns", "fields", "values", "x");
    same(keys, "observation.features[].multiply-by", "factor", "multiplier", "multiply");
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
    same(keys, "source.watermark.out-of-order", "watermarks", "watermark-delay", "lag");
    same(
        keys,
        "source.watermark.out-of-order",
        "out-of-orderness",
        "lateness",
        "allowed-lateness",
        "delay");
    same(
        keys,
        "source.watermark.idle-after",
        "idle",
        "idleness",
        "with-idleness",
        "idle-partitions");
    same(keys, "source.kafka.topics", "topic");
    same(keys, "source.kafka.group.id", "group", "group-id", "consumer-group", "consumer");
    same(keys, "source.kafka.start", "offset", "offsets", "auto-offset-reset", "from", "startup");
    same(keys, "source.file.path", "path", "filename", "directory", "dir", "folder", "glob");
    same(keys, "model.onnx", "path", "file", "filename", "weights", "model-file", "checkpoint");
    same(keys, "model.states", "hidden", "hidden-state", "recurrent-state");
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
  static List<String> of(String section, String word) {
    List<String> keys = ALL.getOrDefault(Spelling.plain(word), List.of());
    List<String> near = keys.stream().filter(key -> key.startsWith(section + ".")).toList();
    return near.isEmpty() ? keys : near;
  }
}
