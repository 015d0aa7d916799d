package io.unroll.job.pipeline;

import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.Formats;
import io.unroll.connectors.format.KeyFormat;
import io.unroll.connectors.format.NumberSigns;
import io.unroll.connectors.format.csv.CsvCells;
import io.unroll.connectors.format.csv.Encoding;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.Keys;
import io.unroll.job.describe.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** {@code source} and {@code kafka}: where observations come from. Only a file has them. */
final class SourceKeys {
  private static final String TOPICS_EXPECTED = "a topic or a list of topics";
  private static final String GROUP_EXPECTED = "the name of a consumer group";

  private static final String COMMENT_EXPECTED = "the beginning of a comment, in quotes";
  private static final String ENCODING_EXPECTED = "the name of an encoding";

  /** Lines above a header, or a mistake. */
  private static final int MOST_SKIPPED = 1_000_000;

  private static final Keys COMMON_KEYS = new Keys("kafka");
  private static final Keys KEYS = new Keys("source");
  private static final Keys KAFKA_KEYS = new Keys("source.kafka");
  private static final Keys FILE_KEYS = new Keys("source.file");
  private static final Keys KEY_KEYS = new Keys("source.key");
  private static final Keys FORMAT_KEYS = new Keys("source.format");
  private static final Keys CSV_KEYS = new Keys("source.format.csv");
  private static final Keys WATERMARK_KEYS = new Keys("source.watermark");

  static final Key<String> ANY_PROPERTY =
      COMMON_KEYS.key("*", Type.shape("text"), "Any client property, in Kafka's own names");

  static final Key<String> KAFKA = KEYS.key("kafka", Type.shape("map"), "Kafka topics");

  static final Key<List<String>> TOPICS =
      KAFKA_KEYS.required(
          "topics", Type.shape("text or list"), TOPICS_EXPECTED, "The topics to read");

  static final Key<String> GROUP =
      KAFKA_KEYS.required(
          "group.id", Type.text(GROUP_EXPECTED), GROUP_EXPECTED, "The consumer group");

  static final Key<Pipeline.Start> START =
      KAFKA_KEYS.standard(
          "start",
          Type.word(Pipeline.Start.values(), start -> start.name().toLowerCase(Locale.ROOT)),
          Pipeline.Start.EARLIEST,
          "Where a run without state begins");

  static final Key<String> STOP =
      KAFKA_KEYS.key(
          "stop",
          Type.word(new String[] {"latest"}, stop -> stop),
          "Ends the run at the offsets that are the latest ones when it starts."
              + " Without it the run goes on");

  static final Key<String> CONSUMER_PROPERTY =
      KAFKA_KEYS.key("*", Type.shape("text"), "Any consumer property, in Kafka's own names");

  static final Key<String> FILE =
      KEYS.key("file", Type.shape("map"), "A file, or a folder of files, which is read to its end");

  static final Key<Path> PATH =
      FILE_KEYS.required(
          "path", new Type.File(), "a file or a folder", "Relative to the pipeline file");

  static final Key<Format> FORMAT =
      KEYS.required(
          "format",
          formats(format -> true),
          "the name of a format",
          "How a record is written: a name, or {csv: {...}}. A line is one record, in CSV also where a"
              + " text is quoted");

  static final Key<String> CSV =
      FORMAT_KEYS.needed(
          "csv",
          Type.shape("map"),
          "a map such as csv: {delimiter: \";\"}",
          "CSV that is not as format: csv has it: commas, a first line that names the columns,"
              + " a decimal point, UTF-8");

  static final Key<Character> DELIMITER =
      CSV_KEYS.standard(
          "delimiter",
          new Type.Sign(Map.of("tab", '\t', "blanks", CsvCells.BLANKS), ""),
          CsvCells.STANDARD.delimiter(),
          "What stands between two columns. With blanks it is any number of blanks and tabs;"
              + " those at the ends of a line are nothing");

  static final Key<String> HEADER =
      CSV_KEYS.inWords(
          "header",
          Type.shape("true, false or list of names"),
          "true",
          "Whether a line names the columns. With false they are /0, /1 and so on; with a list"
              + " they have these names. In Kafka no record is a header");

  static final Key<Character> DECIMAL =
      CSV_KEYS.standard(
          "decimal",
          new Type.Sign(Map.of(), "+- \t"),
          NumberSigns.PLAIN.decimal(),
          "The sign in front of decimals, in features and other numbers. Kept texts and series"
              + " stay as they are written");

  static final Key<Character> THOUSANDS =
      CSV_KEYS.key(
          "thousands",
          new Type.Sign(Map.of(), "+-\t"),
          "The sign between groups of three digits, as in 1.000,5. A number may be without it;"
              + " one with other groups is rejected");

  static final Key<Long> SKIP =
      CSV_KEYS.standard(
          "skip",
          Type.whole(0, MOST_SKIPPED),
          0L,
          "Files only. How many lines at the beginning of each file are nothing");

  static final Key<String> COMMENT =
      CSV_KEYS.key(
          "comment",
          Type.text(COMMENT_EXPECTED),
          "Files only. Lines that begin so are nothing, wherever they stand");

  static final Key<Boolean> TRIM =
      CSV_KEYS.inWords(
          "trim",
          Type.flag(),
          "as the header",
          "Whether blanks around a text without quotes are no part of it. Where nothing is said,"
              + " they are none if the header has some beside its delimiters");

  static final Key<Character> QUOTE =
      CSV_KEYS.standard(
          "quote",
          new Type.Sign(Map.of("none", CsvCells.NONE), " \t"),
          CsvCells.STANDARD.quote(),
          "The sign around texts that have a delimiter in them; twice within a text it is a part"
              + " of it");

  static final Key<String> ENCODING =
      CSV_KEYS.standard(
          "encoding",
          Type.text(ENCODING_EXPECTED),
          Encoding.UTF8.name(),
          "The encoding, by a name that Java knows, such as windows-1252. UTF-16 is refused, as"
              + " a line feed has two bytes in it");

  static final Key<String> KEY =
      KEYS.key("key", Type.shape("map"), "Kafka only. How the key of a record is written");

  static final Key<KeyFormat> KEY_FORMAT =
      KEY_KEYS.standard(
          "format",
          Type.word(KeyFormat.values(), KeyFormat::label).later("avro"),
          KeyFormat.TEXT,
          "Text in UTF-8; a whole number of 4 bytes (int32) or 8 bytes (int64), the"
              + " highest byte first; the 16 bytes of a UUID (uuid). $key is its text");

  static final Key<String> WATERMARK =
      KEYS.key(
          "watermark",
          Type.shape("map"),
          "How event time goes on. With sequence.order: event-time its bound is"
              + " sequence.max-delay");

  static final Key<Duration> OUT_OF_ORDER =
      WATERMARK_KEYS.standard(
          "out-of-order",
          Type.duration(Duration.ZERO),
          Duration.ZERO,
          "How late records may be, per partition: this far the watermark stays behind"
              + " the newest timestamp. A later record is still used while its sequence is"
              + " open");

  static final Key<Duration> IDLE_AFTER =
      WATERMARK_KEYS.standard(
          "idle-after",
          Type.duration(),
          Duration.ofMinutes(1),
          "After this long a silent partition no longer holds back event time for the"
              + " others; at least 1 ms. When all partitions of a reader were silent and one"
              + " wakes, the reader waits this long for the others");

  /** True if event time goes on. */
  static final Key<Boolean> WHEN_ALL_IDLE =
      WATERMARK_KEYS.standard(
          "when-all-idle",
          Type.word(new Boolean[] {false, true}, advance -> advance ? "advance" : "hold"),
          false,
          "Kafka only. When every partition is silent, event time stands still (hold)"
              + " or goes on with the wall clock (advance)");

  static final Key<Duration> MAX_DRIFT =
      WATERMARK_KEYS.key(
          "max-drift",
          Type.duration(),
          "Kafka only. How far a partition's event time may be ahead of the slowest"
              + " partition's. A partition that is further ahead waits");

  static final Key<List<Instant>> TIMESTAMP_BETWEEN =
      KEYS.inWords(
          "timestamp-between",
          Type.shape("two dates or instants"),
          "[2000-01-01, 2100-01-01]",
          "Records with other timestamps are rejected; the second date is exclusive");

  static final Key<Duration> MAX_AHEAD =
      KEYS.standard(
          "max-ahead",
          Type.duration(Duration.ZERO),
          Duration.ofMinutes(5),
          "Kafka only. Records with timestamps further ahead of the wall clock are rejected");

  static final Key<Long> GENERATION =
      KEYS.standard(
          "generation",
          Type.whole(Pipeline.Source.FIRST_GENERATION, Integer.MAX_VALUE),
          (long) Pipeline.Source.FIRST_GENERATION,
          "Raise it when topics, files or the cluster were replaced: the source is"
              + " read anew from its start, and the state of the series is kept. From 1,"
              + " never lower than before");

  private SourceKeys() {}

  /** The names of formats, of those that are there when one is read. */
  static Type.Word<Format> formats(Predicate<Format> which) {
    return Type.<Format>found(
            () -> {
              Map<String, Format> formats = new LinkedHashMap<>();
              Formats.all().stream()
                  .filter(which)
                  .forEach(format -> formats.put(format.name(), format));
              return formats;
            })
        .later("avro");
  }

  /** The maps that this class declares. */
  static List<Keys> sections() {
    return List.of(
        COMMON_KEYS, KEYS, KAFKA_KEYS, FILE_KEYS, FORMAT_KEYS, CSV_KEYS, KEY_KEYS, WATERMARK_KEYS);
  }
}
