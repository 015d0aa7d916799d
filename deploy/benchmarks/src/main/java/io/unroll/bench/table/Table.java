package io.unroll.bench.table;

import io.unroll.bench.fork.Alternation;
import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.ForkFolder;
import io.unroll.bench.fork.ForkedJvm;
import io.unroll.bench.fork.MeasurementException;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.limit.FmaLoop;
import io.unroll.bench.peer.Peers;
import io.unroll.bench.report.Machine;
import io.unroll.bench.report.Report;
import io.unroll.model.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A subcommand of {@code deploy/bench}: measures rows, prints a table and its ratios. */
abstract class Table implements Callable<Integer> {
  private static final int FORKS = 5;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "only the rows that feed a ratio, short and rough: under 50 s")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "where the figures go (deploy/benchmarks/target/TABLE.json)")
  private @Nullable Path json;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "JVMs per row that feeds a ratio (5; quick 1)")
  private @Nullable Integer forks;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "of each window, and of the warm-up before it (5; quick less)")
  private @Nullable Double seconds;

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      description = "only rows whose name has a match of this regular expression")
  private String only = "";

  /** What {@code --quick} takes where nobody says otherwise. */
  record Quick(int forks, double warmSeconds, double seconds) {}

  abstract String name();

  abstract Quick quick();

  /** The rows to be measured. {@code prepare} has run. */
  abstract List<Arm> arms(Plan plan);

  /** Prints what was measured. */
  abstract void report(Results results, Report report);

  /** What runs beside the rows. */
  interface Surroundings {
    void end();
  }

  /** What the rows need around them, ended when they are measured. */
  Surroundings prepare(Plan plan, PrintWriter progress)
      throws MeasurementException, InterruptedException {
    return () -> {};
  }

  @Override
  public final Integer call() throws Exception {
    Plan plan = plan();
    PrintWriter progress = spec.commandLine().getErr();
    Results results;
    Surroundings around = prepare(plan, progress);
    try {
      List<Arm> arms =
          arms(plan).stream().filter(arm -> plan.only().matcher(arm.name()).find()).toList();
      if (arms.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(),
            "--only: found '" + only + "', expected the name of a row; there are " + names(plan));
      }
      results = Alternation.run(arms, progress);
    } finally {
      around.end();
    }
    Report report = new Report(name(), machine());
    if (plan.quick()) {
      report.caveat(quickly(plan));
    }
    report(results, report);
    results.into(report);
    report.print(spec.commandLine().getOut());
    Path file = json != null ? json : target().resolve(name() + ".json");
    report.write(file);
    progress.println("written to " + file);
    return results.failures().isEmpty() ? 0 : 1;
  }

  private static String quickly(Plan plan) {
    return String.format(
        Locale.ROOT,
        "quick: %d JVM%s per row, windows of at most %s s after %s s: to see that it works, not for"
            + " claims",
        plan.forks(),
        plan.forks() == 1 ? "" : "s",
        plan.seconds(),
        plan.warmSeconds());
  }

  private List<String> names(Plan plan) {
    return arms(plan).stream().map(Arm::name).toList();
  }

  private Plan plan() throws IOException {
    Quick quickly = quick();
    double window = seconds != null ? seconds : quick ? quickly.seconds() : 5;
    double warm = seconds != null ? seconds : quick ? quickly.warmSeconds() : 5;
    Path logs = target().resolve("logs").resolve(name());
    clear(logs);
    ForkFolder.clearDead(target().resolve("logs")); // of other tables
    try {
      return new Plan(
          quick,
          forks != null ? forks : quick ? quickly.forks() : FORKS,
          warm,
          window,
          Pattern.compile(only),
          logs);
    } catch (PatternSyntaxException e) {
      throw new ParameterException(spec.commandLine(), "--only: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Deletes what the run before left: logs, and checkpoints of jobs that were halted. */
  private static void clear(Path logs) throws IOException {
    Files.createDirectories(logs);
    try (var files = Files.walk(logs)) {
      for (Path file : files.skip(1).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Path home() {
    String home = System.getenv("UNROLL_HOME");
    return home != null ? Path.of(home, "benchmarks") : Path.of("");
  }

  private static Path target() {
    return home().resolve("target");
  }

  private Machine machine() {
    String vectors =
        ForkedJvm.hasVectors() ? "vectors of " + FmaLoop.species() : "without jdk.incubator.vector";
    return Machine.here(
        Kernels.best().name() + ", " + vectors,
        home().toAbsolutePath(),
        "deploy/bench "
            + String.join(" ", spec.root().commandLine().getParseResult().originalArgs()));
  }

  /** Whether this is a build with peers to compare with. */
  static boolean peers() {
    return Peers.find().isPresent();
  }

  /** The kernel that a job runs here unless it is told otherwise. */
  static String kernel() {
    return Kernels.best().name();
  }
}
