package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** What is said of a failure that names no topic. */
final class SentRecordsTest {
  private final SentRecords sent =
      new SentRecords(new TopicLimitsReader(Map.of(), AnswerTimeout.SHORT));

  private void add(String topic) {
    OutboundRecord record = new OutboundRecord();
    record.topic = topic;
    record.value = new byte[] {1};
    sent.add(record);
  }

  /** A producer that was refused a record refuses the next one before Flink says where it was. */
  private String said() throws InterruptedException {
    return String.valueOf(
        sent.explained(
                new KafkaException(
                    "Cannot execute transactional method because we are in an error state",
                    new KafkaException("invalid timestamp")))
            .getMessage());
  }

  @Test
  void theOnlyTopicIsNamed() throws InterruptedException {
    add("a");
    add("a");
    assertEquals("topic 'a': invalid timestamp", said());
  }

  @Test
  void noneOfSeveralIsGuessed() throws InterruptedException {
    add("a");
    add("b");
    assertEquals("a Kafka topic: invalid timestamp", said());
  }
}
