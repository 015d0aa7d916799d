package io.unroll.job.pipeline;

import io.unroll.connectors.file.OrdinaryFile;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.RecordFormat;
import io.unroll.job.life.Boundaries;
import io.unroll.job.life.Emission;
import io.unroll.job.life.Emit;
import io.unroll.job.operator.Tuning;
import io.unroll.job.pipeline.ClientProperties.Client;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads a pipeline file. Every mistake in it is reported at once; nothing is started. */
public final class PipelineFile {
  /** Far above any pipeline. */
  private static final int MAX_BYTES = 1 << 20;

  /** A longer wait would be a slip of the unit. */
  private static final Duration LONGEST_BATCH_DELAY = Duration.ofMinutes(1);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final Findings findings;
  private static final Set<String> CSV_COLUMNS =
      Set.of("series", "sequence", "step", "timestamp", "kind", "model", "input");
  private static final Set<String> DECODER_COLUMNS = Set.of("ahead", "for");
  private static final Set<String> MARK_COLUMNS = Set.of("filled", "warming");

  private final Path directory;

  private final ModelFacts.@Nullable Reader models;

  private PipelineFile(Findings findings, Path directory, ModelFacts.@Nullable Reader models) {
    this.findings = findings;
    this.directory = directory;
    this.models = models;
  }

  /**
   * Reads {@code file}; relative paths in it are resolved against its folder.
   *
   * @param models reads the model that the file names, to hold the file against it
   * @throws PipelineException with every mistake in it, in line order
   */
  public static Pipeline read(Path file, ModelFacts.Reader models) throws PipelineException {
    return readFile(file, models);
  }

  /** As {@link #read(Path, ModelFacts.Reader)}, without looking at the model. */
  static Pipeline read(Path file) throws PipelineException {
    return readFile(file, null);
  }

  private static Pipeline readFile(Path file, ModelFacts.@Nullable Reader models)
      throws PipelineException {
    Findings findings = new Findings(file.toString());
    String text = decode(file, findings);
    findings.throwIfWrong();
    Path folder = file.toAbsolutePath().normalize().getParent();
    return read(
        findings, file.toString(), text, folder == null ? file.toAbsolutePath() : folder, models);
  }

  /** Reads {@code text}, which problems call {@code name}, without looking at the model. */
  static Pipeline read(String name, String text, Path directory) throws PipelineException {
    return read(new Findings(name), name, text, directory, null);
  }

  private static Pipeline read(
      Findings findings,
      String name,
      String text,
      Path directory,
      ModelFacts.@Nullable Reader models)
      throws PipelineException {
    MappingNode root = YamlTree.read(name, text, findings);
    Pipeline pipeline =
        root == null
            ? null
            : new PipelineFile(findings, directory.toAbsolutePath().normalize(), models)
                .pipeline(new Section(findings, "", "", root));
    findings.throwIfWrong();
    if (pipeline == null) {
      throw new IllegalStateException(name + ": no pipeline and no mistake");
    }
    return pipeline;
  }

  private @Nullable Pipeline pipeline(Section root) {
    version(root);
    String name = name(root);
    Map<String, String> common = new LinkedHashMap<>();
    Section kafka = root.section("kafka");
    if (kafka != null) {
      common.putAll(ClientProperties.read(findings, kafka.others(), Client.ANY));
    }
    Pipeline.Source source = new SourceSection(findings, directory, common).read(root);
    Fields fields = new Fields(findings, source);
    Pipeline.Observation observation =
        new ObservationSection(findings, fields, directory).read(root);
    Emission emission = emission(root.section("emit"));
    Pipeline.Sequence sequence =
        new SequenceSection(findings, fields).read(root, emission, observation);
    Pipeline.Model model = new ModelSection(findings, directory).read(root, observation);
    Pipeline.Evaluations evaluations =
        new EvaluateSection(findings, fields, observation, model).read(root);
    if (models != null && model != null) {
      ModelCheck.check(findings, models, model, observation, sequence, evaluations);
    }
    MemoryCheck.check(findings, observation);
    Pipeline.Decoder decoder = model == null ? null : model.decoder();
    boolean alone = decoder != null && decoder.alone();
    if (decoder != null && alone && observation != null) {
      VectorCheck.check(findings, decoder, observation);
    }
    Pipeline.Batch batch = batch(root.section("batch"));
    long cacheBytes = cacheBytes(root.section("state"));
    Pipeline.Sink sink = new SinkSection(findings, directory, common).read(root, source);
    Map<String, String> flink = new FlinkSection(findings).read(root);
    new FlinkChecks(findings, flink).check(sink);
    if (source == null || observation == null || model == null || sink == null) {
      return null;
    }
    refuseRepeatedColumns(sink, model, observation, sequence);
    warnOfVisibility(sink, flink);
    if (!alone) {
      warnOfEndlessSequences(source, observation, sequence, emission);
    }
    return new Pipeline(
        name,
        directory,
        source,
        observation,
        sequence,
        model,
        evaluations,
        batch,
        cacheBytes,
        emission,
        sink,
        Collections.unmodifiableMap(flink),
        findings.warnings());
  }

  private static void version(Section root) {
    Value value = root.require("version", "1");
    if (value != null
        && !(value.node() instanceof ScalarNode scalar && scalar.getValue().equals("1"))) {
      value.mistake("1, the only version there is");
    }
  }

  private static String name(Section root) {
    String expected = "a name of 1 to 100 letters, digits, '.', '_' and '-'";
    Value value = root.require("name", expected);
    String name = value == null ? null : value.text(expected);
    if (value == null || name == null) {
      return "";
    }
    // Also the name of a folder, so not "." or "..".
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      value.mistake(expected);
    }
    return name;
  }

  private static Pipeline.Batch batch(@Nullable Section section) {
    Value size = section == null ? null : section.get("size");
    Value delay = section == null ? null : section.get("delay");
    Long most = size == null ? null : size.integer(1, Tuning.LARGEST_BATCH);
    Duration longest =
        delay == null ? null : delay.duration(Duration.ofMillis(1), LONGEST_BATCH_DELAY);
    return new Pipeline.Batch(
        most == null ? Tuning.BATCH_SIZE : Math.toIntExact(most),
        longest == null ? Duration.ofMillis(Tuning.BATCH_DELAY_MILLIS) : longest);
  }

  private static long cacheBytes(@Nullable Section section) {
    Value cache = section == null ? null : section.get("cache");
    Long bytes = cache == null ? null : cache.bytes();
    return bytes == null ? Tuning.CACHE_BYTES : bytes;
  }

  private static Emission emission(@Nullable Section section) {
    Value on = section == null ? null : section.get("on");
    Value every = section == null ? null : section.get("every");
    String word = on == null ? null : on.word(List.of("step", "end"));
    Long steps = every == null ? null : every.integer(1, Long.MAX_VALUE);
    if ("end".equals(word)) {
      if (every != null) {
        every.mistake("emit.on: step beside it");
      }
      return Emission.AT_END;
    }
    return steps == null ? Emission.EVERY_STEP : new Emission(Emit.STEP, steps);
  }

  /** In CSV outputs and kept fields are columns beside those that every prediction has. */
  private void refuseRepeatedColumns(
      Pipeline.Sink sink,
      Pipeline.Model model,
      Pipeline.Observation observation,
      Pipeline.Sequence sequence) {
    if (sink.format() != RecordFormat.CSV) {
      return;
    }
    Set<String> columns = new HashSet<>(CSV_COLUMNS);
    if (model.decoder() != null) {
      columns.addAll(DECODER_COLUMNS);
    }
    if (sequence.marks()) {
      columns.addAll(MARK_COLUMNS);
    }
    if (model.givesTokens() || model.labels()) {
      columns.addAll(List.of(model.labels() ? "label" : "token", "score"));
    } else {
      for (int i = 0; i < model.outputs().size(); i++) {
        refuseRepeated(columns, "model.outputs[" + i + "]", model.outputs().get(i));
      }
    }
    for (ObservationFields.Kept kept : observation.keep()) {
      refuseRepeated(columns, "observation.keep." + kept.name(), kept.name());
    }
  }

  private void refuseRepeated(Set<String> columns, String key, String name) {
    if (!columns.add(name)) {
      findings.mistake(
          key,
          "found "
              + Found.quoted(name)
              + ", expected a name that no other column of the CSV output has");
    }
  }

  private void warnOfVisibility(Pipeline.Sink sink, Map<String, String> flink) {
    if (sink.delivery() == Pipeline.Delivery.EXACTLY_ONCE
        && sink.outputs().stream().anyMatch(Pipeline.KafkaOutput.class::isInstance)) {
      String interval = flink.get("execution.checkpointing.interval");
      findings.warning(
          "sink.delivery",
          "exactly-once output becomes visible at each checkpoint"
              + (interval == null ? "" : " (every " + Found.oneLine(interval) + ")")
              + ", to consumers with isolation.level read_committed");
    }
  }

  private void warnOfEndlessSequences(
      Pipeline.Source source,
      Pipeline.Observation observation,
      Pipeline.Sequence sequence,
      Emission emission) {
    boolean bounded = !(source.input() instanceof Pipeline.KafkaInput kafka) || kafka.bounded();
    if (!bounded && !closes(observation, sequence)) {
      findings.warning(
          "sequence",
          "found nothing that closes a sequence, expected one of idle-timeout, max-duration,"
              + " close-at, max-steps, by, observation.end, observation.start:"
              + " the state of every series is kept for ever"
              + (emission.on() == Emit.END ? " and emit.on: end never emits" : ""));
    }
  }

  private static boolean closes(Pipeline.Observation observation, Pipeline.Sequence sequence) {
    Boundaries limits = sequence.boundaries();
    return observation.end() != null
        || observation.start() != null
        || sequence.by() != null
        || sequence.gap() != null
        || limits.idleTimeoutMillis() != Boundaries.NO_TIMEOUT
        || limits.maxDurationMillis() != Boundaries.NO_TIMEOUT
        || limits.closeAt() != null
        || limits.maxSteps() != Boundaries.NO_LIMIT;
  }

  /** The file's text, or an empty one when a mistake has been reported. */
  private static String decode(Path file, Findings findings) {
    String other = OrdinaryFile.otherwise(file);
    try {
      if (!Files.exists(file)) {
        findings.mistake("found no such file, expected a pipeline file");
      } else if (other != null) {
        findings.mistake("found " + other + ", expected a pipeline file");
      } else {
        byte[] bytes = start(file);
        if (bytes.length <= MAX_BYTES) {
          return decode(bytes, findings);
        }
        findings.mistake("found more bytes than " + MAX_BYTES + ", expected at most so many");
      }
    } catch (IOException e) {
      findings.mistake("found an unreadable file, expected a pipeline file: " + e);
    }
    return "";
  }

  /** At most one byte more than a pipeline may have. */
  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES + 1);
    }
  }

  private static String decode(byte[] bytes, Findings findings) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      findings.mistake(
          YamlTree.placeOf(text),
          "",
          String.format(
              "found byte 0x%02X, which is not UTF-8, expected a file in UTF-8", in.get()));
      return "";
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
