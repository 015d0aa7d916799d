package io.unroll.job.cli;

import io.unroll.connectors.kafka.EmbeddedBroker;
import io.unroll.connectors.kafka.TransactionalIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A pipeline from topic to topic that ends only when somebody stops it. */
record SubmittedWeather(EmbeddedBroker broker, Path folder, String name) {
  private static final Path MODEL =
      Path.of("../deploy/examples/models/weather-temperature-gru.onnx").toAbsolutePath();

  /** A day, and how often the predictions of a run must say so. (milliseconds) */
  private static final long DAY = 86_400_000L;

  /** Makes its topics. */
  SubmittedWeather create() throws InterruptedException {
    broker.createTopic(name + "-in", 1);
    broker.createTopic(name + "-out", 1);
    return this;
  }

  /** Days from {@code from} to {@code to}, without that one. */
  void produce(int from, int to) {
    broker.produce(
        name + "-in",
        IntStream.range(from, to)
            .mapToObj(
                day ->
                    "{\"series\":\"A\",\"timestamp\":"
                        + (1_325_376_000_000L + day * DAY)
                        + ",\"precipitation\":0,\"temp_max\":12,\"temp_min\":5,\"wind\":"
                        + day % 7
                        + "}")
            .toArray(String[]::new));
  }

  /** The inputs of the predictions that are committed. */
  List<String> predicted() {
    return broker.consumeText(name + "-out").stream()
        .map(line -> line.replaceAll(".*\"input\":\"[^@]*@([0-9]+)\".*", "$1"))
        .toList();
  }

  /** What {@link #predicted} must be. */
  static List<String> once(int inputs) {
    return IntStream.range(0, inputs).mapToObj(Integer::toString).toList();
  }

  /** Waits until so many predictions are committed. */
  void awaitPredictions(int count) throws InterruptedException {
    while (predicted().size() < count) {
      Thread.sleep(100);
    }
  }

  /** Leaves a transaction open, with a record in it, as a killed job does. */
  void leaveOpen() throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "transactional.id",
            TransactionalIds.ofPipeline(name, "").prefix() + "-0-1");
    KafkaProducer<byte[], byte[]> killed =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    killed.initTransactions();
    killed.beginTransaction();
    killed.send(new ProducerRecord<>(name + "-out", new byte[] {'!'})).get();
    killed.close(Duration.ZERO);
  }

  Path write() throws IOException {
    return write("");
  }

  Path write(String flink) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        version: 1
        name: %1$s
        kafka: {bootstrap.servers: "%2$s"}
        source:
          kafka: {topics: [%1$s-in], group.id: %1$s, start: earliest}
          format: json
        observation:
          series: series
          timestamp: timestamp
          features: [precipitation, temp_max, temp_min, wind]
        sequence: {idle-timeout: 7 d}
        model: {onnx: %3$s, outputs: [temp_max, temp_min]}
        sink:
          delivery: exactly-once
          predictions: {kafka: {topic: %1$s-out}}
        flink:
          execution.checkpointing.interval: 200 ms
        %4$s
        """
            .formatted(name, broker.bootstrapServers(), MODEL, flink));
  }
}
