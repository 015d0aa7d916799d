package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * What the jar for a cluster holds: a package that is not on this list is a dependency that nobody
 * decided on.
 */
final class ShadedJarITCase {
  private static final List<String> ALLOWED =
      List.of(
          "io/unroll/",
          "org/ejml/",
          "pabeles/concurrency/", // EJML's
          "ai/onnx/proto/",
          "org/tribuo/util/onnx/",
          "com/google/protobuf/",
          "com/fasterxml/jackson/",
          "picocli/",
          "org/snakeyaml/engine/",
          "org/apache/flink/connector/kafka/",
          "org/apache/flink/streaming/connectors/kafka/",
          "org/apache/flink/streaming/util/serialization/", // the Kafka connector's
          "org/apache/kafka/",
          "org/apache/commons/lang3/", // the Kafka connector's
          "org/xerial/snappy/", // kafka-clients' compression
          "net/jpountz/",
          "com/github/luben/zstd/");

  @Test
  void holdsOnlyWhatIsAllowed() throws IOException {
    Set<String> others = new TreeSet<>();
    Set<String> modules = new TreeSet<>();
    try (JarFile jar = new JarFile(Path.of("target/unroll-job.jar").toFile())) {
      jar.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
          .forEach(
              name -> {
                if (ALLOWED.stream().noneMatch(name::startsWith)) {
                  others.add(name.substring(0, Math.max(0, name.lastIndexOf('/'))));
                }
                if (name.startsWith("io/unroll/")) {
                  modules.add(name.split("/", -1)[2]);
                }
              });
      assertEquals(
          "io.unroll.job.cli.Main", jar.getManifest().getMainAttributes().getValue("Main-Class"));
    }
    assertEquals(Set.of(), others);
    assertEquals(Set.of("connectors", "job", "model"), modules);
  }
}
