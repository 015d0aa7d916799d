package io.unroll.local;

import io.unroll.job.PipelineJob;
import io.unroll.job.PipelineJobs;
import io.unroll.job.cli.PipelineRunner;
import io.unroll.job.cli.RunFailedException;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.local.demo.Pair;
import io.unroll.local.demo.Picture;
import io.unroll.local.demo.Skill;
import io.unroll.local.demo.SkillTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unroll demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs two real feeds through two trained models on an embedded Flink and measures the skill"
            + " of the predictions on days that the models never saw.")
final class DemoCommand implements Callable<Integer> {
  /** What the model of the indices was not trained on, see feeds/README.md. */
  private static final int INDICES_HELD_OUT = 458;

  private final EmbeddedRun runner;

  @Spec private CommandSpec spec;

  @Option(
      names = "--examples",
      paramLabel = "FOLDER",
      description = "where weather.yaml and indices.yaml are (default: ${DEFAULT-VALUE})",
      defaultValue = "${env:UNROLL_HOME}/examples")
  private Path examples;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  DemoCommand(EmbeddedRun runner) {
    this.runner = runner;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PipelineJob weather = load("weather.yaml");
    PipelineJob indices = load("indices.yaml");

    RunResult first = run(weather);
    if (!first.isFinished()) {
      return first.exitCode();
    }
    List<Pair> temperatures = evaluations(weather);
    out.println("weather: next day's maximum and minimum temperature of two cities");
    out.println(
        SkillTable.of(
            Skill.ofValues(temperatures), "mean abs. error (C)", "persistence (C)", false, 3));
    close(weather, first, out);

    RunResult second = run(indices);
    if (!second.isFinished()) {
      return second.exitCode();
    }
    List<Pair> returns = evaluations(indices);
    Skill quantiles = Skill.ofQuantiles(returns, INDICES_HELD_OUT);
    out.println("indices: quantiles of the next day's percent return of four stock indices");
    out.println(SkillTable.of(quantiles, "pinball loss", "constant quantiles", true, 4));
    close(indices, second, out);

    Path picture = Files.createDirectories(examples.resolve("out")).resolve("demo.svg");
    Files.writeString(picture, Picture.of(temperatures, returns, INDICES_HELD_OUT));
    out.println("drawn in " + picture.toAbsolutePath().normalize());
    out.println("The same pipeline on Kafka: " + kafkaExample());
    out.println(
        "  source.kafka {topics, group.id} and sink.*.kafka {topic} stand where the files stood;"
            + " check it with deploy/unroll check");
    out.flush();
    return 0;
  }

  private PipelineJob load(String name) throws Exception {
    Path file = examples.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new RunFailedException(
          file + ": no such file; start the demo with deploy/unroll, or say --examples");
    }
    return PipelineJob.load(file);
  }

  private RunResult run(PipelineJob job) throws RunFailedException, InterruptedException {
    return runner.run(
        PipelineJobs.of(job), new PipelineRunner.Options(true, true), spec.commandLine().getErr());
  }

  private static List<Pair> evaluations(PipelineJob job) throws RunFailedException, IOException {
    if (job.pipeline().sink().evaluations() instanceof Pipeline.FileOutput output) {
      return Pair.read(OutputFolders.parts(output.path()));
    }
    throw new RunFailedException(
        job.pipeline().name() + ": sink.evaluations is no folder of files, which the demo reads");
  }

  private static void close(PipelineJob job, RunResult result, PrintWriter out) throws IOException {
    out.println("sequences  " + Summary.sequences(result.of(job.pipeline().name())));
    for (Path folder : OutputFolders.of(job.pipeline())) {
      if (Files.isDirectory(folder)) {
        out.println("written to " + folder);
      }
    }
    out.println();
    out.flush();
  }

  private Path kafkaExample() {
    return examples.resolve("kafka").resolve("weather.yaml").toAbsolutePath().normalize();
  }
}
