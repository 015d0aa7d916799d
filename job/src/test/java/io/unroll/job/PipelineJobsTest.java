package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.pipeline.PipelineException;
import io.unroll.job.pipeline.Problem;
import io.unroll.job.state.Accounts;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold between the pipelines of one job, and what is each one's own. */
final class PipelineJobsTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeInput() throws Exception {
    try (InputStream model = PipelineJobsTest.class.getResourceAsStream("/models/echo1.onnx")) {
      Files.write(folder.resolve("echo1.onnx"), Objects.requireNonNull(model).readAllBytes());
    }
    Files.writeString(folder.resolve("in.csv"), "id,at,v\na,1700000000000,1\n");
  }

  private Path files(String file, String name, String out, String flink) throws Exception {
    return Files.writeString(
        folder.resolve(file),
        """
        version: 1
        name: %s
        source: {file: {path: in.csv}, format: csv}
        observation: {series: id, timestamp: at, features: [v]}
        model: {onnx: echo1.onnx}
        sink:
          predictions: {file: {path: %s}}
        %s"""
            .formatted(name, out, flink));
  }

  private Path topics(String file, String name, String group, String sink, String flink)
      throws Exception {
    return Files.writeString(
        folder.resolve(file),
        """
        version: 1
        name: %s
        kafka: {bootstrap.servers: "one:9092, two:9092"}
        source: {kafka: {topics: [in], group.id: %s}, format: json}
        observation: {series: id, timestamp: at, features: [v]}
        sequence: {idle-timeout: 1 d}
        model: {onnx: echo1.onnx}
        sink:
          %s
        %s"""
            .formatted(name, group, sink, flink));
  }

  private List<String> mistakes(Path... files) {
    List<String> mistakes = new ArrayList<>();
    for (Problem problem :
        assertThrows(PipelineException.class, () -> PipelineJobs.load(List.of(files))).problems()) {
      mistakes.add(problem.toString().replace(folder + "/", ""));
    }
    return mistakes;
  }

  private static Set<String> uids(StreamExecutionEnvironment env) {
    Set<String> uids = new TreeSet<>();
    for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
      assertTrue(uids.add(node.getTransformationUID()), node.getTransformationUID() + " twice");
    }
    return uids;
  }

  private static StreamExecutionEnvironment env(PipelineJobs jobs) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(jobs.configuration(new Configuration()));
    jobs.define(env);
    return env;
  }

  /** By these a savepoint of one is read by the job of both, and the other way round. */
  @Test
  void theUidsOfAPipelineAreTheSameAloneAndBesideOthers() throws Exception {
    Path a = files("a.yaml", "a", "outA", "");
    Path b = topics("b.yaml", "b", "g", "predictions: {kafka: {topic: out}}", "");
    Set<String> both = uids(env(PipelineJobs.load(List.of(a, b))));
    Set<String> each = new TreeSet<>(uids(env(PipelineJobs.load(List.of(a)))));
    each.addAll(uids(env(PipelineJobs.load(List.of(b)))));
    assertEquals(each, both);
  }

  @Test
  void theOrderOfTheFilesChangesNothing() throws Exception {
    Path a = files("x.yaml", "a", "outA", "flink: {parallelism.default: 3}");
    Path b = files("y.yaml", "b", "outB", "flink: {pipeline.auto-watermark-interval: 7 ms}");
    for (List<Path> files : List.of(List.of(a, b), List.of(b, a))) {
      PipelineJobs jobs = PipelineJobs.load(files);
      assertEquals("a+b", jobs.name());
      Configuration configuration = jobs.configuration(new Configuration());
      assertEquals("a+b", configuration.get(PipelineOptions.NAME));
      assertEquals(3, configuration.get(CoreOptions.DEFAULT_PARALLELISM));
      assertEquals(7, configuration.get(PipelineOptions.AUTO_WATERMARK_INTERVAL).toMillis());
      assertEquals(Map.of("a", Accounts.of("a"), "b", Accounts.of("b")), jobs.accounts());
    }
    assertEquals(Map.of("a", Accounts.ALONE), PipelineJobs.load(List.of(a)).accounts());
    assertEquals("sequences", Accounts.ALONE.sequences());
    assertEquals("a: sequences", Accounts.of("a").sequences());
    assertEquals(List.of("a", "b"), PipelineJobs.names("a+b"));
  }

  @Test
  void mistakesOfAllFilesAreToldAtOnceAndThenThoseBetweenThem() throws Exception {
    Path a = files("a.yaml", "a", "out", "flink: {parallelism.default: 0}");
    Path b = files("b.yaml", "a", "out", "flink: {parallelism.default: many}");
    assertEquals(
        List.of("a.yaml:8:9", "b.yaml:8:9"),
        mistakes(a, b).stream().map(line -> line.substring(0, 10)).toList());
  }

  @Test
  void namesAndOutputsAreEachPipelinesOwn() throws Exception {
    Path a = files("a.yaml", "same", "out", "");
    Path b = files("b.yaml", "same", "./out", "");
    assertEquals(
        List.of(
            "b.yaml:2:1 name: found 'same', expected another name than in a.yaml:2:1: state,"
                + " counters and transactions belong to a name",
            "b.yaml:7:24 sink.predictions.file.path: found the folder out, expected another one"
                + " than in a.yaml:7:24"),
        mistakes(a, b));
    assertEquals(1, mistakes(a, files("c.yaml", "other", "out", "")).size());
  }

  @Test
  void whatOnePipelineWritesIntoAFolderIsNotReadByAnother() throws Exception {
    Path a = files("a.yaml", "a", "in.csv.d/deep", "");
    Files.createDirectories(folder.resolve("in.csv.d"));
    Files.copy(folder.resolve("in.csv"), folder.resolve("in.csv.d/1.csv"));
    Path b = files("b.yaml", "b", "out", "");
    Files.writeString(b, Files.readString(b).replace("path: in.csv", "path: in.csv.d"));
    String told =
        "a.yaml:7:24 sink.predictions.file.path: found the folder in.csv.d/deep, expected one"
            + " outside of what b.yaml:3:17 reads: a folder is listed when a run starts";
    assertEquals(List.of(told), mistakes(a, b));
    assertEquals(List.of(told), mistakes(b, a));
  }

  /** One topic may be read by both, and one written by the first be read by the second. */
  @Test
  void topicsGroupsAndTransactionsAreEachPipelinesOwn() throws Exception {
    Path a = topics("a.yaml", "a", "g", "predictions: {kafka: {topic: out}}", "");
    Path b =
        topics(
            "b.yaml",
            "b",
            "g",
            "predictions: {kafka: {topic: other, bootstrap.servers: \"three:1,two:9092\"}}\n"
                + "  late: {kafka: {topic: out, bootstrap.servers: \"three:1,two:9092\"}}",
            "");
    assertEquals(
        List.of(
            "b.yaml:4:32 source.kafka.group.id: found 'g', expected another group than in"
                + " a.yaml:4:32: each would overwrite the offsets that the other commits",
            "b.yaml:10:18 sink.late.kafka.topic: found 'out', expected another topic than in"
                + " a.yaml:9:25"),
        mistakes(a, b));
    Path c = topics("c.yaml", "c", "h", "predictions: {kafka: {topic: c}}", "");
    assertEquals(2, PipelineJobs.load(List.of(a, c)).all().size());
    Files.writeString(c, Files.readString(c).replace("topics: [in]", "topics: [in, out]"));
    assertEquals(2, PipelineJobs.load(List.of(a, c)).all().size(), "a chain");
  }

  /** The uid of a's second sink is that of an output of a-kafka; both have one set of ids. */
  @Test
  void namesFromWhichTheSameIdIsMadeAreRefused() throws Exception {
    String two =
        "predictions: {kafka: {topic: %1$s}}\n  rejected: {kafka: {topic: %1$s-r, linger.ms: 7}}";
    Path a = topics("a.yaml", "a", "g", two.formatted("a"), "");
    for (String name : List.of("a-kafka", "a-rejected")) {
      Path b = topics("b.yaml", name, "h", two.formatted("b"), "");
      assertEquals(
          List.of(
              "b.yaml:2:1 name: found '"
                  + name
                  + "', expected a name from which no uid and no transactional id is made that in"
                  + " a.yaml:2:1 has from 'a' already"),
          mistakes(a, b));
    }
    assertEquals(
        2,
        PipelineJobs.load(List.of(a, topics("b.yaml", "a-2", "h", two.formatted("b"), "")))
            .all()
            .size());
  }

  @Test
  void anOptionHasOneValueHoweverItIsWritten() throws Exception {
    Path a =
        files(
            "a.yaml",
            "a",
            "outA",
            "flink: {execution.checkpointing.interval: 10 s, state.backend: rocksdb, my.own: x}");
    Path same =
        files(
            "b.yaml",
            "b",
            "outB",
            "flink: {execution: {checkpointing: {interval: 10000 ms}}, state.backend.type: rocksdb}");
    assertEquals(2, PipelineJobs.load(List.of(a, same)).all().size());
    Path other =
        files(
            "b.yaml",
            "b",
            "outB",
            "flink: {execution: {checkpointing: {interval: 9 s}}, state.backend.type: hashmap,"
                + " my.own: y}");
    assertEquals(
        List.of(
            "b.yaml:8:37 flink.execution.checkpointing.interval: found '9 s', expected '10 s' as"
                + " in a.yaml:8:9: Flink's options belong to the job, which both pipelines share",
            "b.yaml:8:54 flink.state.backend.type: found 'hashmap', expected 'rocksdb' as in"
                + " a.yaml:8:49: Flink's options belong to the job, which both pipelines share",
            "b.yaml:8:83 flink.my.own: found 'y', expected 'x' as in a.yaml:8:73: Flink's options"
                + " belong to the job, which both pipelines share"),
        mistakes(a, other));
  }

  /** An hour between checkpoints is fine for files, and outlives a transaction. */
  @Test
  void anOptionOfOneFileMustFitEveryPipeline() throws Exception {
    Path a = files("a.yaml", "a", "outA", "flink: {execution.checkpointing.interval: 1 h}");
    Path b =
        topics(
            "b.yaml",
            "b",
            "g",
            "predictions: {kafka: {topic: out, transaction.timeout.ms: 60000}}",
            "");
    List<String> mistakes = mistakes(a, b);
    assertEquals(1, mistakes.size(), mistakes.toString());
    assertTrue(
        mistakes
            .get(0)
            .startsWith(
                "a.yaml:8:9 flink.execution.checkpointing.interval: found '1 h', expected less than"
                    + " transaction.timeout.ms, which is 60000"),
        mistakes.get(0));
    assertTrue(mistakes.get(0).endsWith("(for b.yaml:8:1 in the same job)"), mistakes.get(0));
  }
}
