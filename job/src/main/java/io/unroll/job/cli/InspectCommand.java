package io.unroll.job.cli;

import io.unroll.model.onnx.Inspection;
import io.unroll.model.onnx.OnnxException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code unroll inspect MODEL.onnx}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Shows what a model is, or why it cannot be streamed.")
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;

  @Option(
      names = "--series",
      paramLabel = "N",
      description = "also the bytes of state of N series together")
  private @Nullable Long series;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  InspectCommand() {}

  @Override
  public Integer call() throws Exception {
    try {
      Inspection inspection = Inspection.of(model.load(Map.of()));
      spec.commandLine().getOut().print(text(inspection));
      spec.commandLine().getOut().flush();
      return 0;
    } catch (OnnxException refusal) {
      // The refusal is what was asked for: a result, though not a success.
      spec.commandLine().getOut().println(model.told(refusal));
      return 1;
    }
  }

  private String text(Inspection inspection) {
    if (series == null) {
      return inspection.text();
    }
    try {
      return inspection.text(series);
    } catch (IllegalArgumentException | ArithmeticException tooFewOrTooMany) {
      throw new ParameterException(
          spec.commandLine(),
          "--series: found " + series + ", expected 0 or more, and at most 2^63 bytes together",
          tooFewOrTooMany);
    }
  }
}
