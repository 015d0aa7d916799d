package io.unroll.connectors.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The transactional ids that a writer might have held at one moment, as a text that a run can keep
 * when it has ended: its own writers are gone by then. Where a later look finds no other ones,
 * nobody has taken an id since, which a writer that is alive does at every checkpoint.
 *
 * <p>The text is a version and a line for each id: cluster, id, state, producer, epoch, start.
 */
final class HeldTransactions {
  private static final String VERSION = "held transactions, version 1";

  /** More are not worth a file: a writer without input leaves one at each checkpoint. */
  private static final int MOST = 10_000;

  private final Set<String> lines = new TreeSet<>();

  /**
   * Adds what a look found.
   *
   * @param cluster Kafka's id of it: the first ids of two new clusters are alike
   */
  void add(String cluster, Transactions found) {
    for (Map.Entry<String, Transactions.Seen> entry : found.byId().entrySet()) {
      Transactions.Seen seen = entry.getValue();
      if (seen.held()) {
        lines.add(
            String.join(
                " ",
                cluster,
                entry.getKey(),
                seen.state().name(),
                Long.toString(seen.producer()),
                Integer.toString(seen.epoch()),
                seen.start().isPresent() ? Long.toString(seen.start().getAsLong()) : "-"));
      }
    }
  }

  /** For {@link #isWithin}; empty if there are too many. */
  Optional<String> text() {
    return lines.size() > MOST
        ? Optional.empty()
        : Optional.of(VERSION + "\n" + String.join("\n", lines) + "\n");
  }

  /** Whether {@code text} has all of them, just as they are. One of another version has none. */
  boolean isWithin(String text) {
    List<String> before = text.lines().toList();
    return !before.isEmpty()
        && before.get(0).equals(VERSION)
        && Set.copyOf(before).containsAll(lines);
  }
}
