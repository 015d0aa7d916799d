package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.kafka.KafkaSinkSettings;
import io.unroll.connectors.kafka.LiveProducers;
import io.unroll.job.PipelineJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pipeline that runs already, in another process and another folder; one that was killed; and one
 * that ended well.
 */
@Timeout(600)
@Tag("thorough")
final class SecondRunITCase {
  private static final int FIRST = 25;
  private static final String LOOKS =
      "weather-kafka: the broker knows transactions of this pipeline, another run of it may be"
          + " alive: looking twice, 5 s apart";

  @TempDir private Path folder;

  private static void produce(EmbeddedBroker broker, int from, int to) {
    broker.produce(
        "weather",
        IntStream.range(from, to)
            .mapToObj(
                day ->
                    "{\"series\":\"A\",\"timestamp\":"
                        + (1_325_376_000_000L + day * 86_400_000L)
                        + ",\"precipitation\":0,\"temp_max\":12,\"temp_min\":5,\"wind\":"
                        + day % 7
                        + "}")
            .toArray(String[]::new));
  }

  /** The Kafka example in a folder of its own. */
  private Path pipeline(EmbeddedBroker broker, String where, String start) throws IOException {
    Path example =
        Examples.copy(Files.createDirectories(folder.resolve(where))).resolve("kafka/weather.yaml");
    return Files.writeString(
        example,
        Files.readString(example)
            .replace("localhost:9092", broker.bootstrapServers())
            .replace("start: earliest", start)
            .replace("checkpointing.interval: 10 s", "checkpointing.interval: 1 s"));
  }

  private static List<String> inputs(EmbeddedBroker broker) {
    return broker.consumeText("predictions").stream()
        .map(line -> line.replaceAll(".*\"input\":\"[^@]*@([0-9]+)\".*", "$1"))
        .toList();
  }

  @Test
  void isRefusedWhileTheOtherLivesAndStartsAtOnceWhenItWasKilled() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      for (String topic : List.of("weather", "predictions", "sequences", "rejected", "late")) {
        broker.createTopic(topic, 1);
      }
      produce(broker, 0, FIRST);
      Path there = pipeline(broker, "there", "start: earliest");
      Path here = pipeline(broker, "here", "start: earliest, stop: latest");
      Process other = ChildRun.start(folder, there, List.of(), List.of());
      List<KafkaSinkSettings> sinks = PipelineJob.load(there).kafkaSinks();
      int inputs = FIRST;
      try {
        while (inputs(broker).size() < FIRST) {
          assertTrue(
              other.isAlive(), () -> "ended before it could be killed: " + ChildRun.said(folder));
          Thread.sleep(100);
        }
        Said second = Said.by("run", here);
        assertEquals(1, second.code(), second.out());
        assertEquals("", second.out());
        assertTrue(second.errLines().contains(LOOKS), second.err());
        assertTrue(
            second
                .errLines()
                .get(second.errLines().size() - 1)
                .startsWith(
                    "weather-kafka: not started: another run of this pipeline is alive: it has"
                        + " just moved its transaction unroll-weather-kafka-0-"),
            second.err());
        assertTrue(
            other.isAlive(), () -> "the refused run ended the other one: " + ChildRun.said(folder));
        // A killed run leaves a transaction open: here it has one for certain.
        while (LiveProducers.open(sinks).isEmpty()) {
          produce(broker, inputs, ++inputs);
        }
      } finally {
        other.destroyForcibly().waitFor();
      }

      Said again = Said.by("run", here);
      assertEquals(0, again.code(), again.err());
      assertTrue(again.errLines().contains(LOOKS), again.err());
      List<String> all = inputs(broker);
      List<String> once = IntStream.range(0, inputs).mapToObj(Integer::toString).toList();
      int committed = all.size() - inputs; // by the run that was killed
      assertTrue(committed >= FIRST, all.toString());
      assertEquals(once.subList(0, committed), all.subList(0, committed));
      assertEquals(once, all.subList(committed, all.size()), "what it left open is aborted");
    }
  }

  /** Nobody else is alive in any of these: where nobody used the name since, nothing waits. */
  @Test
  void startsAtOnceAfterItsOwnEndUnlessSomebodyRanInBetween() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      for (String topic : List.of("weather", "predictions", "sequences", "rejected", "late")) {
        broker.createTopic(topic, 1);
      }
      produce(broker, 0, FIRST);
      Path here = pipeline(broker, "here", "start: earliest, stop: latest");
      Path there = pipeline(broker, "there", "start: earliest, stop: latest");
      assertFalse(looks(Said.by("run", here)), "nobody used the name");
      assertFalse(looks(Said.by("run", here)), "only this folder used it");
      assertTrue(looks(Said.by("run", there)), "another folder used it, and nothing is noted");
      assertTrue(looks(Said.by("run", here)), "the other folder used it since");
      assertFalse(looks(Said.by("run", here)), "only this folder used it since");

      int before = inputs(broker).size();
      String bounded = Files.readString(here);
      Files.writeString(here, bounded.replace(", stop: latest", ""));
      Process stopped = ChildRun.start(folder, here, List.of(), List.of());
      try {
        while (inputs(broker).size() < before + FIRST) {
          assertTrue(
              stopped.isAlive(),
              () -> "ended before it could be stopped: " + ChildRun.said(folder));
          Thread.sleep(100);
        }
        stopped.destroy();
        assertEquals(143, stopped.waitFor(), () -> ChildRun.said(folder));
      } finally {
        stopped.destroyForcibly().waitFor();
      }
      assertFalse(ChildRun.said(folder).contains(LOOKS), ChildRun.said(folder));
      Files.writeString(here, bounded);
      assertFalse(
          looks(Said.by("run", "--fresh", here)), "it was stopped and nobody used it since");
      assertEquals(before + 2 * FIRST, inputs(broker).size());
    }
  }

  /** Whether a run that ended well looked for another one twice. */
  private static boolean looks(Said said) {
    assertEquals(0, said.code(), said.err());
    return said.errLines().contains(LOOKS);
  }
}
