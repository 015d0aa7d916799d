package io.unroll.connectors.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * How long a broker may take to answer a question, and what is said when it takes longer.
 *
 * @param most for one question
 */
public record AnswerTimeout(Duration most) {
  /** Somebody waits for the answer: a person, or a task that has failed or goes on. */
  public static final AnswerTimeout SHORT = new AnswerTimeout(Duration.ofSeconds(10));

  /** A task of a job starts, beside many others. */
  public static final AnswerTimeout AT_START = new AnswerTimeout(Duration.ofMinutes(1));

  /** The log configuration of embedded runs knows it: a dead broker is told in one line. */
  private static final String CLIENT_ID = "unroll-check";

  /** Properties of a client that waits no longer, for an answer or for a connection. */
  public Map<String, Object> client(Map<String, String> properties) {
    Map<String, Object> client = new HashMap<>(properties);
    client.put("default.api.timeout.ms", Long.toString(most.toMillis()));
    client.put("request.timeout.ms", Long.toString(most.toMillis()));
    return client;
  }

  /** As {@link #client}, of a client whose failures are told by whoever asks, not by the log. */
  public Map<String, Object> quietClient(Map<String, String> properties) {
    Map<String, Object> client = client(properties);
    client.put("client.id", CLIENT_ID);
    return client;
  }

  /** Why there is no answer, in a few words. */
  public String reason(Exception failure) {
    Throwable cause = failure.getCause() != null ? failure.getCause() : failure;
    return cause instanceof TimeoutException
        ? "no answer within " + most.toSeconds() + " s"
        : String.valueOf(cause.getMessage());
  }
}
