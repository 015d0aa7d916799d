package io.unroll.job.pipeline;

import io.unroll.connectors.file.OrdinaryFile;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.ObservationFields;
import io.unroll.connectors.format.OutputColumns;
import io.unroll.connectors.format.OutputFields;
import io.unroll.job.describe.Checks;
import io.unroll.job.describe.Description;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.Networks;
import io.unroll.job.describe.OutputKeys;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.TuningKeys;
import io.unroll.job.pipeline.ClientProperties.Client;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final Findings findings;
  private final @Nullable Models models;

  private PipelineFile(Findings findings, @Nullable Models models) {
    this.findings = findings;
    this.models = models;
  }

  /**
   * Reads {@code file}; relative paths in it are resolved against its folder.
   *
   * @param models reads the model that the file names, to hold the file against it
   * @throws PipelineException with every mistake in it, in line order
   */
  public static Pipeline read(Path file, Models models) throws PipelineException {
    return readFile(file, models);
  }

  /** As {@link #read(Path, Models)}, without looking at the model. */
  static Pipeline read(Path file) throws PipelineException {
    return readFile(file, null);
  }

  private static Pipeline readFile(Path file, @Nullable Models models) throws PipelineException {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Findings findings =
        new Findings(file.toString(), folder == null ? file.toAbsolutePath() : folder);
    String text = decode(file, findings);
    findings.throwIfWrong();
    return read(findings, file.toString(), text, models);
  }

  /** Reads {@code text}, which problems call {@code name}, without looking at the model. */
  static Pipeline read(String name, String text, Path directory) throws PipelineException {
    return read(new Findings(name, directory.toAbsolutePath().normalize()), name, text, null);
  }

  private static Pipeline read(Findings findings, String name, String text, @Nullable Models models)
      throws PipelineException {
    MappingNode root = YamlTree.read(name, text, findings);
    Pipeline pipeline =
        root == null
            ? null
            : new PipelineFile(findings, models).pipeline(new Section(findings, "", "", root));
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
    Section kafka = root.section(RootKeys.KAFKA);
    if (kafka != null) {
      common.putAll(ClientProperties.read(findings, kafka.others(), Client.ANY));
    }
    Pipeline.Source source = new SourceSection(findings, common).read(root);
    Fields fields = new Fields(findings, source);
    Description description = new Description();
    Pipeline.Observation observation =
        new ObservationSection(findings, fields).read(root, description);
    say(root.section(RootKeys.EMIT), description, OutputKeys.EMIT_ON, OutputKeys.EMIT_EVERY);
    Pipeline.Sequence sequence =
        new SequenceSection(findings, fields).read(root.section(RootKeys.SEQUENCE), description);
    Pipeline.Model model = new ModelSection(findings).read(root, description);
    new EvaluateSection(findings, fields).read(root, description);
    say(root.section(RootKeys.BATCH), description, TuningKeys.BATCH_SIZE, TuningKeys.BATCH_DELAY);
    say(root.section(RootKeys.STATE), description, TuningKeys.CACHE);
    Pipeline.Sink sink = new SinkSection(findings, common).read(root, source);
    check(description, model);
    Map<String, String> flink = new FlinkSection(findings).read(root);
    new FlinkChecks(findings, flink).check(sink);
    if (source == null || observation == null || model == null || sink == null) {
      return null;
    }
    Pipeline pipeline =
        new Pipeline(
            name,
            findings.directory(),
            source,
            observation,
            sequence,
            model,
            description,
            sink,
            Collections.unmodifiableMap(flink),
            findings.places(),
            List.of());
    refuseRepeatedColumns(pipeline);
    new PipelineWarnings(findings, pipeline).warn();
    return pipeline.withWarnings(findings.warnings());
  }

  private static void say(@Nullable Section section, Description description, Key<?>... keys) {
    if (section != null) {
      section.say(description, List.of(keys));
    }
  }

  private void check(Description description, Pipeline.@Nullable Model model) {
    Checks.withoutModel(description, findings);
    if (models != null && model != null) {
      Networks networks = new ModelFiles(findings, models, model).read(description);
      Checks.withModel(description, findings, networks);
    }
    Checks.ofTheWhole(description, findings);
  }

  private static void version(Section root) {
    Value value = root.requireValue(RootKeys.VERSION);
    if (value != null
        && !(value.node() instanceof ScalarNode scalar && scalar.getValue().equals("1"))) {
      value.mistake("1, the only version there is");
    }
  }

  private static String name(Section root) {
    Value value = root.requireValue(RootKeys.NAME);
    String name = value == null ? null : value.read(RootKeys.NAME.type());
    if (value == null || name == null) {
      return "";
    }
    // Also the name of a folder, so not "." or "..".
    if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      value.mistake(String.valueOf(RootKeys.NAME.expected()));
    }
    return name;
  }

  /** In a row, outputs and kept fields are columns beside those that every prediction has. */
  private void refuseRepeatedColumns(Pipeline pipeline) {
    Format format = pipeline.sink().format();
    if (!format.isFlat()) {
      return;
    }
    // Where outputs are labels or tokens, what they are called is no name of a column.
    boolean named = !pipeline.tellsLabels() && !Checks.givesTokens(pipeline.description());
    OutputFields outputs = pipeline.outputFields(named ? List.of() : List.of("label"));
    Set<String> columns = new HashSet<>(OutputColumns.predictions(outputs, List.of()).rowNames());
    for (int i = 0; named && i < pipeline.outputs().size(); i++) {
      refuseRepeated(columns, format, "model.outputs[" + i + "]", pipeline.outputs().get(i));
    }
    for (ObservationFields.Kept kept : pipeline.observation().keep()) {
      refuseRepeated(columns, format, "observation.keep." + kept.name(), kept.name());
    }
  }

  private void refuseRepeated(Set<String> columns, Format format, String key, String name) {
    if (!columns.add(name)) {
      findings.mistake(
          key,
          "found "
              + Found.quoted(name)
              + ", expected a name that no other column of the "
              + format.title()
              + " output has");
    }
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
