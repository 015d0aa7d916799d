package io.unroll.job.cli;

import io.unroll.connectors.format.csv.CsvLines;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.verify.Case;
import io.unroll.job.verify.Comparison;
import io.unroll.job.verify.CsvCase;
import io.unroll.job.verify.GoldenCase;
import io.unroll.job.verify.GoldenFile;
import io.unroll.job.verify.UnfitException;
import io.unroll.job.verify.Verification;
import io.unroll.job.verify.WindowGuess;
import io.unroll.model.RecurrentModel;
import io.unroll.model.onnx.Inspection;
import io.unroll.model.onnx.OnnxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code unroll verify MODEL.onnx}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Streams inputs through a model step by step, as a pipeline does, and compares the outputs with"
            + " expected ones.")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;

  @Option(
      names = "--input",
      paramLabel = "CSV",
      description =
          "inputs in their order, a row per step: columns by the model's names, else in order;"
              + " series, step and timestamp are no features")
  private @Nullable Path input;

  @Option(
      names = "--expected",
      paramLabel = "CSV",
      description =
          "expected outputs, a row per row of the input, or per series for a model of the last step;"
              + " a row with empty outputs is not compared")
  private @Nullable Path expected;

  @Option(
      names = "--golden",
      paramLabel = "JSON",
      description = "inputs and outputs of a batch in one file, instead of --input and --expected")
  private @Nullable Path golden;

  @Option(
      names = "--last",
      description = "the expected outputs are those of each series' last step, a row per series")
  private boolean last;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "also serve the model by windows of N inputs, and say which way is right")
  private @Nullable Integer window;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      defaultValue = "1e-5",
      description =
          "largest difference that is equal, absolute up to 1 and relative above"
              + " (default: ${DEFAULT-VALUE})")
  private String toleranceGiven;

  /** Of {@link #toleranceGiven}, once checked. */
  private double tolerance;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  VerifyCommand() {}

  @Override
  public Integer call() throws Exception {
    checkUse();
    if (golden != null) {
      GoldenFile file = GoldenFile.read(golden);
      Inspection inspection = read(file.states());
      RecurrentModel network = inspection.model();
      GoldenCase against = file.against(network);
      if (window != null && against.hasInitialStates()) {
        throw new UnfitException(
            golden
                + ": starts series from states of its own, a window starts from the model's: verify it"
                + " without --window");
      }
      return verify(inspection, against, against.unread());
    }
    Inspection inspection = read(Map.of());
    RecurrentModel network = inspection.model();
    Path in = required(input, "--input");
    Path out = required(expected, "--expected");
    return verify(
        inspection, new CsvCase(in, out, network, network.everyStep() && !last), List.of());
  }

  private Inspection read(Map<String, String> states) throws IOException, RunFailedException {
    try {
      return Inspection.of(model.load(states));
    } catch (OnnxException refusal) {
      throw new RunFailedException(model.told(refusal), refusal);
    }
  }

  private void checkUse() {
    boolean csv = input != null || expected != null;
    if (golden != null && (csv || last)) {
      throw wrongUse(
          "--golden has inputs and outputs: found --input, --expected or --last beside it");
    }
    if (golden == null && (input == null || expected == null)) {
      throw wrongUse(
          "found "
              + (csv ? "one of --input and --expected" : "nothing to compare with")
              + ", expected --input CSV and --expected CSV, or --golden JSON");
    }
    if (window != null && (window < 1 || window > RecurrentModel.LONGEST_WINDOW)) {
      throw wrongUse(
          "--window: found " + window + ", expected 1 to " + RecurrentModel.LONGEST_WINDOW);
    }
    tolerance = CsvLines.isNumber(toleranceGiven) ? Double.parseDouble(toleranceGiven) : Double.NaN;
    if (!(tolerance > 0) || Double.isInfinite(tolerance)) {
      throw wrongUse("--tolerance: found '" + toleranceGiven + "', expected a number above 0");
    }
  }

  private ParameterException wrongUse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Path required(@Nullable Path path, String option) {
    if (path == null) {
      throw new IllegalStateException(option + " has been checked");
    }
    return path;
  }

  private int verify(Inspection inspection, Case against, List<String> unread)
      throws IOException, UnfitException {
    RecurrentModel network = inspection.model();
    int longest = RecurrentModel.longestWindow(network.inputSize());
    if (window != null && window > longest) {
      throw wrongUse(
          "--window: found %d, expected 1 to %d for %d inputs per step"
              .formatted(window, longest, network.inputSize()));
    }
    PrintWriter out = spec.commandLine().getOut();
    List<Integer> windows =
        window == null
            ? List.of(SequenceConfig.STATEFUL)
            : List.of(SequenceConfig.STATEFUL, window);
    Verification done = Verification.run(against, network, windows, tolerance);
    line(out, "model", network.id());
    inspection.notes().forEach(note -> line(out, "note", note));
    line(out, "compared", compared(done, against, network));
    if (!unread.isEmpty()) {
      line(out, "not read", String.join(", ", unread));
    }
    for (Comparison way : done.ways()) {
      show(out, way, network, done);
    }
    Comparison stateful = done.ways().get(0);
    int code;
    if (window == null) {
      code = stateful.equal() ? 0 : 1;
      if (!stateful.equal()) {
        hint(out, network, against, stateful);
      }
    } else {
      code = conclude(out, network, against, done);
    }
    out.flush();
    return code;
  }

  private static String compared(Verification done, Case against, RecurrentModel network) {
    long series = done.steps().size();
    return against.perStep()
        ? "%s of %s of %s, %s each"
            .formatted(
                number(done.ways().get(0).compared()),
                count(done.inputs(), "step"),
                count(series, "series"),
                count(network.outputSize(), "output"))
        : "the last steps of %s, %s in all, %s each"
            .formatted(
                count(series, "series"),
                count(done.inputs(), "step"),
                count(network.outputSize(), "output"));
  }

  private static void show(
      PrintWriter out, Comparison way, RecurrentModel network, Verification done) {
    RecurrentModel served =
        way.window() == SequenceConfig.STATEFUL ? network : network.window(way.window());
    line(
        out,
        "served",
        Serving.of(way.window())
            + ", "
            + number(served.stateLayout().bytes())
            + " bytes of state per series");
    if (way.rejected() > 0) {
      line(
          out,
          "rejected",
          "%s of %s, as the stream would"
              .formatted(number(way.rejected()), count(done.inputs(), "step")));
      way.rejections().forEach(rejection -> line(out, "", rejection));
      if (way.rejected() > way.rejections().size()) {
        line(out, "", "and " + number(way.rejected() - way.rejections().size()) + " more");
      }
    }
    out.println(way.sentence());
  }

  private int conclude(PrintWriter out, RecurrentModel network, Case against, Verification done)
      throws IOException, UnfitException {
    Comparison stateful = done.ways().get(0);
    Comparison windowed = done.ways().get(1);
    if (windowed.equal() && stateful.equal()) {
      out.println(
          done.longest() <= windowed.window()
              ? "both ways give the expected outputs: no series is longer than the window, compare with"
                  + " longer ones"
              : "both ways give the expected outputs: serve stateful, a step of a window costs "
                  + windowed.window()
                  + " steps");
    } else if (windowed.equal()) {
      out.println(
          "the expected outputs come from windows of %d: serve with sequence.window: %d"
              .formatted(windowed.window(), windowed.window()));
    } else if (stateful.equal()) {
      out.println(
          "the expected outputs come from the stateful model: serve without sequence.window");
    } else {
      out.println("neither way gives the expected outputs");
      hint(out, network, against, stateful);
    }
    return windowed.equal() ? 0 : 1;
  }

  private void hint(PrintWriter out, RecurrentModel network, Case against, Comparison stateful)
      throws IOException, UnfitException {
    OptionalInt guess = WindowGuess.of(against, network, stateful, tolerance);
    if (guess.isPresent()) {
      out.println(
          "the expected outputs are equal at first and then part, as windows of "
              + guess.getAsInt()
              + " do: compare with --window "
              + guess.getAsInt());
    }
  }

  private static String count(long count, String noun) {
    return number(count) + " " + noun + (count == 1 || noun.endsWith("s") ? "" : "s");
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }

  private static void line(PrintWriter out, String what, String text) {
    out.println("%-12s%s".formatted(what, text));
  }
}
