package io.unroll.job.pipeline;

import io.unroll.job.describe.Found;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds the producer properties of one Kafka output against what its delivery needs. */
final class ProducerChecks {
  private static final String TRANSACTION_TIMEOUT = "transaction.timeout.ms";
  private static final String MAX_BLOCK = "max.block.ms";

  /** The broker's default for {@code transaction.max.timeout.ms}, and ours for the client's. */
  private static final long LONGEST_TRANSACTION_MILLIS = 15 * 60 * 1000L;

  /** The broker keeps this many batches of a producer to recognise a repeated one. */
  private static final long MOST_IN_FLIGHT = 5;

  /**
   * A task that is cancelled aborts its transaction, and waits so long for a broker that does not
   * answer. Flink ends a TaskManager, with everybody's jobs, when a task has not ended after 180 s
   * ({@code task.cancellation.timeout}).
   */
  private static final long LONGEST_BLOCK_MILLIS = 2 * 60 * 1000L;

  private final Findings findings;
  private final String path;
  private final Map<String, String> properties;

  /**
   * @param path of the output's {@code kafka} map
   */
  ProducerChecks(Findings findings, String path, Map<String, String> properties) {
    this.findings = findings;
    this.path = path;
    this.properties = properties;
  }

  void check(Pipeline.Delivery delivery) {
    if (delivery == Pipeline.Delivery.EXACTLY_ONCE) {
      String acks = properties.get("acks");
      if (acks != null && !Set.of("all", "-1").contains(acks)) {
        wrong("acks", acks, "all: sink.delivery is exactly-once");
      }
      if ("false".equals(properties.get("enable.idempotence"))) {
        wrong("enable.idempotence", "false", "true: sink.delivery is exactly-once");
      }
      if ("0".equals(properties.get("retries"))) {
        wrong("retries", "0", "more than 0: sink.delivery is exactly-once");
      }
      Long inFlight = number(properties.get("max.in.flight.requests.per.connection"));
      if (inFlight != null && inFlight > MOST_IN_FLIGHT) {
        wrong(
            "max.in.flight.requests.per.connection",
            inFlight.toString(),
            "at most " + MOST_IN_FLIGHT + ": sink.delivery is exactly-once");
      }
    }
    block();
    long timeout = transactionMillis(properties);
    if (timeout > LONGEST_TRANSACTION_MILLIS) {
      findings.warning(
          keyOf(TRANSACTION_TIMEOUT),
          "found "
              + timeout
              + ", expected at most "
              + LONGEST_TRANSACTION_MILLIS
              + " unless the broker's transaction.max.timeout.ms was raised");
    }
  }

  private void block() {
    Long block = number(properties.get(MAX_BLOCK));
    if (block != null && block > LONGEST_BLOCK_MILLIS) {
      findings.warning(
          keyOf(MAX_BLOCK),
          "found "
              + block
              + ", expected at most "
              + LONGEST_BLOCK_MILLIS
              + ": a task that is cancelled waits so long for its broker, and Flink ends the"
              + " TaskManager of one that has not ended after 180 s");
    }
  }

  /** The transaction timeout of an output, by default 15 min; 0 when it is no number. */
  static long transactionMillis(Map<String, String> properties) {
    String text = properties.get(TRANSACTION_TIMEOUT);
    Long millis = text == null ? Long.valueOf(LONGEST_TRANSACTION_MILLIS) : number(text);
    return millis == null ? 0 : millis;
  }

  private static @Nullable Long number(@Nullable String text) {
    return text != null && text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
  }

  private void wrong(String property, String found, String expected) {
    String key = keyOf(property);
    if (!findings.isWrong(key)) {
      findings.mistake(key, "found " + Found.quoted(found) + ", expected " + expected);
    }
  }

  /** Where the property was written: at the output, or in the common map. */
  private String keyOf(String property) {
    String own = path + "." + property;
    return findings.isPlaced(own) ? own : "kafka." + property;
  }
}
