package io.unroll.job.pipeline;

import io.unroll.model.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code model:}. */
final class ModelSection {
  private static final String OUTPUT = "the name of one of the model's outputs";
  private static final String STATE =
      "a map from each state's input to the output that is its next value";

  private static final String AUTO = "auto";

  private final Findings findings;
  private final Path directory;

  ModelSection(Findings findings, Path directory) {
    this.findings = findings;
    this.directory = directory;
  }

  /** The model; null when it cannot be told which, which has been reported. */
  Pipeline.@Nullable Model read(Section root) {
    Value value = root.require("model", "a map with onnx");
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    Path onnx = onnx(section.require("onnx", "the path of an ONNX file"));
    Value output = section.get("output");
    String followed = output == null ? null : output.text(OUTPUT);
    Map<String, String> states = states(section.get("state"));
    Value outputs = section.get("outputs");
    List<String> names = outputs == null ? List.of() : OutputNames.read(findings, outputs);
    String kernel = kernel(section.get("kernel"));
    return onnx == null ? null : new Pipeline.Model(onnx, followed, states, names, kernel);
  }

  /** The name of a kernel that this JVM can run. */
  private static String kernel(@Nullable Value value) {
    String name = value == null ? AUTO : value.text(AUTO + " or the name of a kernel");
    if (value == null || name == null || name.equals(AUTO)) {
      return Kernels.best().name();
    }
    try {
      return Kernels.named(name).name();
    } catch (IllegalArgumentException e) {
      value.mistake(AUTO + " or a kernel that this JVM can run: " + e.getMessage());
      return Kernels.best().name();
    }
  }

  private @Nullable Path onnx(@Nullable Value value) {
    Path onnx = value == null ? null : value.file(directory);
    if (value != null && onnx != null) {
      if (!Files.exists(onnx)) {
        value.mistake("an ONNX file: there is no " + onnx);
      } else if (!Files.isRegularFile(onnx)) {
        value.mistake("an ONNX file: " + onnx + " is a folder or a device");
      } else if (!Files.isReadable(onnx)) {
        value.mistake("an ONNX file: " + onnx + " may not be read");
      }
    }
    return onnx;
  }

  private Map<String, String> states(@Nullable Value value) {
    if (value == null) {
      return Map.of();
    }
    Section section = value.isMap() ? value.section() : null;
    if (section == null) {
      value.mistake(STATE);
      return Map.of();
    }
    if (section.others().isEmpty()) {
      findings.mistake(value.path(), "found an empty map, expected " + STATE);
    }
    Map<String, String> states = new LinkedHashMap<>();
    section
        .others()
        .forEach(
            (in, out) -> {
              if (in.isBlank()) {
                findings.mistake(out.path(), "found an empty name, expected the name of an input");
              }
              String name = out.text(OUTPUT);
              if (name != null) {
                states.put(in, name);
              }
            });
    return states;
  }
}
