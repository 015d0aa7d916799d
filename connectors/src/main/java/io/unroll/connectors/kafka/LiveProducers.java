package io.unroll.connectors.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Whether somebody else writes with the transactional ids of these sinks: another cluster, another
 * folder, another machine. A broker does not tell who is connected, so it is asked twice, and what
 * has moved in between was moved by somebody who is alive. What a killed writer left stands still.
 *
 * <p>Sinks without transactions have no ids: nobody can tell who else writes there.
 */
public final class LiveProducers implements AutoCloseable {
  private static final AnswerTimeout ANSWER_TIMEOUT = AnswerTimeout.SHORT;

  /** Looks within a window: whoever is alive is found after a part of it. */
  private static final int LOOKS = 10;

  private static final Duration MOST_BETWEEN_LOOKS = Duration.ofSeconds(5);

  private final List<Watched> sinks = new ArrayList<>();

  private record Watched(Admin admin, TransactionalIds ids) {}

  /** What the looks found. */
  public sealed interface Answer {
    /** Nobody else writes, as far as a window of that length can tell. */
    record Nobody() implements Answer {}

    /**
     * Somebody writes.
     *
     * @param transactionalId that moved between two looks
     */
    record Somebody(String transactionalId) implements Answer {}

    /**
     * No broker said.
     *
     * @param reason why not
     */
    record Unknown(String reason) implements Answer {}
  }

  private LiveProducers() {}

  /**
   * Looks at once and, if a writer may be alive, until the window has passed or one has been found.
   * Takes no time for ids that were never used, or that nobody has taken since {@code note}.
   *
   * @param note of {@link #note} when an earlier run of the same sinks had ended; empty without one
   * @param window longer than it takes a writer to begin another transaction: more than two
   *     checkpoint intervals
   * @param waiting runs once before it waits
   */
  public static Answer watch(
      List<KafkaSinkSettings> sinks, String note, Duration window, Runnable waiting)
      throws InterruptedException {
    try (LiveProducers live = of(sinks)) {
      Map<Watched, Transactions> first = live.look();
      if (first.values().stream().noneMatch(Transactions::mayBeAlive)) {
        return new Answer.Nobody();
      }
      if (!note.isEmpty() && held(first).isWithin(note)) {
        return new Answer.Nobody();
      }
      waiting.run();
      return live.await(first, window);
    } catch (ExecutionException | KafkaException e) {
      return new Answer.Unknown(ANSWER_TIMEOUT.reason(e));
    }
  }

  /**
   * One look, to be kept by a run whose own writers have ended, for the next {@link #watch}.
   *
   * @return a text of some lines; empty if no sink has transactions, no broker said, or the text
   *     would be long
   */
  public static Optional<String> note(List<KafkaSinkSettings> sinks) throws InterruptedException {
    try (LiveProducers live = of(sinks)) {
      return live.sinks.isEmpty() ? Optional.empty() : held(live.look()).text();
    } catch (ExecutionException | KafkaException e) {
      return Optional.empty(); // the next start looks twice
    }
  }

  private static HeldTransactions held(Map<Watched, Transactions> seen)
      throws ExecutionException, InterruptedException {
    HeldTransactions held = new HeldTransactions();
    for (Map.Entry<Watched, Transactions> sink : seen.entrySet()) {
      held.add(sink.getKey().admin.describeCluster().clusterId().get(), sink.getValue());
    }
    return held;
  }

  /**
   * One look.
   *
   * @return transactional ids with something in them that is neither committed nor aborted
   * @throws KafkaException if no broker said
   */
  public static List<String> open(List<KafkaSinkSettings> sinks) throws InterruptedException {
    try (LiveProducers live = of(sinks)) {
      return live.look().values().stream().flatMap(t -> t.open().stream()).sorted().toList();
    } catch (ExecutionException e) {
      throw new KafkaException(ANSWER_TIMEOUT.reason(e), e);
    }
  }

  private static LiveProducers of(List<KafkaSinkSettings> sinks) {
    LiveProducers live = new LiveProducers();
    try {
      for (KafkaSinkSettings sink : sinks) {
        String prefix = sink.transactionalIdPrefix();
        if (sink.delivery() == KafkaSinkSettings.Delivery.EXACTLY_ONCE && prefix != null) {
          live.sinks.add(
              new Watched(
                  Admin.create(ANSWER_TIMEOUT.quietClient(sink.properties())),
                  new TransactionalIds(prefix)));
        }
      }
      return live;
    } catch (KafkaException e) {
      live.close();
      throw e;
    }
  }

  private Map<Watched, Transactions> look() throws ExecutionException, InterruptedException {
    Map<Watched, Transactions> seen = new HashMap<>();
    for (Watched sink : sinks) {
      seen.put(sink, Transactions.look(sink.admin, sink.ids));
    }
    return seen;
  }

  private Answer await(Map<Watched, Transactions> first, Duration window)
      throws ExecutionException, InterruptedException {
    long pause = Math.min(window.dividedBy(LOOKS).toMillis(), MOST_BETWEEN_LOOKS.toMillis());
    long started = System.nanoTime();
    while (true) {
      boolean last = System.nanoTime() - started > window.toNanos();
      for (Map.Entry<Watched, Transactions> sink : first.entrySet()) {
        Watched watched = sink.getKey();
        Optional<String> moved =
            Transactions.look(watched.admin, watched.ids).newSince(sink.getValue());
        if (moved.isPresent()) {
          return new Answer.Somebody(moved.get());
        }
      }
      if (last) {
        return new Answer.Nobody();
      }
      Thread.sleep(pause);
    }
  }

  @Override
  public void close() {
    sinks.forEach(sink -> sink.admin.close(Duration.ZERO));
  }
}
