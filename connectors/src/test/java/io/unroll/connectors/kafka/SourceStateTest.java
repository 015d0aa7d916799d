package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.connector.kafka.source.enumerator.AssignmentStatus;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.SplitAndAssignmentStatus;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What the Kafka source leaves in a savepoint, and what Flink's own source left there before. */
final class SourceStateTest {
  private static final int FLINKS_SPLIT = 0;
  private static final int FLINKS_STATE = 3;

  private static final String SPLIT = "000674726164657300000003000000000012d6878000000000000000";
  private static final String STATE =
      "00000002000000000000001c"
          + SPLIT
          + "000000000000001c000671756f74657300000000000000000000000780000000000000000000000101";
  private static final String OWN_SPLIT = "000000000000001c" + SPLIT + "0000018bcfe5687b";
  private static final String OWN_STATE =
      "0000000300000051"
          + STATE
          + "00000002"
          + "000671756f74657300000000000000010000000000000002"
          + "000674726164657300000000000000030000000000000004";

  private static final KafkaPartitionSplit TRADES =
      new KafkaPartitionSplit(new TopicPartition("trades", 3), 1_234_567);
  private static final KafkaPartitionSplit QUOTES =
      new KafkaPartitionSplit(new TopicPartition("quotes", 0), 7);
  private static final TopicIds IDS =
      new TopicIds(Map.of("trades", new Uuid(3, 4), "quotes", new Uuid(1, 2)));

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static void assertPartitions(KafkaSourceEnumState state) {
    assertEquals(List.of(TRADES), List.copyOf(state.assignedSplits()));
    assertEquals(List.of(QUOTES), List.copyOf(state.unassignedSplits()));
    assertTrue(state.initialDiscoveryFinished());
  }

  @Test
  void aPartitionAsTheFirstReleaseOfOursWroteIt() throws IOException {
    TimedSplitSerializer serializer = new TimedSplitSerializer();
    assertEquals(1001, serializer.getVersion());
    TimedSplit split = new TimedSplit(TRADES, 1_700_000_000_123L);
    assertEquals(split, serializer.deserialize(1001, bytes(OWN_SPLIT)));
    assertEquals(OWN_SPLIT, HexFormat.of().formatHex(serializer.serialize(split)));
  }

  @Test
  void aPartitionAsFlinkWroteIt() throws IOException {
    KafkaPartitionSplit read = new TimedSplitSerializer().deserialize(FLINKS_SPLIT, bytes(SPLIT));
    assertEquals(TRADES, read);
    assertEquals(TimedSplit.NONE, TimedSplit.highest(read));
  }

  @Test
  void aSplitWithAnEnd() throws IOException {
    TimedSplitSerializer serializer = new TimedSplitSerializer();
    TimedSplit split =
        new TimedSplit(new KafkaPartitionSplit(new TopicPartition("t", 0), 5, 9), 77);
    assertEquals(split, serializer.deserialize(1001, serializer.serialize(split)));
  }

  @Test
  void allPartitionsAsTheFirstReleaseOfOursWroteThem() throws IOException {
    SourceStateSerializer serializer = new SourceStateSerializer();
    assertEquals(1001, serializer.getVersion());
    SourceState read = serializer.deserialize(1001, bytes(OWN_STATE));
    assertPartitions(read.partitions());
    assertEquals(IDS, read.topics());
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    SourceStateSerializer serializer = new SourceStateSerializer();
    KafkaSourceEnumState partitions =
        new KafkaSourceEnumState(
            Set.of(
                new SplitAndAssignmentStatus(TRADES, AssignmentStatus.ASSIGNED),
                new SplitAndAssignmentStatus(QUOTES, AssignmentStatus.UNASSIGNED)),
            true);
    SourceState read =
        serializer.deserialize(1001, serializer.serialize(new SourceState(partitions, IDS)));
    assertPartitions(read.partitions());
    assertEquals(IDS, read.topics());
  }

  @Test
  void allPartitionsAsFlinkWroteThem() throws IOException {
    SourceState read = new SourceStateSerializer().deserialize(FLINKS_STATE, bytes(STATE));
    assertPartitions(read.partitions());
    assertEquals(TopicIds.NONE, read.topics());
  }

  @Test
  void aNewerReleaseIsRefused() {
    String problem =
        "the Kafka source's state is of version 1002, expected at most 1001: it was written by a"
            + " newer Unroll";
    assertEquals(
        problem,
        assertThrows(
                IOException.class,
                () -> new TimedSplitSerializer().deserialize(1002, bytes(OWN_SPLIT)))
            .getMessage());
    assertEquals(
        problem,
        assertThrows(
                IOException.class,
                () -> new SourceStateSerializer().deserialize(1002, bytes(OWN_STATE)))
            .getMessage());
  }

  @Test
  void theIdsAreFoundInWhatFlinkKeepsOfACoordinator() throws IOException {
    assertEquals(IDS, TopicIds.inCheckpoint(coordinator(1001, OWN_STATE)));
    assertEquals(TopicIds.NONE, TopicIds.inCheckpoint(coordinator(FLINKS_STATE, STATE)));
  }

  private static byte[] coordinator(int version, String state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(1);
    out.writeInt(version);
    out.writeInt(state.length() / 2);
    out.write(bytes(state));
    return bytes.toByteArray();
  }

  @Test
  void aTopicIsComparedByItsId() {
    TopicIds then = new TopicIds(Map.of("a", new Uuid(1, 1), "b", new Uuid(1, 2)));
    Map<String, Uuid> now = new TreeMap<>(then.byName());
    now.put("c", new Uuid(1, 3));
    List<String> topics = List.of("a", "b", "c");
    assertEquals(List.of(), then.recreated(topics, new TopicIds(now)), "a new one is no change");
    assertEquals(List.of(), then.gone(topics, new TopicIds(now)));
    now.put("a", new Uuid(9, 9));
    assertEquals(
        List.of(
            "topic 'a' was deleted and created anew since the checkpoint (id "
                + new Uuid(1, 1)
                + " then, "
                + new Uuid(9, 9)
                + " now): its offsets point into other records"),
        then.recreated(topics, new TopicIds(now)));
    now.remove("b");
    assertEquals(
        List.of(
            "topic 'b' is gone since the checkpoint (its id was "
                + new Uuid(1, 2)
                + "): the broker has no topic of this name"),
        then.gone(topics, new TopicIds(now)));
    assertEquals(List.of(), then.recreated(List.of("b", "c"), new TopicIds(now)), "not read");
    assertEquals(List.of(), then.gone(List.of("a"), new TopicIds(now)), "not read");
  }
}
