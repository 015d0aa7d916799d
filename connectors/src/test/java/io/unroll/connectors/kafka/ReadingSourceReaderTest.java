package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Event time of the partitions of one reader: over a restart, and after a silence. */
final class ReadingSourceReaderTest {
  private static KafkaPartitionSplit split(int partition, long offset) {
    return new KafkaPartitionSplit(new TopicPartition("t", partition), offset);
  }

  /** Flink had not looked at the clock when the checkpoint came. */
  @Test
  void whatARecordSaidOfEventTimeIsInItsCheckpoint() throws Exception {
    ReaderHarness before = ReaderHarness.of(0, 1);
    before.observe(0, 5000);
    before.observe(1, 3000);
    assertEquals(List.of(), before.said(), "no watermark has been made");
    assertEquals(
        List.of(new TimedSplit(split(0, 1), 5000), new TimedSplit(split(1, 1), 3000)),
        before.snapshot());

    ReaderHarness after = ReaderHarness.restored(Duration.ZERO, before.snapshot()).compared();
    assertEquals(List.of("2999"), after.said(), "as if they had just come, without a record");
    after.pass(ReaderHarness.IDLE_AFTER);
    assertEquals(List.of(), after.said(), "both count as active until they have been silent");
    after.passIdleAfter();
    assertEquals(List.of("4999", "idle"), after.said());
  }

  /** One falls silent before the checkpoint, the other after the restart. */
  @Test
  void eventTimeStandsWhereItStoodWithinIdleAfter() throws Exception {
    ReaderHarness before = ReaderHarness.of(0, 1);
    before.observe(1, 1000);
    for (int second = 0; second < 70; second++) {
      before.observe(0, 5000 + second);
      before.pass(Duration.ofSeconds(1));
    }
    List<String> said = before.said();
    assertEquals("5068", said.get(said.size() - 1));
    before.observe(0, 6000); // its watermark is not made any more

    ReaderHarness after = ReaderHarness.restored(Duration.ZERO, before.snapshot()).compared();
    assertEquals(List.of("999"), after.said());
    after.passIdleAfter();
    assertEquals(List.of("5999", "idle"), after.said());
  }

  @Test
  void theBoundIsThatOfTheRestoredSource() throws Exception {
    ReaderHarness before = ReaderHarness.of(0);
    before.observe(0, 5000);
    ReaderHarness after =
        ReaderHarness.restored(Duration.ofSeconds(1), before.snapshot()).compared();
    assertEquals(List.of("3999"), after.said());
  }

  @Test
  void anOlderRecordAfterARestoreLowersNothing() throws Exception {
    ReaderHarness before = ReaderHarness.of(0, 1);
    before.observe(0, 5000);
    before.observe(1, 5000);
    ReaderHarness after = ReaderHarness.restored(Duration.ZERO, before.snapshot()).compared();
    after.observe(0, 2000);
    after.observe(1, 7000);
    after.pass(Duration.ofSeconds(1));
    assertEquals(List.of("4999"), after.said());
    assertEquals(
        List.of(new TimedSplit(split(0, 2), 5000), new TimedSplit(split(1, 2), 7000)),
        after.snapshot());
    after.observe(0, 6000);
    after.pass(Duration.ofSeconds(1));
    assertEquals(List.of("5999"), after.said());
  }

  @Test
  void aRejectedRecordSaysNothing() throws Exception {
    ReaderHarness before = ReaderHarness.of(0);
    before.observe(0, 5000);
    before.reject(0, 9000);
    assertEquals(List.of(new TimedSplit(split(0, 2), 5000)), before.snapshot());
  }

  /** What was read before it had this is not known: no more is said than by Flink's source. */
  @Test
  void aPartitionOfAnOlderSavepointSaysNothing() throws Exception {
    ReaderHarness after =
        ReaderHarness.restored(Duration.ZERO, List.of(split(0, 7), split(1, 9))).compared();
    assertEquals(List.of(), after.said());
    assertEquals(
        List.of(
            new TimedSplit(split(0, 7), TimedSplit.NONE),
            new TimedSplit(split(1, 9), TimedSplit.NONE)),
        after.snapshot());
  }

  @Test
  void nothingIsReadBeforeTheTopicsHaveBeenCompared() throws Exception {
    List<KafkaPartitionSplit> splits =
        List.of(new TimedSplit(split(0, 7), 5000), new TimedSplit(split(1, 9), 6000));
    ReaderHarness after = ReaderHarness.restored(Duration.ZERO, splits);
    assertEquals(List.of(), after.partitions());
    assertEquals(splits, after.snapshot(), "and nothing is forgotten");
    after.compared();
    assertEquals(List.of("t-0", "t-1"), after.partitions());
    assertEquals(splits, after.snapshot());
    after.compared(); // a reader that registers again hears it again
    assertEquals(splits, after.snapshot());
  }

  /** All were silent; what waits in the others is read before event time passes it. */
  @Test
  void theFirstThatWakesWaitsForTheOthers() throws Exception {
    ReaderHarness reader = ReaderHarness.of(0, 1);
    reader.observe(0, 1000);
    reader.observe(1, 1000);
    reader.passIdleAfter();
    assertEquals(List.of("999", "idle"), reader.said());

    reader.observe(0, 90_000);
    reader.pass(Duration.ofSeconds(30));
    assertEquals(List.of("active"), reader.said());
    reader.observe(1, 40_000);
    reader.pass(Duration.ofSeconds(1));
    assertEquals(List.of("39999"), reader.said());
  }

  @Test
  void aPartitionThatStaysSilentHoldsTheOthersNoLongerThanIdleAfter() throws Exception {
    ReaderHarness reader = ReaderHarness.of(0, 1);
    reader.observe(0, 1000);
    reader.observe(1, 1000);
    reader.passIdleAfter();
    reader.said();
    for (int second = 0; second <= 60; second++) {
      reader.observe(0, 90_000 + second);
      reader.pass(Duration.ofSeconds(1));
    }
    assertEquals(List.of("active", "90059"), reader.said().subList(0, 2));
    for (int second = 61; second <= 300; second++) {
      reader.observe(0, 90_000 + second);
      reader.pass(Duration.ofSeconds(1));
      assertEquals(List.of(Integer.toString(90_000 + second - 1)), reader.said(), "never again");
    }
  }

  /** Not all were silent: nobody is waited for. */
  @Test
  void aPartitionThatWakesBesideAnActiveOneChangesNothing() throws Exception {
    ReaderHarness reader = ReaderHarness.of(0, 1, 2);
    for (int second = 0; second < 70; second++) {
      reader.observe(0, 1000 + second);
      reader.pass(Duration.ofSeconds(1));
    }
    reader.said();
    reader.observe(1, 5000);
    reader.observe(0, 5000);
    reader.pass(Duration.ofSeconds(1));
    assertEquals(List.of("4999"), reader.said());
  }

  /** It does not raise the watermark, and still: not every partition is silent. */
  @Test
  void anOldRecordEndsTheSilenceToo() throws Exception {
    ReaderHarness reader = ReaderHarness.of(0);
    reader.observe(0, 5000);
    reader.passIdleAfter();
    reader.said();
    reader.observe(0, 4000);
    reader.pass(Duration.ofSeconds(1));
    assertEquals(List.of("active"), reader.said());
    reader.passIdleAfter();
    assertEquals(List.of("idle"), reader.said());
  }

  @Test
  void everySilenceOfAllGivesAnotherIdleAfter() throws Exception {
    ReaderHarness reader = ReaderHarness.of(0, 1);
    reader.observe(0, 1000);
    reader.observe(1, 1000);
    for (int time = 1; time <= 3; time++) {
      reader.passIdleAfter();
      reader.said();
      reader.observe(0, 10_000L * time);
      reader.pass(Duration.ofSeconds(1));
      assertEquals(List.of("active"), reader.said());
    }
  }
}
