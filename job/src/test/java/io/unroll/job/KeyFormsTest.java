package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.describe.DecoderKeys;
import io.unroll.job.describe.FeatureKeys;
import io.unroll.job.describe.GapKeys;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.ModelKeys;
import io.unroll.job.describe.ObservationKeys;
import io.unroll.job.describe.OutputKeys;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.describe.SequenceKeys;
import io.unroll.job.describe.TuningKeys;
import io.unroll.job.life.Feature;
import io.unroll.job.life.Missing;
import io.unroll.job.life.Norm;
import io.unroll.job.life.Scale;
import io.unroll.job.life.Transform;
import io.unroll.job.pipeline.PipelineKeys;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every key is read by somebody, and has a form in Java or a reason to have none. */
final class KeyFormsTest {
  private static final Path SOURCES = Path.of("src/main/java/io/unroll/job");

  /** A constant and the key's name. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "static final Key<[^=]*> ([A-Z_]+) =\\s*[A-Z_]+\\s*\\.\\w+\\(\\s*\"([^\"]+)\"");

  private static final List<Class<?>> DECLARING =
      List.of(
          RootKeys.class,
          ObservationKeys.class,
          FeatureKeys.class,
          SequenceKeys.class,
          GapKeys.class,
          ModelKeys.class,
          DecoderKeys.class,
          TuningKeys.class,
          OutputKeys.class);

  /** What only a file has: where records come from, what is read of them and where they go. */
  private static final List<String> OF_A_FILE =
      List.of(
          "version",
          "name", // the name given to apply
          "kafka",
          "source",
          "sink",
          "flink",
          "observation.series",
          "observation.timestamp",
          "observation.end",
          "observation.start",
          "observation.keep",
          "observation.deduplicate-by.field", // Observation.identity
          "observation.features[].as", // in Java a feature is called as the model does
          "sequence.by", // Observation.by
          "sequence.max-delay", // the stream's own watermark
          "model.outputs.labels"); // Java has the numbers

  /** Keys whose form in Java is not a method of {@link Unroll} that names them. */
  private static final Map<String, Class<?>> ELSEWHERE =
      Map.ofEntries(
          Map.entry("observation.features[].field", Feature.class),
          Map.entry("observation.features[].transform", Transform.class),
          Map.entry("observation.features[].multiply-by", Transform.class),
          Map.entry("observation.features[].scale.mean", Norm.class),
          Map.entry("observation.features[].scale.std", Norm.class),
          Map.entry("observation.features[].scale.from", Scale.Table.class),
          Map.entry("observation.features[].scale.half-life", Scale.Online.class),
          Map.entry("observation.features[].missing.value", Missing.class),
          Map.entry("observation.features[].time-delta", Feature.class),
          Map.entry("observation.features[].clock", Feature.class),
          Map.entry("observation.features[].zone", Feature.class),
          Map.entry("evaluate.output", Unroll.class),
          Map.entry("evaluate.against", Unroll.class),
          Map.entry("evaluate.ahead", Unroll.class),
          Map.entry("evaluate.from", Unroll.class),
          Map.entry("model.onnx", OnnxFile.class),
          Map.entry("model.encoder", OnnxFile.class),
          Map.entry("model.follow", OnnxFile.class),
          Map.entry("model.states", OnnxFile.class),
          Map.entry("model.stateful", OnnxFile.class),
          Map.entry("model.outputs[].name", Unroll.class),
          Map.entry("model.decoder.onnx", OnnxFile.class),
          Map.entry("model.decoder.features[].clock", Unroll.class),
          Map.entry("model.decoder.features[].zone", Unroll.class));

  @Test
  void everyKeyIsRead() throws Exception {
    Map<String, String> sources = sources();
    List<String> unread = new ArrayList<>();
    int declared = 0;
    for (String file : sources.keySet()) {
      String name = Path.of(file).getFileName().toString();
      Matcher declaration =
          DECLARATION.matcher(name.endsWith("Keys.java") ? sources.get(file) : "");
      while (declaration.find()) {
        declared++;
        String constant = name.replace(".java", ".") + declaration.group(1);
        boolean listed = // with others of its section
            Pattern.compile("[(, ]" + declaration.group(1) + "[,)]")
                .matcher(sources.get(file))
                .find();
        boolean read =
            listed
                || sources.entrySet().stream()
                    .anyMatch(
                        other ->
                            !other.getKey().equals(file) && mentions(other.getValue(), constant));
        if (!read && !declaration.group(2).equals("*")) { // names of others come all together
          unread.add(constant);
        }
      }
    }
    assertEquals(List.of(), unread);
    assertEquals(PipelineKeys.all().size(), declared);
  }

  @Test
  void everyKeyHasAFormInJavaOrAReason() throws Exception {
    String unroll =
        Files.readString(SOURCES.resolve("Unroll.java"))
            + Files.readString(SOURCES.resolve("GivenDecoder.java"));
    List<String> inUnroll = new ArrayList<>();
    constants()
        .forEach(
            (name, key) -> {
              if (mentions(unroll, name)) {
                inUnroll.add(key.path());
              }
            });
    TreeSet<String> left = new TreeSet<>();
    for (Key<?> key : PipelineKeys.all()) {
      String path = key.path();
      boolean ofFile =
          OF_A_FILE.stream().anyMatch(file -> path.equals(file) || path.startsWith(file + "."));
      if (!ofFile && !inUnroll.contains(path) && !ELSEWHERE.containsKey(path) && !isMap(key)) {
        left.add(path);
      }
    }
    assertEquals(new TreeSet<>(), left);
    assertTrue(inUnroll.size() > 30, "found " + inUnroll);
  }

  /** Its keys have forms, or its names are what the key above it takes. */
  private static boolean isMap(Key<?> key) {
    return key.isOpen()
        || PipelineKeys.all().stream().anyMatch(other -> other.section().equals(key.path()));
  }

  /** Each constant by the name that code calls it, {@code SequenceKeys.MAX_STEPS}. */
  private static Map<String, Key<?>> constants() throws IllegalAccessException {
    Map<String, Key<?>> constants = new LinkedHashMap<>();
    for (Class<?> declaring : DECLARING) {
      for (Field field : declaring.getFields()) {
        if (field.get(null) instanceof Key<?> key) {
          constants.put(declaring.getSimpleName() + "." + field.getName(), key);
        }
      }
    }
    return constants;
  }

  private static boolean mentions(String source, String constant) {
    return Pattern.compile("\\b" + Pattern.quote(constant) + "\\b").matcher(source).find();
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.put(file.toString(), Files.readString(file));
      }
    }
    return sources;
  }
}
