package io.unroll.job.pipeline;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which Kafka cluster a client's properties are of. */
public final class Clusters {
  private static final String SERVERS = "bootstrap.servers";

  private Clusters() {}

  /** Whether both name one server at least: each list is only where a client begins to ask. */
  public static boolean same(Map<String, String> a, Map<String, String> b) {
    return !Collections.disjoint(servers(a), servers(b));
  }

  private static Set<String> servers(Map<String, String> properties) {
    return new HashSet<>(
        Arrays.asList(properties.getOrDefault(SERVERS, "").strip().split("\\s*,\\s*", -1)));
  }
}
