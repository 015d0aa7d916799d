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
import io.unroll.job.pipeline.PipelineKeys;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
          "observation.series[]",
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
  private static final Set<String> ELSEWHERE =
      Set.of(
          "observation.features[].field",
          "observation.features[].transform",
          "observation.features[].multiply-by",
          "observation.features[].scale.mean",
          "observation.features[].scale.std",
          "observation.features[].scale.from",
          "observation.features[].scale.half-life",
          "observation.features[].missing.value",
          "observation.features[].time-delta",
          "observation.features[].clock",
          "observation.features[].zone",
          "evaluate.output",
          "evaluate.against",
          "evaluate.ahead",
          "evaluate.from",
          "model.onnx",
          "model.encoder",
          "model.follow",
          "model.states",
          "model.stateful",
          "model.outputs[].name",
          "model.decoder.onnx",
          "model.decoder.features[].clock",
          "model.decoder.features[].zone");

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
      if (!ofFile && !inUnroll.contains(path) && !ELSEWHERE.contains(path) && !isMap(key)) {
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
