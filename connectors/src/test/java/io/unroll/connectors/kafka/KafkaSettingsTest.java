package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.connectors.kafka.KafkaSinkSettings.Delivery;
import io.unroll.connectors.kafka.KafkaSourceSettings.Start;
import io.unroll.connectors.kafka.KafkaSourceSettings.Stop;
import io.unroll.connectors.record.Rejected;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {

  private static final Map<String, String> SERVER = Map.of("bootstrap.servers", "127.0.0.1:1");

  private static String refusal(Runnable attempt) {
    return assertThrows(IllegalArgumentException.class, attempt::run).getMessage();
  }

  private static KafkaSourceSettings source(
      List<String> topics, String group, Map<String, String> properties) {
    return new KafkaSourceSettings(topics, group, Start.EARLIEST, Stop.NEVER, properties);
  }

  @Test
  void aSourceNeedsTopicsAGroupAndABroker() {
    assertEquals(
        "topics: found none, expected at least one", refusal(() -> source(List.of(), "g", SERVER)));
    assertEquals(
        "group.id: found an empty text, expected a name",
        refusal(() -> source(List.of("t"), "", SERVER)));
    assertEquals(
        "bootstrap.servers: found nothing, expected host:port",
        refusal(() -> source(List.of("t"), "g", Map.of())));
  }

  @Test
  void whatTheJobSetsIsRefused() {
    for (String owned : KafkaObservations.ownedSourceProperties()) {
      assertEquals(
          owned + ": found 'x', expected nothing: the job sets it",
          refusal(
              () ->
                  source(
                      List.of("t"), "g", Map.of("bootstrap.servers", "127.0.0.1:1", owned, "x"))));
    }
    for (String owned : KafkaOutputs.ownedSinkProperties()) {
      assertEquals(
          owned + ": found 'x', expected nothing: the job sets it",
          refusal(
              () ->
                  new KafkaSinkSettings(
                      Delivery.AT_LEAST_ONCE,
                      null,
                      Map.of("bootstrap.servers", "127.0.0.1:1", owned, "x"))));
    }
  }

  @Test
  void exactlyOnceNeedsAPrefix() {
    assertEquals(
        "transactional id prefix: found none, expected one for exactly-once delivery",
        refusal(() -> new KafkaSinkSettings(Delivery.EXACTLY_ONCE, null, SERVER)));
  }

  @Test
  void aRejectedRecordNeedsItsRawRecord() {
    Rejected rejected = new Rejected();
    rejected.input = "w/0@1";
    assertEquals(
        "rejected record w/0@1: found no raw record, expected one to send",
        refusal(() -> KafkaOutputs.rejected("dead", rejected)));
  }
}
