package io.unroll.job.pipeline;

import io.unroll.connectors.format.Format;
import io.unroll.job.describe.Found;
import io.unroll.job.describe.Key;
import io.unroll.job.describe.RootKeys;
import io.unroll.job.pipeline.ClientProperties.Client;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code sink:}. */
final class SinkSection {
  private static final String PLACE = "kafka: {topic} or file: {path}";

  private final Findings findings;
  private final Map<String, String> common;

  SinkSection(Findings findings, Map<String, String> common) {
    this.findings = findings;
    this.common = common;
  }

  /** The sink; null when something in it is wrong, which has been reported. */
  Pipeline.@Nullable Sink read(Section root, Pipeline.@Nullable Source source) {
    Value value = root.requireValue(RootKeys.SINK);
    Section section = value == null ? null : value.section();
    if (section == null) {
      return null;
    }
    Pipeline.Delivery delivery = section.of(SinkKeys.DELIVERY);
    Format format = section.of(SinkKeys.FORMAT);
    section.requireValue(SinkKeys.PREDICTIONS);
    Map<String, Pipeline.Output> outputs = new LinkedHashMap<>();
    for (Key<Pipeline.Output> name : SinkKeys.OUTPUTS) {
      Value place = section.value(name);
      Pipeline.Output output = place == null ? null : output(place, delivery);
      if (output != null) {
        outputs.put(name.name(), output);
      }
    }
    checkPlaces(outputs, source);
    Value evaluations = section.value(SinkKeys.EVALUATIONS);
    if (evaluations != null && !findings.isPlaced(RootKeys.EVALUATE.path())) {
      findings.mistake(
          evaluations.path(),
          "found without evaluate, expected it beside it: it says what is judged");
    }
    Pipeline.Output predictions = outputs.get("predictions");
    if (predictions == null) {
      return null;
    }
    return new Pipeline.Sink(
        delivery,
        format,
        predictions,
        outputs.get("sequences"),
        outputs.get("evaluations"),
        outputs.get("rejected"),
        outputs.get("late"));
  }

  private Pipeline.@Nullable Output output(Value value, Pipeline.Delivery delivery) {
    if (!value.isMap()) {
      value.mistake(PLACE);
      return null;
    }
    // All outputs share one place in the option table.
    Section section = new Value(findings, value.path(), "sink.OUTPUT", value.node()).section();
    Key<?> key = section == null ? null : section.exactlyOne(SinkKeys.KAFKA, SinkKeys.FILE);
    Section place = section == null || key == null ? null : section.section(key);
    if (key == null || place == null) {
      return null;
    }
    if (key.equals(SinkKeys.FILE)) {
      Path path = place.require(SinkKeys.PATH);
      return path == null ? null : new Pipeline.FileOutput(path);
    }
    Value topicValue = place.requireValue(SinkKeys.TOPIC);
    String topic = topicValue == null ? null : SourceSection.topic(topicValue);
    Map<String, String> properties =
        ClientProperties.merge(
            common,
            ClientProperties.read(findings, place.others(), Client.PRODUCER),
            Client.PRODUCER);
    ClientProperties.requireBroker(findings, place.path(), properties);
    new ProducerChecks(findings, place.path(), properties).check(delivery);
    return topic == null ? null : new Pipeline.KafkaOutput(topic, properties);
  }

  /** No two outputs in one folder, nothing beside predictions in its topic, no loop. */
  private void checkPlaces(Map<String, Pipeline.Output> outputs, Pipeline.@Nullable Source source) {
    Map<Path, String> folders = new LinkedHashMap<>();
    outputs.forEach(
        (name, output) -> {
          String path = "sink." + name;
          if (output instanceof Pipeline.FileOutput file) {
            String other = folders.putIfAbsent(file.path(), path);
            if (other != null) {
              findings.mistake(
                  path + ".file.path",
                  "found the folder of " + other + ", expected one folder for each output");
            }
            if (source != null
                && source.input() instanceof Pipeline.FileInput input
                && file.path().startsWith(input.path())) {
              findings.mistake(
                  path + ".file.path",
                  "found a folder in source.file.path, expected one outside of what is read");
            }
          } else if (output instanceof Pipeline.KafkaOutput topic) {
            if (source != null
                && source.input() instanceof Pipeline.KafkaInput input
                && input.topics().contains(topic.topic())
                && Clusters.same(input.properties(), topic.properties())) {
              findings.mistake(
                  path + ".kafka.topic",
                  "found "
                      + Found.quoted(topic.topic())
                      + ", which the source reads, expected another topic");
            }
            if (!name.equals("predictions")
                && outputs.get("predictions") instanceof Pipeline.KafkaOutput predictions
                && predictions.topic().equals(topic.topic())
                && Clusters.same(predictions.properties(), topic.properties())) {
              findings.mistake(
                  path + ".kafka.topic",
                  "found "
                      + Found.quoted(topic.topic())
                      + ", which sink.predictions writes, expected another topic");
            }
          }
        });
  }
}
