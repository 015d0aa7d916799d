package io.unroll.job.cli;

import io.unroll.connectors.file.OrdinaryFile;
import io.unroll.model.onnx.OnnxException;
import io.unroll.model.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A model on the command line, and how it is to be read. */
final class ModelOptions {
  private static final String SUFFIX = ".onnx";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

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
              + " repeated, or several with commas between")
  private List<String> states = new ArrayList<>();

  @Option(
      names = "--stateful",
      description =
          "layers that run along another axis than time, as the file says, keep their state along"
              + " the stream all the same")
  private boolean stateful;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  ModelOptions() {}

  /**
   * Loads the file.
   *
   * @param otherwise states of a graph over one step, where the command line names none
   */
  OnnxFile load(Map<String, String> otherwise)
      throws IOException, OnnxException, RunFailedException {
    Map<String, String> asked = states();
    String other = OrdinaryFile.otherwise(model);
    if (other != null) {
      throw new RunFailedException(model + ": found " + other + ", expected an ONNX model");
    }
    OnnxFile file = OnnxFile.load(model);
    if (stateful) {
      file = file.stateful();
    }
    Map<String, String> named = asked.isEmpty() ? otherwise : asked;
    if (!named.isEmpty()) {
      file = file.withStates(named);
    }
    return output == null ? file : file.withOutput(output);
  }

  private Map<String, String> states() {
    Map<String, String> named = new LinkedHashMap<>();
    for (String state : states.stream().flatMap(ModelOptions::parts).toList()) {
      int sign = state.indexOf('=');
      if (sign < 1 || sign == state.length() - 1) {
        throw new ParameterException(
            command.commandLine(), "--state: found '" + state + "', expected INPUT=OUTPUT");
      }
      named.put(state.substring(0, sign), state.substring(sign + 1));
    }
    return named;
  }

  /** Several where each of them is one; a name may have a comma too. */
  private static Stream<String> parts(String option) {
    String[] parts = option.split(",", -1);
    return Arrays.stream(parts).allMatch(part -> part.indexOf('=') > 0)
        ? Arrays.stream(parts)
        : Stream.of(option);
  }

  /**
   * A refusal of this model for who typed its path: by that path, not by the name a job knows it
   * by, and with the option beside the pipeline's key.
   */
  String told(OnnxException refusal) {
    String text = String.valueOf(refusal.getMessage());
    String file = String.valueOf(model.getFileName());
    String name = file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
    if (text.startsWith(name + ": ")) {
      text = model + text.substring(name.length());
    }
    boolean states = text.contains("states: {") || text.contains("name its states");
    String line = System.lineSeparator();
    return text
        + (states ? line + "here: --state INPUT=OUTPUT" : "")
        + (text.contains("stateful: true") ? line + "here: --stateful" : "");
  }
}
