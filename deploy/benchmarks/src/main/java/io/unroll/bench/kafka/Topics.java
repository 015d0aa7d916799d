package io.unroll.bench.kafka;

import io.unroll.bench.fork.MeasurementException;
import io.unroll.bench.network.Networks;
import io.unroll.bench.peer.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topics of a broker: one filled beforehand, one for each run's output. */
public final class Topics implements AutoCloseable {
  /** Filled by {@link #fill}. */
  public static final String INPUT = "observations";

  private static final int SERIES = 10_000;

  private final String bootstrapServers;
  private final Admin admin;

  public Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers));
  }

  /** Makes a topic of one partition. */
  public void create(String topic) throws MeasurementException, InterruptedException {
    try {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new MeasurementException("creating topic " + topic, e);
    }
  }

  /** Deletes a topic. */
  public void delete(String topic) throws MeasurementException, InterruptedException {
    try {
      admin.deleteTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new MeasurementException("deleting topic " + topic, e);
    }
  }

  /** Makes the input and fills it with that many observations of 10 000 series, at random. */
  public void fill(long records) throws MeasurementException, InterruptedException {
    create(INPUT);
    Random random = new Random(1);
    float[] features = Networks.inputs(Shape.INPUTS * 1024);
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "1",
            "linger.ms",
            "20",
            "batch.size",
            "262144");
    AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
    Future<?> last = null;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      StringBuilder json = new StringBuilder();
      for (long i = 0; i < records; i++) {
        String series = String.format("sensor-%07d", random.nextInt(SERIES));
        json.setLength(0);
        json.append("{\"series\":\"").append(series).append('"');
        json.append(",\"timestamp\":").append(1_700_000_000_000L + i);
        int at = (int) (i & 1023) * Shape.INPUTS;
        for (int f = 0; f < Shape.INPUTS; f++) {
          json.append(",\"x").append(f).append("\":").append(features[at + f]);
        }
        byte[] value = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        last =
            producer.send(
                new ProducerRecord<>(INPUT, 0, series.getBytes(StandardCharsets.UTF_8), value),
                (written, e) -> {
                  if (e != null) {
                    failed.compareAndSet(null, e);
                  }
                });
      }
      producer.flush();
      if (last != null) {
        last.get();
      }
    } catch (ExecutionException e) {
      throw new MeasurementException("filling topic " + INPUT, e);
    }
    if (failed.get() != null) {
      throw new MeasurementException("filling topic " + INPUT, failed.get());
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
