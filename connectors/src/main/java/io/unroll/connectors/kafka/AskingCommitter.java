package io.unroll.connectors.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's committer, and before it a question to the broker where a job goes on from a checkpoint:
 * most of what that says is to be committed was committed before the job ended. Flink's committer
 * would try again, and take a refusal for a loss.
 *
 * <p>What is lost is said here: a transaction that the broker has aborted, or that Flink's
 * committer could not commit. Where the broker does not say, Flink's committer tries.
 */
final class AskingCommitter implements Committer<KafkaCommittable> {
  private static final Logger LOG = LoggerFactory.getLogger(AskingCommitter.class);
  private static final AnswerTimeout ANSWER_TIMEOUT = AnswerTimeout.SHORT;

  private final Committer<KafkaCommittable> committer;
  private final Map<String, String> properties;
  private int lost;

  /**
   * @param committer is closed with this
   * @param properties of the producer
   */
  AskingCommitter(Committer<KafkaCommittable> committer, Map<String, String> properties) {
    this.committer = committer;
    this.properties = properties;
  }

  @Override
  public void commit(Collection<CommitRequest<KafkaCommittable>> requests)
      throws IOException, InterruptedException {
    List<CommitRequest<KafkaCommittable>> recovered =
        requests.stream().filter(one -> one.getCommittable().getProducer().isEmpty()).toList();
    Map<KafkaCommittable, TransactionOutcome> fates = ask(recovered);
    List<CommitRequest<KafkaCommittable>> open = new ArrayList<>();
    List<Failed> failed = new ArrayList<>();
    for (CommitRequest<KafkaCommittable> request : requests) {
      switch (fates.getOrDefault(request.getCommittable(), TransactionOutcome.OPEN)) {
        case COMMITTED -> committed(request);
        case ABORTED -> lost(request, aborted());
        case OPEN, UNKNOWN ->
            open.add(new Heard(request, reason -> failed.add(new Failed(request, reason))));
      }
    }
    committer.commit(open);
    settle(failed);
  }

  /** What Flink's committer has given up, and has not told the job of yet. */
  private record Failed(CommitRequest<KafkaCommittable> request, Throwable reason) {}

  private void settle(List<Failed> failed) throws InterruptedException {
    Map<KafkaCommittable, TransactionOutcome> fates =
        ask(failed.stream().map(Failed::request).toList());
    for (Failed one : failed) {
      switch (fates.getOrDefault(one.request.getCommittable(), TransactionOutcome.UNKNOWN)) {
        case COMMITTED -> committed(one.request);
        case ABORTED -> lost(one.request, aborted());
        case OPEN, UNKNOWN -> lost(one.request, one.reason);
      }
    }
  }

  /** Nothing of those of which the broker does not say anything. */
  private Map<KafkaCommittable, TransactionOutcome> ask(
      List<CommitRequest<KafkaCommittable>> requests) throws InterruptedException {
    if (requests.isEmpty()) {
      return Map.of();
    }
    try (Admin admin = Admin.create(ANSWER_TIMEOUT.client(properties))) {
      return TransactionOutcome.ask(
          admin, requests.stream().map(CommitRequest::getCommittable).toList());
    } catch (ExecutionException | KafkaException e) {
      LOG.warn(
          "what became of transactions to be committed is not known: {}", ANSWER_TIMEOUT.reason(e));
      return Map.of();
    }
  }

  private static void committed(CommitRequest<KafkaCommittable> request) {
    LOG.info("transaction '{}' had been committed already: nothing is lost", id(request));
    request.signalAlreadyCommitted();
  }

  private Throwable aborted() {
    return new TransactionAbortedException(
        "its broker has aborted it, as it does with what is open for longer than"
            + " transaction.timeout.ms ("
            + properties.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)
            + ") or is open when another writer takes the same id");
  }

  private void lost(CommitRequest<KafkaCommittable> request, Throwable reason) {
    lost++;
    LOG.error(
        "transaction '{}' cannot be committed, what was written in it is lost: {} (number {} since"
            + " this task started)",
        id(request),
        reason.getMessage(),
        lost);
    request.signalFailedWithKnownReason(reason);
  }

  private static String id(CommitRequest<KafkaCommittable> request) {
    return request.getCommittable().getTransactionalId();
  }

  @Override
  public void close() {
    Closing.quietly(committer, "committer");
  }

  /** A request of which we hear when it fails, before the job does. */
  private record Heard(CommitRequest<KafkaCommittable> request, Consumer<Throwable> failed)
      implements CommitRequest<KafkaCommittable> {

    @Override
    public KafkaCommittable getCommittable() {
      return request.getCommittable();
    }

    @Override
    public int getNumberOfRetries() {
      return request.getNumberOfRetries();
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
      failed.accept(reason);
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
      request.signalFailedWithUnknownReason(reason);
    }

    @Override
    public void retryLater() {
      request.retryLater();
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable committable) {
      request.updateAndRetryLater(committable);
    }

    @Override
    public void signalAlreadyCommitted() {
      request.signalAlreadyCommitted();
    }
  }
}
