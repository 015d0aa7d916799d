package io.unroll.connectors.kafka;

import io.unroll.connectors.kafka.Transactions.Seen;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a transaction that is to be committed, as far as its broker still knows.
 *
 * <p>A broker of Kafka 4 gives the producer another epoch at the end of each transaction (KIP-890):
 * who commits again, with the epoch of a checkpoint, is refused as if somebody else had taken the
 * id. So the answer to a commit does not tell whether anything is lost, and this does.
 */
enum TransactionOutcome {
  /** It can be committed. */
  OPEN,
  /** It was committed: a job that ended before its next checkpoint does not know. */
  COMMITTED,
  /** It was aborted, by the broker or by another writer: its records are lost. */
  ABORTED,
  /** The id belongs to a later transaction or producer, or the broker has forgotten it. */
  UNKNOWN;

  /** The broker's feature by which the end of a transaction changes the epoch, from level 2. */
  private static final String FEATURE = "transaction.version";

  private static final int CHANGES_EPOCH = 2;

  /**
   * Asks a broker.
   *
   * @return {@link #OPEN} for all of them where the broker is too old for the question
   */
  static Map<KafkaCommittable, TransactionOutcome> ask(
      Admin admin, Collection<KafkaCommittable> wanted)
      throws ExecutionException, InterruptedException {
    List<String> ids =
        wanted.stream().map(KafkaCommittable::getTransactionalId).distinct().toList();
    Map<KafkaCommittable, TransactionOutcome> fates = new HashMap<>();
    try {
      boolean changesEpoch = changesEpoch(admin);
      Map<String, Seen> seen = Transactions.describe(admin, ids);
      wanted.forEach(
          one -> fates.put(one, of(one, seen.get(one.getTransactionalId()), changesEpoch)));
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnsupportedVersionException)) { // before Kafka 3.0
        throw e;
      }
      wanted.forEach(one -> fates.put(one, OPEN));
    }
    return fates;
  }

  private static boolean changesEpoch(Admin admin) throws ExecutionException, InterruptedException {
    var level = admin.describeFeatures().featureMetadata().get().finalizedFeatures().get(FEATURE);
    return level != null && level.maxVersionLevel() >= CHANGES_EPOCH;
  }

  /**
   * By what a broker says of its id.
   *
   * @param seen null where it has no such id
   * @param changesEpoch whether the end of a transaction changes the epoch
   */
  static TransactionOutcome of(KafkaCommittable wanted, @Nullable Seen seen, boolean changesEpoch) {
    if (seen == null || seen.producer() != wanted.getProducerId()) {
      return UNKNOWN;
    }
    int later = seen.epoch() - wanted.getEpoch();
    return switch (seen.state()) {
      case ONGOING -> later == 0 ? OPEN : UNKNOWN;
      // Without a change of epochs, a commit in the next one is another writer's.
      case PREPARE_COMMIT, COMPLETE_COMMIT ->
          later == 0 || (later == 1 && changesEpoch) ? COMMITTED : UNKNOWN;
      // The broker takes the transaction from its writer by a new epoch, and may end it in another.
      case PREPARE_ABORT, COMPLETE_ABORT, PREPARE_EPOCH_FENCE ->
          later >= 0 && later <= 2 ? ABORTED : UNKNOWN;
      case EMPTY, UNKNOWN -> TransactionOutcome.UNKNOWN;
    };
  }
}
