package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flink's REST interface, and so its web page, shows of a job's counters. */
final class RestCountersTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String READINGS = "inputs 5, rejected 1";
  private static final String SEQUENCES =
      "inputs 4, steps 3, rejected 1, opened 2, closed.end-of-input 2, predictions 3";

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @BeforeEach
  void writeInput() throws Exception {
    try (InputStream model = RestCountersTest.class.getResourceAsStream("/models/echo1.onnx")) {
      Files.write(
          folder.resolve("echo1.onnx"), Objects.requireNonNull(model, "echo1.onnx").readAllBytes());
    }
    Files.writeString(
        folder.resolve("in.csv"),
        """
        id,at,v
        a,1700000000000,1
        b,1700000000000,2
        a,1700000060000,3
        a,1700000120000,much
        ,1700000120000,4
        """);
  }

  @Test
  void areReadByPeople() throws Exception {
    PipelineJob job =
        PipelineJob.load(
            Files.writeString(
                folder.resolve("p.yaml"),
                """
                version: 1
                name: counted
                source: {file: {path: in.csv}, format: csv}
                observation: {series: id, timestamp: at, features: [v]}
                model: {onnx: echo1.onnx}
                emit: {on: step}
                sink: {predictions: {file: {path: out}}}
                """));
    try (TestCluster cluster = TestCluster.start(2)) {
      StreamExecutionEnvironment env = cluster.environment(job, new Configuration(), 2);
      job.define(env);
      URI jobUri =
          cluster.rest().resolve("/jobs/" + env.execute("counted").getJobID().toHexString());

      JsonNode all = get(jobUri + "/accumulators").get("user-task-accumulators");
      Map<String, String> ofJob = byName(all);
      assertEquals(READINGS, ofJob.get("readings"));
      assertEquals(SEQUENCES, ofJob.get("sequences"));
      assertEquals(
          "[1 x id: expected a series, found an empty text (first at in.csv:6)]",
          ofJob.get("readings.rejected"));
      assertEquals(
          "[1 x v: expected a finite number, found \"much\". A feature is a number: where words sta"
              + "nd for numbers, map them before, in the producer or in Flink SQL (first at in.csv:5)]",
          ofJob.get("sequences.rejected"));

      Map<String, String> ofVertices = new TreeMap<>();
      for (JsonNode vertex : get(jobUri.toString()).get("vertices")) {
        JsonNode own =
            get(jobUri + "/vertices/" + vertex.get("id").textValue() + "/accumulators")
                .get("user-accumulators");
        ofVertices.putAll(byName(own));
      }
      assertEquals(ofJob, ofVertices, "each is of one vertex");
    }
  }

  private static Map<String, String> byName(JsonNode accumulators) {
    Map<String, String> byName = new TreeMap<>();
    accumulators.forEach(
        one -> byName.put(one.get("name").textValue(), one.get("value").textValue()));
    return byName;
  }

  private JsonNode get(String uri) throws Exception {
    String body =
        http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString()).body();
    return JSON.readTree(body);
  }
}
