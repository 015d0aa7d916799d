package io.unroll.connectors.kafka;

import java.util.regex.Pattern;

/**
 * The transactional ids of one sink: {@code PREFIX-SUBTASK-NUMBER}, as Flink's sink makes them. Two
 * prefixes of which one begins with the other share no id: {@code unroll-prices-2-0-1} is of {@code
 * unroll-prices-2}, never of {@code unroll-prices}.
 *
 * @param prefix unique per sink and Kafka cluster
 */
public record TransactionalIds(String prefix) {
  private static final String NUMBERS = "-[0-9]+-[0-9]+";

  /**
   * The ids of a pipeline's sink. They are in its savepoints, so what they are made of never
   * changes.
   *
   * @param suffix tells the pipeline's sinks apart; empty for its first
   */
  public static TransactionalIds ofPipeline(String name, String suffix) {
    return new TransactionalIds("unroll-" + name + suffix);
  }

  /** Whether {@code id} is one of them. */
  boolean include(String id) {
    return id.startsWith(prefix) && id.substring(prefix.length()).matches(NUMBERS);
  }

  /** The same as a regular expression, which Java and the broker (RE2) read alike. */
  String expression() {
    return Pattern.compile("[^A-Za-z0-9_-]").matcher(prefix).replaceAll("\\\\$0") + NUMBERS;
  }
}
