package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.unroll.job.describe.Key;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** What a declaration says of its key holds for the parser, too. */
final class KeyDefaultsTest {
  @Test
  void theDefaultInTheTableIsReadAsTheDefault() throws PipelineException {
    int defaults = 0;
    for (Key<?> key : PipelineKeys.all()) {
      if (key.standard() != null) {
        defaults++;
        assertReadBack(key);
      }
    }
    assertTrue(defaults > 15, defaults + " defaults");
  }

  private static <T> void assertReadBack(Key<T> key) throws PipelineException {
    T standard = key.orStandard(null);
    assertNull(key.type().refusal(standard), key.path());
    Findings findings = new Findings("p.yaml", Path.of("."));
    MappingNode root = YamlTree.read("p.yaml", "k: " + key.standardText() + "\n", findings);
    assertNotNull(root, key.path());
    Value value = new Value(findings, "k", key.path(), root.getValue().get(0).getValueNode());
    assertEquals(standard, value.read(key.type()), key.path());
    findings.throwIfWrong();
  }
}
