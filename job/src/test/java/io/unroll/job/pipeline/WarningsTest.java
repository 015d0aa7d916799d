package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs but may surprise. */
final class WarningsTest {
  @TempDir Path directory;

  @BeforeEach
  void makesFiles() throws IOException {
    Texts.makeFiles(directory);
  }

  private List<String> warnings(String text) throws PipelineException {
    return PipelineFile.read("p.yaml", text, directory).warnings().stream()
        .map(Problem::toString)
        .toList();
  }

  /** A Kafka pipeline whose sequences end. */
  private static final String ENDING =
      Texts.KAFKA.replace("features: [x]", "features: [x]\n  end: eos");

  @Test
  void filesHaveNone() throws Exception {
    assertEquals(List.of(), warnings(Texts.SMALL));
  }

  /** When output becomes visible is what {@code check} understood, and nothing to mend. */
  @Test
  void exactlyOnceIsNoWarning() throws Exception {
    assertEquals(List.of(), warnings(ENDING));
  }

  @Test
  void nothingClosesASequence() throws Exception {
    String text = Texts.KAFKA.replace("sink:\n", "sink:\n  delivery: at-least-once\n");
    String endless =
        "p.yaml:1:1 sequence: found nothing that closes a sequence, expected one of idle-timeout,"
            + " max-duration, close-at, max-steps, by, observation.end, observation.start: the state"
            + " of every series is kept for ever";
    assertEquals(List.of(endless), warnings(text));
    assertEquals(
        List.of(endless + " and emit.on: end never emits"), warnings(text + "emit: {on: end}\n"));
    assertEquals(List.of(), warnings(text.replace("group.id: g", "group.id: g\n    stop: latest")));
    assertEquals(
        List.of(),
        warnings(text.replace("features: [x]", "features: [x]\n  start: {field: s, in: [A]}")));
    assertEquals(
        List.of(),
        warnings(
            text.replace(
                "onnx: model.onnx", "decoder: {onnx: decoder.onnx, first: input, steps: 3}")));
    for (String closing :
        List.of(
            "by: day",
            "idle-timeout: 5 min",
            "max-duration: 8 h",
            "close-at: {time: 16:00, zone: UTC}",
            "max-steps: 5")) {
      assertEquals(List.of(), warnings(text + "sequence: {" + closing + "}\n"), closing);
    }
    assertEquals(
        List.of(endless.replace("1:1", "21:1")),
        warnings(text + "sequence: {clock: processing, order: event-time, max-delay: 1 s}\n"));
  }

  @Test
  void transactionsLongerThanTheBrokersDefault() throws Exception {
    String text = "found 900001, expected at most 900000 unless the broker's";
    assertEquals(
        List.of(
            "p.yaml:5:3 kafka.transaction.timeout.ms: "
                + text
                + " transaction.max.timeout.ms was raised"),
        warnings(
                ENDING.replace("localhost:9092", "localhost:9092\n  transaction.timeout.ms: 900001")
                    + "  late: {kafka: {topic: late}}\n")
            .subList(0, 1));
  }

  /** What all outputs inherit is said once. */
  @Test
  void aTaskThatWaitsLongerForItsBrokerThanFlinkForTheTask() throws Exception {
    String late = "  late: {kafka: {topic: late}}\n";
    String block = "localhost:9092\n  max.block.ms: ";
    assertEquals(
        List.of(
            "p.yaml:5:3 kafka.max.block.ms: found 120001, expected at most 120000: a task that is"
                + " cancelled waits so long for its broker, and Flink ends the TaskManager of one"
                + " that has not ended after 180 s"),
        warnings(ENDING.replace("localhost:9092", block + "120001") + late).stream()
            .filter(line -> line.contains("max.block.ms"))
            .toList());
    assertEquals(
        List.of(),
        warnings(ENDING.replace("localhost:9092", block + "120000") + late).stream()
            .filter(line -> line.contains("max.block.ms"))
            .toList());
  }

  @Test
  void nearlyAFlinkOption() throws Exception {
    assertEquals(
        List.of(
            "p.yaml:14:9 flink.paralelism.default: found an option that Flink's core does not have,"
                + " expected one of its options or a plug-in's; did you mean 'parallelism.default'?"),
        warnings(Texts.SMALL + "flink: {paralelism.default: 2, s3.access-key: a}\n"));
  }
}
