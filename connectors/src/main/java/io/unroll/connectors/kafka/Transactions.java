package io.unroll.connectors.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * What a broker knows of a sink's transactional ids at one moment.
 *
 * <p>A writer that is alive holds an id on which it began nothing yet ({@code Empty}) or something
 * ({@code Ongoing}), and takes the next one at every checkpoint, also when it has nothing to write.
 * Ids that a writer left behind stand still; the broker forgets them after a week. It aborts what
 * is open too long by itself, so an abort is no sign of life.
 *
 * @param byId what is known, by transactional id
 */
record Transactions(Map<String, Seen> byId) {
  /** Ids in one request for details. */
  private static final int AT_ONCE = 1000;

  /**
   * An id.
   *
   * @param epoch counts the producers that had it; -1 where no details were asked for
   * @param start when what is open was begun, epoch milliseconds
   */
  record Seen(TransactionState state, long producer, int epoch, OptionalLong start) {
    /** Whether a living writer may hold it. */
    boolean held() {
      return state == TransactionState.EMPTY || state == TransactionState.ONGOING;
    }

    boolean committed() {
      return state == TransactionState.PREPARE_COMMIT || state == TransactionState.COMPLETE_COMMIT;
    }

    /** Whether only a writer that is alive makes this of {@code before}. */
    boolean movedSince(Seen before) {
      return held()
          ? !equals(before)
          : committed() && !(before.committed() && producer == before.producer);
    }
  }

  /** Asks all brokers. */
  static Transactions look(Admin admin, TransactionalIds ids)
      throws ExecutionException, InterruptedException {
    Map<String, Seen> byId = new TreeMap<>();
    for (TransactionListing listing : list(admin, ids)) {
      if (ids.include(listing.transactionalId())) {
        byId.put(
            listing.transactionalId(),
            new Seen(listing.state(), listing.producerId(), -1, OptionalLong.empty()));
      }
    }
    // A sink without input leaves an id per checkpoint: only those that may be held are worth it.
    List<String> held =
        byId.entrySet().stream().filter(e -> e.getValue().held()).map(Map.Entry::getKey).toList();
    for (int from = 0; from < held.size(); from += AT_ONCE) {
      byId.putAll(describe(admin, held.subList(from, Math.min(held.size(), from + AT_ONCE))));
    }
    return new Transactions(byId);
  }

  private static Collection<TransactionListing> list(Admin admin, TransactionalIds ids)
      throws ExecutionException, InterruptedException {
    try {
      return admin
          .listTransactions(
              new ListTransactionsOptions().filterOnTransactionalIdPattern(ids.expression()))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnsupportedVersionException)) {
        throw e;
      }
      return admin.listTransactions().all().get(); // a broker before 4.1 names those of everybody
    }
  }

  /** Details of ids; those that the broker does not know are left out. */
  static Map<String, Seen> describe(Admin admin, List<String> ids)
      throws ExecutionException, InterruptedException {
    Map<String, Seen> described = new HashMap<>();
    var asked = admin.describeTransactions(ids);
    for (String id : ids) {
      try {
        TransactionDescription found = asked.description(id).get();
        described.put(
            id,
            new Seen(
                found.state(),
                found.producerId(),
                found.producerEpoch(),
                found.transactionStartTimeMs()));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TransactionalIdNotFoundException)) { // just forgotten
          throw e;
        }
      }
    }
    return described;
  }

  /** Whether a writer may be alive at all. */
  boolean mayBeAlive() {
    return byId.values().stream().anyMatch(Seen::held);
  }

  /** The ids with something in them that is neither committed nor aborted. */
  List<String> open() {
    return byId.entrySet().stream()
        .filter(e -> e.getValue().state() == TransactionState.ONGOING)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** An id that tells of a writer which was alive after {@code earlier}, if there is one. */
  Optional<String> newSince(Transactions earlier) {
    return byId.entrySet().stream()
        .filter(e -> isNew(e.getValue(), earlier.byId.get(e.getKey())))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean isNew(Seen now, @Nullable Seen before) {
    return before == null ? now.held() || now.committed() : now.movedSince(before);
  }
}
