package io.unroll.bench.table;

import static io.unroll.bench.kafka.KafkaSpec.EVENTS;

import io.unroll.bench.fork.Arm;
import io.unroll.bench.fork.ForkedJvm;
import io.unroll.bench.fork.MeasurementException;
import io.unroll.bench.fork.Plan;
import io.unroll.bench.fork.Results;
import io.unroll.bench.kafka.BrokerRun;
import io.unroll.bench.kafka.KafkaSpec;
import io.unroll.bench.kafka.Topics;
import io.unroll.bench.report.Report;
import io.unroll.bench.report.TextTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Kafka to Kafka, JSON, exactly-once: ours against the same job without the model. */
@Command(
    name = "kafka",
    description = "events/s from Kafka to Kafka, exactly-once: ours and the job without the model",
    mixinStandardHelpOptions = true)
public final class KafkaTable extends Table {
  private static final int NEURONS = 64;
  private static final int HEAP_MEGABYTES = 3072;
  private static final int BROKER_MEGABYTES = 1024;
  private static final String OURS = "kafka lstm64 ours";
  private static final String WITHOUT = "kafka without model";

  /** More than any job here takes in a second, so that the input does not end in a window. */
  private static final double MOST_PER_SECOND = 250_000;

  /** A broker that has served no transaction yet would be a burden of the first row alone. */
  private static final double WARMING_SECONDS = 1;

  private final AtomicInteger runs = new AtomicInteger();
  private @Nullable String bootstrapServers;
  private @Nullable Topics topics;

  @Override
  String name() {
    return "kafka";
  }

  @Override
  Quick quick() {
    return new Quick(1, 4, 3);
  }

  @Override
  Surroundings prepare(Plan plan, PrintWriter progress)
      throws MeasurementException, InterruptedException {
    if (!peers()) {
      throw new MeasurementException("no broker: build with the Maven profile 'peers'");
    }
    progress.println("starting a broker");
    progress.flush();
    ForkedJvm broker =
        ForkedJvm.start(
            "broker", plan.folder(), BROKER_MEGABYTES, ForkedJvm.deadline(0), BrokerRun.class);
    bootstrapServers = broker.result();
    Topics made = new Topics(bootstrapServers);
    topics = made;
    progress.println("filling the topic with " + records(plan) + " observations");
    progress.flush();
    made.fill(records(plan));
    progress.println("warming the broker with a run that does not count");
    progress.flush();
    measure(plan, "warming", false, WARMING_SECONDS, WARMING_SECONDS);
    return () -> {
      made.close();
      broker.close();
    };
  }

  private static long records(Plan plan) {
    return Math.round((plan.warmSeconds() + plan.seconds() + 1) * MOST_PER_SECOND);
  }

  @Override
  List<Arm> arms(Plan plan) {
    return List.of(
        new Arm(
            WITHOUT,
            plan.forks(),
            () -> measure(plan, WITHOUT, false, plan.warmSeconds(), plan.seconds())),
        new Arm(
            OURS,
            plan.forks(),
            () -> measure(plan, OURS, true, plan.warmSeconds(), plan.seconds())));
  }

  private Map<String, Double> measure(
      Plan plan, String row, boolean model, double warmSeconds, double seconds)
      throws MeasurementException, InterruptedException {
    if (topics == null || bootstrapServers == null) {
      throw new IllegalStateException("prepare has not run");
    }
    String output = "predictions-" + runs.incrementAndGet();
    topics.create(output);
    try {
      return new KafkaSpec(
              model,
              NEURONS,
              kernel(),
              bootstrapServers,
              output,
              records(plan),
              warmSeconds,
              seconds,
              Math.min(2, seconds / 2))
          .measure(row, plan.folder(), HEAP_MEGABYTES);
    } finally {
      topics.delete(output);
    }
  }

  @Override
  void report(Results results, Report report) {
    TextTable table =
        new TextTable(
            "kafka: one partition to one partition, JSON, exactly-once, one slot, medians",
            List.of("", "events/s"));
    table.row(List.of("without the model", results.cell(WITHOUT, EVENTS)));
    table.row(List.of("ours, lstm64 and two outputs", results.cell(OURS, EVENTS)));
    report.table(table);
    results.ratio(report, "kafka.lstm64", OURS, WITHOUT, EVENTS);
  }
}
