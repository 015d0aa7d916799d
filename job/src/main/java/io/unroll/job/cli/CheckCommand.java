package io.unroll.job.cli;

import io.unroll.connectors.file.FilePreview;
import io.unroll.connectors.record.Observation;
import io.unroll.connectors.record.Prediction;
import io.unroll.connectors.record.Reading;
import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.life.Order;
import io.unroll.job.operator.Preview;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.Problem;
import io.unroll.job.state.RejectedReasons;
import io.unroll.job.state.RejectedReasons.Reason;
import io.unroll.model.onnx.Inspection;
import io.unroll.model.unroll.Feedback;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll check PIPELINE...}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Checks a pipeline, its model, its source and its topics, and shows what it understood; of"
            + " several pipelines each, and whether they fit in one job. Starts no job.")
final class CheckCommand implements Callable<Integer> {
  private static final int FIRST_RECORDS = 5;

  private final PipelineRunner runner;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "1..*",
      description = "the pipeline file, or those of several pipelines")
  private List<Path> files;

  @Option(names = "--offline", description = "ask no broker")
  private boolean offline;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  CheckCommand(PipelineRunner runner) {
    this.runner = runner;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int count;
    try {
      List<String> problems = check(out);
      out.flush();
      problems.forEach(err::println);
      count = problems.size();
    } catch (Exception e) { // told as those of the other commands are
      out.flush();
      Cli.explain(e, spec.commandLine());
      count = e instanceof PipelineException mistakes ? mistakes.problems().size() : 1;
    }
    err.flush();
    out.println(count == 0 ? "ok" : Counted.of(count, "problem"));
    out.flush();
    return count == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** Shows what was understood; returns what would make a job fail, or useless. */
  private List<String> check(PrintWriter out) throws Exception {
    PipelineJobs jobs = PipelineJobs.load(files);
    List<String> problems = new ArrayList<>();
    for (PipelineJob job : jobs.all()) {
      problems.addAll(check(job, out));
      if (jobs.areSeveral()) {
        out.println();
      }
    }
    if (jobs.areSeveral()) {
      out.println("job           " + jobs.name());
    }
    String room =
        SlotMemory.warning(
            jobs, Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory());
    if (room != null) {
      out.println("warning: " + room);
    }
    List<String> obstacles = runner.obstacles(jobs);
    if (!obstacles.isEmpty()) {
      out.println("warning: run would not start: " + String.join("\n  ", obstacles));
    }
    return problems;
  }

  private List<String> check(PipelineJob job, PrintWriter out) throws Exception {
    out.println(PipelineText.of(job));
    out.println();
    out.print(Inspection.of(job.file()).text());
    out.println();
    if (job.decoding() != null && !job.isAlone()) {
      out.print(Inspection.of(job.decoding().decoder()).text());
      out.println();
    }

    List<String> problems = new ArrayList<>();
    List<Reading> first = new ArrayList<>();
    if (job.pipeline().source().input() instanceof Pipeline.FileInput input) {
      problems.addAll(Headers.problems(job));
      first.addAll(FilePreview.first(input.path(), job.reader(), FIRST_RECORDS));
    }
    if (offline) {
      if (usesKafka(job.pipeline())) {
        out.println("kafka         not asked (--offline)");
      }
    } else {
      TopicCheck topics = TopicCheck.of(job, FIRST_RECORDS);
      topics.lines().forEach(out::println);
      problems.addAll(topics.problems());
      first.addAll(topics.first());
    }
    RejectedReasons rejected = showFirst(job, first, out);
    if (!first.isEmpty() && rejected.count() == first.size()) {
      problems.add(
          "source: found no record to use among the first "
              + first.size()
              + ", expected one: rejected "
              + rejected.getLocalValue().all().stream()
                  .map(Reason::toString)
                  .collect(Collectors.joining("; ")));
    }
    for (Problem warning : job.pipeline().warnings()) {
      out.println("warning: " + warning);
    }
    MissingColumns.warnings(job).forEach(line -> out.println("warning: " + line));
    FilesLooked.warnings(job).forEach(line -> out.println("warning: " + line));
    if (!(job.pipeline().source().input() instanceof Pipeline.FileInput)) {
      CloseInstant.warnings(
              job.pipeline(),
              first.stream().map(reading -> reading.observation).filter(Objects::nonNull).toList())
          .forEach(line -> out.println("warning: " + line));
    }
    UnmetTruths.warnings(job.pipeline(), first).forEach(line -> out.println("warning: " + line));
    return problems;
  }

  private static boolean usesKafka(Pipeline pipeline) {
    return pipeline.source().input() instanceof Pipeline.KafkaInput
        || pipeline.sink().outputs().stream().anyMatch(Pipeline.KafkaOutput.class::isInstance);
  }

  /** Returns which of them are rejected. */
  private static RejectedReasons showFirst(PipelineJob job, List<Reading> first, PrintWriter out)
      throws Exception {
    RejectedReasons reasons = new RejectedReasons();
    if (first.isEmpty()) {
      return reasons;
    }
    boolean sorted = job.pipeline().order() == Order.EVENT_TIME;
    out.println(
        "first records, as the job sees them"
            + (sorted ? ", in the order in which they step" : ""));
    Preview preview = new Preview(job.sequences(), job.served(), job.decoder());
    for (Reading reading : sorted ? byTime(first) : first) {
      Observation observation = reading.observation;
      if (observation == null) {
        var rejected = Objects.requireNonNull(reading.rejected);
        reasons.add(rejected.input, rejected.reason);
        out.println("  " + rejected.input + "  rejected: " + rejected.reason);
        continue;
      }
      Preview.Result result = preview.observe(observation);
      showFilled(job, result.filled(), out);
      if (result.note().startsWith(Preview.REJECTED)) {
        reasons.add(observation.input(), result.note().substring(Preview.REJECTED.length()));
      }
      out.printf(
          "  %s  %s  %s  %s%s%s -> %s%s%n",
          observation.input(),
          observation.series,
          Instant.ofEpochMilli(observation.timestamp),
          observation.features == null ? "no features" : Arrays.toString(observation.features),
          observation.start ? " start" : "",
          observation.end ? " end" : "",
          result.output() == null ? result.note() : output(job, result, result.output()),
          result.output() == null || result.note().isEmpty() ? "" : " (" + result.note() + ")");
    }
    return reasons;
  }

  /** What cannot be read never waits for its turn. */
  private static List<Reading> byTime(List<Reading> readings) {
    List<Reading> sorted = new ArrayList<>(readings);
    sorted.sort(
        Comparator.comparingLong(
                (Reading r) -> r.observation == null ? Long.MIN_VALUE : r.observation.timestamp)
            .thenComparingInt(r -> r.observation == null ? 0 : r.observation.nanos));
    return sorted;
  }

  private static void showFilled(PipelineJob job, List<Prediction> filled, PrintWriter out) {
    for (Prediction step : filled.subList(0, Math.min(filled.size(), FIRST_RECORDS))) {
      out.printf(
          "    filled  %s -> %s%n",
          Instant.ofEpochMilli(step.timestamp), output(job, Feedback.NO_TOKEN, step.output));
    }
    if (filled.size() > FIRST_RECORDS) {
      out.printf("    and %d more filled steps%n", filled.size() - FIRST_RECORDS);
    }
  }

  private static String output(PipelineJob job, Preview.Result result, float[] values) {
    String text = output(job, result.token(), values);
    return result.decoded() == 0 ? text : text + ", the first of " + result.decoded() + " decoded";
  }

  private static String output(PipelineJob job, int token, float[] values) {
    return switch (job.outputFields().kind()) {
      case NAMED -> named(job.outputNames(), values);
      case LABELS ->
          "label " + job.outputNames().get(largest(values)) + ", score " + values[largest(values)];
      case TOKEN -> "token " + token + ", score " + values[0];
      case TOKEN_LABEL -> "label " + job.outputNames().get(token) + ", score " + values[0];
    };
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  private static String named(List<String> names, float[] values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(names.get(i)).append(' ').append(values[i]);
    }
    return text.toString();
  }
}
