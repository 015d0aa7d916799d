package io.unroll.job.pipeline;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every key of the pipeline file, in one table: what the parser knows, what "did you mean" chooses
 * from and what README shows.
 */
public final class PipelineOptions {
  private PipelineOptions() {}

  private static final String REQUIRED = "required";
  private static final String MARKER_VALUES =
      "The values that set the mark, each as the record writes it";

  private static final List<Option> ALL =
      List.of(
          option("", "version", "1", REQUIRED, "The version of this file's grammar"),
          option(
              "",
              "name",
              "text",
              REQUIRED,
              "Unique per Kafka cluster: job name, uid prefix, transactional id prefix; letters,"
                  + " digits, '.', '_' and '-'"),
          option(
              "", "kafka", "map", "", "Kafka client properties that every source and sink takes"),
          option("kafka", "*", "text", "", "Any client property, in Kafka's own names"),
          option("", "source", "map", REQUIRED, "Where observations come from: kafka or file"),
          option("source", "kafka", "map", "", "Kafka topics"),
          option("source.kafka", "topics", "text or list", REQUIRED, "The topics to read"),
          option("source.kafka", "group.id", "text", REQUIRED, "The consumer group"),
          option(
              "source.kafka",
              "start",
              "earliest, latest",
              "earliest",
              "Where a run without state begins"),
          option(
              "source.kafka",
              "stop",
              "latest",
              "",
              "Ends the run at the offsets that are the latest when it starts"),
          option("source.kafka", "*", "text", "", "Any consumer property, in Kafka's own names"),
          option("source", "file", "map", "", "A file, or a folder of files, read to its end"),
          option("source.file", "path", "path", REQUIRED, "Relative to the pipeline file"),
          option(
              "source",
              "format",
              "json, csv",
              REQUIRED,
              "How a record is written: one to a line, in CSV also where a text is quoted"),
          option(
              "source",
              "out-of-order",
              "duration",
              "0 s",
              "How far the watermark stays behind the newest timestamp of each partition. A record that"
                  + " finds its sequence open steps however late it is"),
          option(
              "source",
              "idle-after",
              "duration",
              "1 min",
              "After this long a silent partition no longer holds the others' event time; at least 1 ms."
                  + " When all partitions of a reader were silent and one wakes, it waits this long"
                  + " for the others"),
          option(
              "source",
              "when-all-idle",
              "hold, advance",
              "hold",
              "Kafka only: when every partition is silent, event time stands, or goes on with the"
                  + " wall clock"),
          option(
              "source",
              "max-drift",
              "duration",
              "",
              "Kafka only: how far a partition's event time may be ahead of the slowest; one that is"
                  + " further waits"),
          option(
              "source",
              "timestamp-between",
              "two dates or instants",
              "[2000-01-01, 2100-01-01]",
              "Timestamps outside are rejected; the second is exclusive"),
          option(
              "source",
              "max-ahead",
              "duration",
              "5 min",
              "Kafka only: timestamps further past the wall clock are rejected"),
          option(
              "source",
              "generation",
              "integer",
              "1",
              "A higher number reads the source anew, from its start, and keeps the state of the"
                  + " series: after the topics, the files or the cluster became others. From 1, never"
                  + " lower than before"),
          option("", "observation", "map", REQUIRED, "What is read from a record"),
          option("observation", "series", "field or list", REQUIRED, "The key; several are joined"),
          option("observation", "timestamp", "field or map", REQUIRED, "When it happened"),
          option("observation.timestamp", "field", "field", REQUIRED, "Where the value is"),
          option(
              "observation.timestamp",
              "unit",
              "s, ms, us, ns",
              "ms",
              "Of a number since 1970; without it ISO-8601 text is read too"),
          option(
              "observation.timestamp",
              "zone",
              "time zone",
              "",
              "Of a date and time without an offset, such as Europe/Berlin"),
          option(
              "observation",
              "features",
              "list",
              REQUIRED,
              "The model's inputs, in its order: fields, or maps with one of field, time-delta,"
                  + " clock"),
          option("observation.features[]", "field", "field", "", "Where the value is"),
          option(
              "observation.features[]",
              "as",
              "text",
              "the field's name",
              "The model's name for it, where the model names its features"),
          option(
              "observation.features[]",
              "transform",
              "diff, log-return, log1p",
              "",
              "Of a field. diff, log-return: change since the observation before, the first one of a"
                  + " sequence is no step; log1p: ln(1 + x)"),
          option(
              "observation.features[]",
              "times",
              "number",
              "1",
              "What the transform's result is multiplied by"),
          option(
              "observation.features[]",
              "scale",
              "online or map",
              "",
              "Of a field, after its transform: in standard deviations from a mean, which is written"
                  + " here, read from a table, or with online that of the series so far, this value"
                  + " too (its first one is 0)"),
          option(
              "observation.features[].scale", "mean", "number", "", "With std: the same for all"),
          option("observation.features[].scale", "std", "number", "", "With mean: above 0"),
          option(
              "observation.features[].scale",
              "from",
              "path",
              "",
              "A CSV file with columns series, feature, mean, std, relative to the pipeline file; its"
                  + " series default is for those that it does not name, which are rejected without"),
          option(
              "observation.features[].scale",
              "half-life",
              "number",
              "",
              "Online, and a value counts half after so many observations of its series that were"
                  + " used"),
          option(
              "observation.features[]",
              "missing",
              "reject, previous, mask or map",
              "reject",
              "A field without a value: the record is rejected, the last value of the sequence stands"
                  + " in, or the model sees 0, and one more input is 0 then and else 1"),
          option("observation.features[].missing", "value", "number", REQUIRED, "What stands in"),
          option(
              "observation.features[]",
              "time-delta",
              "ms, s, min, h, d",
              "",
              "The time since the step before in this unit; 0 at a sequence's first"),
          option(
              "observation.features[]",
              "clock",
              "hour-of-day, day-of-week, day-of-year",
              "",
              "Two inputs: sine and cosine of the timestamp's place in the cycle"),
          option(
              "observation.features[]",
              "zone",
              "time zone",
              "",
              "With clock, which needs it: such as Europe/Berlin"),
          option(
              "observation",
              "end",
              "field or map",
              "",
              "Marks a sequence's last record: a field that is true, or has one of some values"),
          option("observation.end", "field", "field", REQUIRED, "Where the value is"),
          option("observation.end", "in", "list", REQUIRED, MARKER_VALUES),
          option(
              "observation",
              "start",
              "field or map",
              "",
              "Marks a sequence's first record, in the same way; what is open closes before it"),
          option("observation.start", "field", "field", REQUIRED, "Where the value is"),
          option("observation.start", "in", "list", REQUIRED, MARKER_VALUES),
          option(
              "observation",
              "deduplicate-by",
              "field or map",
              "",
              "A record whose value here one of the last of its series had is rejected"),
          option("observation.deduplicate-by", "field", "field", REQUIRED, "Where the value is"),
          option(
              "observation.deduplicate-by",
              "window",
              "integer",
              "64",
              "Among how many of the last records of the series; 1 to 10 000"),
          option("observation", "keep", "map", "", "Fields passed through to the prediction"),
          option("observation.keep", "*", "field", "", "Its name in the prediction"),
          option(
              "",
              "sequence",
              "map",
              "",
              "Where a sequence ends besides its markers, and its order"),
          option(
              "sequence",
              "by",
              "field",
              "",
              "Names the sequence; another value begins another one. Without it a sequence is named"
                  + " by its first timestamp"),
          option(
              "sequence",
              "idle-timeout",
              "duration",
              "",
              "Closes a sequence this long after its last timestamp"),
          option(
              "sequence",
              "max-duration",
              "duration",
              "",
              "Closes a sequence this long after its first timestamp"),
          option("sequence", "close-at", "map", "", "Closes the open sequence at this time of day"),
          option(
              "sequence.close-at", "time", "HH:mm or HH:mm:ss", REQUIRED, "Local time in the zone"),
          option(
              "sequence.close-at",
              "zone",
              "time zone",
              REQUIRED,
              "Such as Europe/Berlin or +01:00"),
          option(
              "sequence",
              "max-steps",
              "integer",
              "",
              "Closes a sequence at this many steps; at least 1"),
          option(
              "sequence",
              "min-steps",
              "integer",
              "0",
              "With emit.on: end: a sequence of fewer steps closes without a prediction"),
          option(
              "sequence",
              "clock",
              "event, processing",
              "event",
              "What limits of time go by: the timestamps, or the wall clock when records arrive"),
          option(
              "sequence",
              "order",
              "arrival, event-time",
              "arrival",
              "The order within a series: as records come, or held back and sorted by timestamp"),
          option(
              "sequence",
              "max-delay",
              "duration",
              "",
              "With order: event-time, which needs it: how far behind the newest timestamp of its"
                  + " partition a record may come and be sorted in. What is older than the last step"
                  + " of its series is late; a file's watermark moves by its records alone, so that"
                  + " every run finds the same ones late"),
          option(
              "sequence",
              "window",
              "integer",
              "",
              "Each step runs this many of the last inputs from the initial state, for a model trained"
                  + " on such windows; 1 to 100 000"),
          option(
              "sequence",
              "warm-up",
              "integer",
              "",
              "Predictions of this many first steps of a sequence are marked with warming"),
          option(
              "sequence",
              "keep-series-for",
              "duration",
              "",
              "How long a series is remembered after its last record; required with deduplicate-by,"
                  + " scale: online and evaluate"),
          option(
              "sequence",
              "gap",
              "map",
              "",
              "With clock: event: fills in steps where observations are missing, between two that are"
                  + " more than 1.5 times expect apart"),
          option(
              "sequence.gap",
              "expect",
              "duration",
              REQUIRED,
              "The distance at which observations are expected; at least 1 ms"),
          option(
              "sequence.gap",
              "fill",
              "previous, feedback",
              REQUIRED,
              "What the model sees at a filled step: the inputs before, or its own outputs"),
          option(
              "sequence.gap",
              "at-most",
              "integer",
              REQUIRED,
              "Steps that are filled in, 1 to 10 000; a wider gap closes the sequence"),
          option(
              "sequence.gap",
              "feedback",
              "map",
              "",
              "With fill: feedback, which needs it: features that take outputs; the others stay as"
                  + " they were"),
          option(
              "sequence.gap.feedback",
              "*",
              "text",
              "",
              "The output, under the field or last name of the feature"),
          option("", "model", "map", REQUIRED, "The trained model"),
          option(
              "model",
              "onnx",
              "path",
              REQUIRED,
              "Relative to the pipeline file; with a decoder the same as encoder, and not there where"
                  + " each observation is decoded by itself"),
          option(
              "model",
              "encoder",
              "path",
              "",
              "What reads the observations where a decoder goes on from its state"),
          option(
              "model",
              "decoder",
              "map",
              "",
              "Runs on its own output when a prediction is emitted: at the end of a sequence a delayed"
                  + " one, with on: step a rolling forecast; without an encoder for each observation by"
                  + " itself"),
          option("model.decoder", "onnx", "path", REQUIRED, "Relative to the pipeline file"),
          option(
              "model.decoder",
              "state",
              "map",
              "",
              "Where its state starts from: each of its states and the encoder's state or output; else"
                  + " by shape and order"),
          option(
              "model.decoder.state",
              "*",
              "text",
              "",
              "The encoder's, under the name of the decoder's"),
          option(
              "model.decoder",
              "first",
              "zeros, input or map",
              "zeros",
              "What its first step is fed; input: the last observation's features. Required without an"
                  + " encoder"),
          option(
              "model.decoder.first",
              "token",
              "integer",
              "",
              "A token, by its index where one input is fed, else one-hot"),
          option(
              "model.decoder.first",
              "last",
              "list",
              "",
              "Some features of the last observation, by their fields or last names"),
          option(
              "model.decoder",
              "next",
              "output, argmax, zeros",
              "output",
              "What every later step is fed of the one before: its output, the index of the largest"
                  + " one (a token), or nothing"),
          option(
              "model.decoder",
              "steps",
              "integer",
              REQUIRED,
              "The most steps of a run; 1 to 100 000"),
          option(
              "model.decoder",
              "stop",
              "map",
              "",
              "Ends a run before; the step that shows it is part of the output"),
          option("model.decoder.stop", "token", "integer", "", "With next: argmax: this token"),
          option(
              "model.decoder.stop",
              "output",
              "text",
              "",
              "One of the decoder's outputs by its name"),
          option(
              "model.decoder.stop",
              "above",
              "number",
              "",
              "What that output has to be larger than"),
          option(
              "model.decoder",
              "every",
              "duration",
              "",
              "How far apart the predicted times are, from the last observation's on"),
          option(
              "model.decoder",
              "features",
              "list",
              "",
              "Of each predicted time, two inputs each (sine, cosine) behind those that are fed; they"
                  + " need every"),
          option(
              "model.decoder.features[]",
              "clock",
              "hour-of-day, day-of-week, day-of-year",
              REQUIRED,
              "The cycle"),
          option(
              "model.decoder.features[]", "zone", "time zone", REQUIRED, "Such as Europe/Berlin"),
          option(
              "model", "output", "text", "", "The graph's output that is followed; else its first"),
          option(
              "model",
              "state",
              "map",
              "",
              "Of a graph over one step: each state's input and the output that is its next value"),
          option("model.state", "*", "text", "", "The output, under the name of the input"),
          option(
              "model",
              "stateful",
              "true, false",
              "false",
              "Serve it though its layers run along another axis than time, as the file says; they keep"
                  + " their state along the stream then, and inspect says what differs"),
          option(
              "model",
              "initial-state",
              "model, zero or map",
              "model",
              "What a sequence starts from: the model's own constant, which is zero in most, zero, or"
                  + " numbers; of the encoder where there is one"),
          option(
              "model.initial-state",
              "*",
              "list",
              "",
              "The numbers of a state, under its name as inspect prints it; others keep the model's"),
          option(
              "model",
              "outputs",
              "list or map",
              "",
              "Names of the outputs, in the model's order; else the model's own, else y0, y1, ...;"
                  + " with a decoder of its outputs"),
          option("model.outputs[]", "name", "text", REQUIRED, "In the place of a name alone"),
          option(
              "model.outputs[]",
              "unscale",
              "text",
              "",
              "A feature, by its field or last name, whose scale and transform are undone in this"
                  + " output"),
          option(
              "model.outputs[]",
              "quantile",
              "number",
              "",
              "The one that this output predicts, between 0 and 1; evaluations say it"),
          option(
              "model.outputs",
              "labels",
              "list",
              "",
              "One per output or token: what is emitted is the largest one's label and its score"),
          option(
              "model",
              "kernel",
              "auto or a name",
              "auto",
              "The arithmetic of every slot; auto: the fastest of the JVM that submits the job"),
          option("", "batch", "map", "", "How many series advance together"),
          option(
              "batch",
              "size",
              "integer",
              "64",
              "The most, 1 to 1024; 1 for every observation at once"),
          option(
              "batch",
              "delay",
              "duration",
              "2 ms",
              "How long an observation waits for others; 1 ms to 1 min"),
          option("", "state", "map", "", "How state is kept"),
          option(
              "state",
              "cache",
              "size",
              "64 MiB",
              "Room for live series in front of a state backend that is not the heap, per slot: a number"
                  + " and B, KiB, MiB or GiB; 0 for none"),
          option("", "emit", "map", "{on: step}", "When a prediction is emitted"),
          option("emit", "on", "step, end", "step", "After every step, or when a sequence closes"),
          option(
              "emit",
              "every",
              "integer",
              "1",
              "With on: step: after every this many steps of a sequence; at least 1"),
          option(
              "",
              "evaluate",
              "map or list",
              "",
              "Outputs that are held against what comes true; it needs sequence.keep-series-for"),
          option("evaluate", "output", "text", REQUIRED, "The output, by its name"),
          option(
              "evaluate",
              "against",
              "field",
              REQUIRED,
              "A feature, by its field or last name: errors are in what the model sees of it, after"
                  + " transform and scale, or with unscale of the output in the field's own unit. Or"
                  + " another field, as the record has it"),
          option(
              "evaluate",
              "ahead",
              "integer",
              "1",
              "How many records of its series the output looks ahead; with a decoder which of its"
                  + " steps"),
          option("evaluate", "from", "date or instant", "", "Predictions made before are left out"),
          option("", "sink", "map", REQUIRED, "Where outputs go"),
          option(
              "sink",
              "delivery",
              "at-least-once, exactly-once",
              "exactly-once",
              "What a failure may do to the outputs"),
          option("sink", "format", "json, csv", "json", "How an output record is written"),
          option("sink", "predictions", "map", REQUIRED, "One record per prediction"),
          option("sink", "sequences", "map", "", "One record per opened and closed sequence"),
          option(
              "sink",
              "evaluations",
              "map",
              "",
              "With evaluate: one record per output and what came true"),
          option("sink", "rejected", "map", "", "Records that cannot be used, with the reason"),
          option("sink", "late", "map", "", "Records that came too late"),
          option("sink.OUTPUT", "kafka", "map", "", "A Kafka topic"),
          option("sink.OUTPUT.kafka", "topic", "text", REQUIRED, "The topic to write"),
          option(
              "sink.OUTPUT.kafka", "*", "text", "", "Any producer property, in Kafka's own names"),
          option("sink.OUTPUT", "file", "map", "", "A folder of part files"),
          option("sink.OUTPUT.file", "path", "path", REQUIRED, "Relative to the pipeline file"),
          option("", "flink", "map", "", "Flink options"),
          option("flink", "*", "text", "", "Any Flink option; nested maps are dotted keys"));

  /** Values of the design that a later version will know, as {@code option=value}. */
  private static final Set<String> LATER_VALUES = Set.of("source.format=avro", "sink.format=avro");

  /** What is called like other keys, too, and yet is the one that is meant. */
  private static final Map<String, String> ELSEWHERE =
      Map.of("sequence.start", "observation.start");

  private static Option option(
      String section, String key, String type, String standard, String meaning) {
    return new Option(section, key, type, standard, meaning);
  }

  /** Every key, in the order of the file. */
  public static List<Option> all() {
    return ALL;
  }

  /** The table as README shows it: one row per key. */
  public static String markdown() {
    StringBuilder table =
        new StringBuilder("| key | takes | default | meaning |\n|---|---|---|---|\n");
    for (Option option : ALL) {
      String standard = option.standard();
      boolean literal = !standard.isEmpty() && !standard.equals(REQUIRED);
      table.append("| `").append(option.path()).append("` | ").append(option.type());
      table.append(" | ").append(literal ? "`" + standard + "`" : standard);
      table.append(" | ").append(option.meaning()).append(" |\n");
    }
    return table.toString();
  }

  /** The named keys of a map, in alphabetical order. */
  static Set<String> keysOf(String section) {
    return ALL.stream()
        .filter(o -> o.section().equals(section) && !o.key().equals("*"))
        .map(Option::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** True if the map takes names of the user's or of another system. */
  static boolean isOpen(String section) {
    return ALL.stream().anyMatch(o -> o.section().equals(section) && o.key().equals("*"));
  }

  static boolean isLaterValue(String path, String value) {
    return LATER_VALUES.contains(path + "=" + value);
  }

  /**
   * What the user may have meant with {@code key} in {@code section}: the same name deeper in, a
   * similar one here, a similar one deeper in, the same name anywhere. Empty if nothing is near.
   */
  static List<String> suggestions(String section, String key) {
    String elsewhere = ELSEWHERE.get(section + "." + key);
    if (elsewhere != null) {
      return List.of(elsewhere);
    }
    List<Option> deeper =
        ALL.stream()
            .filter(o -> section.isEmpty() || o.section().startsWith(section + "."))
            .filter(o -> !o.section().equals(section) && !o.key().equals("*"))
            .toList();
    List<String> exact =
        section.isEmpty()
            ? List.of()
            : deeper.stream().filter(o -> o.key().equals(key)).map(Option::path).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    List<String> synonyms = Spelling.synonyms(section, key);
    if (!synonyms.isEmpty()) {
      return synonyms;
    }
    String sibling = Spelling.closest(key, keysOf(section));
    if (sibling != null) {
      return List.of(sibling);
    }
    if (!section.isEmpty()) {
      Set<String> names = new LinkedHashSet<>(deeper.stream().map(Option::key).toList());
      String near = Spelling.closest(key, names);
      if (near != null) {
        return deeper.stream().filter(o -> o.key().equals(near)).map(Option::path).toList();
      }
    }
    return ALL.stream().filter(o -> o.key().equals(key)).map(Option::path).limit(3).toList();
  }
}
