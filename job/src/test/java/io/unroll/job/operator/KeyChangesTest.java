package io.unroll.job.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.record.Observation;
import io.unroll.job.PipelineJob;
import io.unroll.job.life.Features;
import io.unroll.job.life.SequenceConfig;
import io.unroll.job.operator.SequenceHarness.Backend;
import io.unroll.job.pipeline.PipelineKeys;
import io.unroll.job.state.Counter;
import io.unroll.job.state.UnusableStateException;
import io.unroll.model.RecurrentModel;
import io.unroll.model.kernel.CellWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of docs/state.md: what a change of each key does to a pipeline whose state is kept.
 * Each row's change is made here, to a pipeline with an open sequence.
 */
final class KeyChangesTest {
  private static final Path PAGE = Path.of("docs/state.md");
  private static final Path CHANGES = Path.of("src/test/resources/pipelines/key-changes.txt");
  private static final long START = 1_700_000_000_000L;

  private static final String BASE =
      """
      version: 1
      name: changing
      kafka: {bootstrap.servers: "localhost:1"}
      source: {kafka: {topics: [a, b], group.id: g}, format: json}
      observation: {series: s, timestamp: t, features: [a, b]}
      model: {onnx: m2.onnx}
      sink: {predictions: {file: {path: out}}}
      """;

  @TempDir private Path folder;

  /** What is changed, and in what. */
  record Change(String key, String both, String before, String after) {
    @Override
    public String toString() {
      return key;
    }
  }

  static Stream<Change> changes() throws IOException {
    return Files.readAllLines(CHANGES).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\\|", -1))
        .map(
            cells ->
                new Change(cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip()));
  }

  /** The words of the second column, by key. */
  private static Map<String, String> verdicts() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("<!-- key changes: begin");
    assertTrue(begin >= 0, PAGE + " has no table of key changes");
    String table = page.substring(begin, page.indexOf("<!-- key changes: end"));
    Map<String, String> verdicts = new LinkedHashMap<>();
    for (String row : table.lines().filter(line -> line.startsWith("| `")).toList()) {
      String[] cells = row.split(" \\| ", -1);
      String key = cells[0].substring("| `".length(), cells[0].length() - 1);
      assertEquals(null, verdicts.put(key, cells[1]), key + " has two rows");
    }
    return verdicts;
  }

  @Test
  void everyKeyHasARowAndEveryRowAKey() throws IOException {
    List<String> keys = PipelineKeys.all().stream().map(option -> option.path()).toList();
    assertEquals(keys, List.copyOf(verdicts().keySet()));
  }

  @Test
  void everyRowIsTried() throws IOException {
    Set<String> tried = changes().map(Change::key).collect(Collectors.toSet());
    List<String> left = new ArrayList<>();
    verdicts()
        .forEach(
            (key, verdict) -> {
              if (!tried.contains(key) && !verdict.equals("its keys") && !key.equals("version")) {
                left.add(key);
              }
            });
    assertEquals(List.of(), left);
    for (Map.Entry<String, String> row : verdicts().entrySet()) {
      if (row.getValue().equals("its keys")) {
        assertTrue(
            PipelineKeys.all().stream().anyMatch(o -> o.section().startsWith(row.getKey())),
            row.getKey() + " has no keys");
      }
    }
  }

  @BeforeEach
  void files() throws IOException {
    for (int inputs = 2; inputs <= 4; inputs++) {
      write("m" + inputs, inputs, 2, inputs);
    }
    write("other", 2, 2, 11);
    write("e3", 2, 3, 12);
    write("dec", 2, 2, 13);
    write("d4", 4, 2, 14);
    write("d6", 6, 2, 15);
    Files.copy(Path.of("../deploy/examples/own/step.onnx"), folder.resolve("step.onnx"));
    Files.writeString(folder.resolve("in.csv"), "s,u,t,t2,a,b,c\n");
    Files.writeString(folder.resolve("in2.csv"), "s,u,t,t2,a,b,c\n");
    Files.writeString(folder.resolve("s.csv"), "series,feature,mean,std\nA,b,1,2\nB,b,1,2\n");
    Files.writeString(folder.resolve("s2.csv"), "series,feature,mean,std\nA,b,1,2\nB,b,1,3\n");
  }

  private void write(String name, int inputs, int outputs, long seed) throws IOException {
    Random random = new Random(seed);
    RecurrentModel model =
        RecurrentModel.builder()
            .name(name)
            .inputs(inputs)
            .rnn(
                new CellWeights(
                    "rnn",
                    inputs,
                    3,
                    numbers(random, 3 * inputs),
                    numbers(random, 9),
                    numbers(random, 3),
                    numbers(random, 3)))
            .dense("head", numbers(random, 3 * outputs), numbers(random, outputs))
            .outputs(List.of("up", "down", "third").subList(0, outputs).toArray(new String[0]))
            .build();
    Files.write(folder.resolve(name + ".onnx"), model.onnx());
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }

  /** The base with other sections. */
  private PipelineJob job(String... sections) throws Exception {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : BASE.lines().toList()) {
      lines.put(line.substring(0, line.indexOf(':')), line);
    }
    for (String cell : sections) {
      for (String section : cell.split(" & ", -1)) {
        if (!section.isBlank()) {
          lines.put(section.strip().substring(0, section.strip().indexOf(':')), section.strip());
        }
      }
    }
    return PipelineJob.load(
        Files.writeString(folder.resolve("p.yaml"), String.join("\n", lines.values()) + "\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void theRowIsRight(Change change) throws Exception {
    String verdict = verdicts().get(change.key());
    assertNotNull(verdict, change.key() + " has no row");
    PipelineJob before = job(change.both(), change.before());
    PipelineJob after = job(change.both(), change.after());
    OperatorSubtaskState state = written(before.sequences());
    boolean keepsUids = uids(after).containsAll(uids(before));
    switch (verdict) {
      case "yes" -> {
        assertTrue(keepsUids, "another uid");
        goesOn(after.sequences(), state);
      }
      case "new sequences" -> {
        assertTrue(keepsUids, "another uid");
        goesOn(after.sequences(), state);
        isForNewSequences(before.sequences(), after.sequences(), state);
      }
      case "refused" -> refused(after.sequences(), state, change);
      case "may rise" -> {
        assertFalse(keepsUids, "the source keeps its state");
        goesOn(after.sequences(), state);
        refused(before.sequences(), written(after.sequences()), change);
      }
      case "by Flink" -> {
        assertFalse(keepsUids, "Flink would find whose state it is");
        goesOn(after.sequences(), state);
      }
      case "another pipeline" ->
          assertTrue(uids(after).stream().noneMatch(uids(before)::contains), "it finds state");
      default -> throw new AssertionError(change.key() + ": '" + verdict + "' is no verdict");
    }
  }

  private static Set<String> uids(PipelineJob job) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(job.configuration(new Configuration()));
    job.define(env);
    Set<String> uids = new TreeSet<>();
    env.getStreamGraph().getStreamNodes().forEach(node -> uids.add(node.getTransformationUID()));
    uids.remove(job.pipeline().name() + "-rejected-log"); // has no state
    return uids;
  }

  /** Of a job that has an open sequence of three observations. */
  private static OperatorSubtaskState written(SequenceConfig config) throws Exception {
    try (SequenceHarness harness = SequenceHarness.open(Backend.HEAP, config)) {
      for (int i = 0; i < 3; i++) {
        observe(harness, config, "A", i);
      }
      assertEquals(1, harness.count(Counter.OPENED), harness.rejectedLines().toString());
      return harness.snapshot();
    }
  }

  private static void observe(
      SequenceHarness harness, SequenceConfig config, String series, int index) throws Exception {
    double[] values = new double[new Features(config.features()).count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + 0.25 * index + 0.125 * i;
    }
    Observation observation = Observation.of(series, START + 1000L * index, values);
    harness.observe(observation, index);
    harness.watermark(START + 1000L * index);
  }

  private static void goesOn(SequenceConfig config, OperatorSubtaskState state) throws Exception {
    try (SequenceHarness harness = SequenceHarness.restore(Backend.HEAP, config, state)) {
      long steps = harness.count(Counter.STEPS);
      assertTrue(steps > 0);
      observe(harness, config, "A", 3);
      assertEquals(steps + 1, harness.count(Counter.STEPS), harness.rejectedLines().toString());
      assertEquals(1, harness.count(Counter.OPENED), "the sequence has been left");
    }
  }

  private static void isForNewSequences(
      SequenceConfig before, SequenceConfig after, OperatorSubtaskState state) throws Exception {
    try (SequenceHarness was = SequenceHarness.restore(Backend.HEAP, before, state);
        SequenceHarness is = SequenceHarness.restore(Backend.HEAP, after, state)) {
      for (String series : List.of("A", "B")) {
        observe(was, before, series, 3);
        observe(is, after, series, 3);
      }
      assertArrayEquals(was.predictions().get(0).output, is.predictions().get(0).output);
      assertFalse(Arrays.equals(was.predictions().get(1).output, is.predictions().get(1).output));
    }
  }

  private static void refused(SequenceConfig config, OperatorSubtaskState state, Change change) {
    Throwable refused =
        assertThrows(
            Exception.class,
            () -> SequenceHarness.restore(Backend.HEAP, config, state).close(),
            change.key() + " is taken");
    while (refused.getCause() != null && !(refused instanceof UnusableStateException)) {
      refused = refused.getCause();
    }
    assertTrue(refused instanceof UnusableStateException, refused.toString());
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(": was ") && message.contains(", is "), message);
  }
}
