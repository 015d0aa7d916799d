package io.unroll.job.cli;

import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model on the command line, and how it is to be read. */
final class ModelOptions {
  @Parameters(paramLabel = "MODEL.onnx", description = "the model")
  private Path model;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "the graph's output that is followed; else its first")
  private @Nullable String output;

  @Option(
      names = "--state",
      paramLabel = "IN=OUT",
      description =
          "of a graph over one step: a state's input and the output that is its next value; may be"
              + " repeated")
  private Map<String, String> states = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  ModelOptions() {}

  /**
   * Loads the file.
   *
   * @param otherwise states of a graph over one step, where the command line names none
   */
  OnnxFile load(Map<String, String> otherwise)
      throws IOException, OnnxException, RunFailedException {
    if (Files.isDirectory(model)) {
      throw new RunFailedException(model + ": found a folder, expected an ONNX model");
    }
    OnnxFile file = OnnxFile.load(model);
    Map<String, String> named = states.isEmpty() ? otherwise : states;
    if (!named.isEmpty()) {
      file = file.withStates(named);
    }
    return output == null ? file : file.withOutput(output);
  }
}
