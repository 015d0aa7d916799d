package io.unroll.job;

import io.unroll.connectors.kafka.KafkaSinkSettings;
import io.unroll.job.describe.Found;
import io.unroll.job.pipeline.Clusters;
import io.unroll.job.pipeline.Pipeline;
import io.unroll.job.pipeline.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.jspecify.annotations.Nullable;

/**
 * Holds two pipelines of one job against each other: names, and what both would write to. Two may
 * read one topic or file.
 */
final class Neighbours {
  private static final String NAME = "name";
  private static final String GROUP = "source.kafka.group.id";

  private final PipelineJob before;
  private final PipelineJob job;
  private final List<Problem> mistakes = new ArrayList<>();

  private Neighbours(PipelineJob before, PipelineJob job) {
    this.before = before;
    this.job = job;
  }

  /** What is wrong with {@code job} beside one that was named before it. */
  static List<Problem> mistakes(PipelineJob before, PipelineJob job) {
    Neighbours both = new Neighbours(before, job);
    both.names();
    both.groups();
    both.outputs();
    return both.mistakes;
  }

  private void names() {
    String name = job.pipeline().name();
    if (name.equals(before.pipeline().name())) {
      wrong(
          NAME,
          Found.quoted(name),
          "another name than " + at(NAME) + ": state, counters and transactions belong to a name");
    } else if (!Collections.disjoint(uids(before), uids(job)) || sharesTransactions()) {
      wrong(
          NAME,
          Found.quoted(name),
          "a name from which no uid and no transactional id is made that "
              + at(NAME)
              + " has from "
              + Found.quoted(before.pipeline().name())
              + " already");
    }
  }

  /** By which a savepoint finds its state. */
  private static Set<String> uids(PipelineJob job) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(job.configuration(new Configuration()));
    job.define(env);
    Set<String> uids = new HashSet<>();
    for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
      uids.add(node.getTransformationUID());
    }
    return uids;
  }

  private boolean sharesTransactions() {
    for (KafkaSinkSettings sink : job.kafkaSinks()) {
      for (KafkaSinkSettings other : before.kafkaSinks()) {
        if (sink.delivery() == KafkaSinkSettings.Delivery.EXACTLY_ONCE
            && other.delivery() == KafkaSinkSettings.Delivery.EXACTLY_ONCE
            && Objects.equals(sink.transactionalIdPrefix(), other.transactionalIdPrefix())
            && Clusters.same(sink.properties(), other.properties())) {
          return true;
        }
      }
    }
    return false;
  }

  private void groups() {
    if (job.pipeline().source().input() instanceof Pipeline.KafkaInput input
        && before.pipeline().source().input() instanceof Pipeline.KafkaInput other
        && input.groupId().equals(other.groupId())
        && Clusters.same(input.properties(), other.properties())) {
      wrong(
          GROUP,
          Found.quoted(input.groupId()),
          "another group than "
              + at(GROUP)
              + ": each would overwrite the offsets that the other commits");
    }
  }

  private void outputs() {
    Map<String, Pipeline.Output> others = named(before.pipeline().sink());
    named(job.pipeline().sink())
        .forEach(
            (name, output) -> {
              others.forEach((otherName, other) -> compare(name, output, otherName, other));
              readBy(name, output, before, job);
            });
    others.forEach((name, output) -> readBy(name, output, job, before));
  }

  private void compare(
      String name, Pipeline.Output output, String otherName, Pipeline.Output other) {
    if (output instanceof Pipeline.FileOutput folder && folder.equals(other)) {
      wrong(
          "sink." + name + ".file.path",
          "the folder " + Found.path(folder.path()),
          "another one than " + at("sink." + otherName + ".file.path"));
    } else if (output instanceof Pipeline.KafkaOutput topic
        && other instanceof Pipeline.KafkaOutput otherTopic
        && topic.topic().equals(otherTopic.topic())
        && Clusters.same(topic.properties(), otherTopic.properties())) {
      wrong(
          "sink." + name + ".kafka.topic",
          Found.quoted(topic.topic()),
          "another topic than " + at("sink." + otherName + ".kafka.topic"));
    }
  }

  /** A folder is listed when a run starts: what is written into it meanwhile would be lost. */
  private void readBy(String name, Pipeline.Output output, PipelineJob reader, PipelineJob writer) {
    if (output instanceof Pipeline.FileOutput folder
        && reader.pipeline().source().input() instanceof Pipeline.FileInput input
        && folder.path().startsWith(input.path())) {
      String key = "sink." + name + ".file.path";
      mistakes.add(
          writer
              .pipeline()
              .places()
              .problem(
                  key,
                  "found the folder "
                      + Found.path(folder.path())
                      + ", expected one outside of what "
                      + reader.pipeline().places().of("source.file.path")
                      + " reads: a folder is listed when a run starts"));
    }
  }

  private static Map<String, Pipeline.Output> named(Pipeline.Sink sink) {
    Map<String, Pipeline.Output> named = new LinkedHashMap<>();
    put(named, "predictions", sink.predictions());
    put(named, "sequences", sink.sequences());
    put(named, "evaluations", sink.evaluations());
    put(named, "rejected", sink.rejected());
    put(named, "late", sink.late());
    return named;
  }

  private static void put(
      Map<String, Pipeline.Output> named, String name, Pipeline.@Nullable Output output) {
    if (output != null) {
      named.put(name, output);
    }
  }

  private String at(String key) {
    return "in " + before.pipeline().places().of(key);
  }

  private void wrong(String key, String found, String expected) {
    mistakes.add(job.pipeline().places().problem(key, "found " + found + ", expected " + expected));
  }
}
