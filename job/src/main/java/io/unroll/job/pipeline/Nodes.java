package io.unroll.job.pipeline;

import io.unroll.job.describe.Found;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What a node of the file holds. */
final class Nodes {
  private Nodes() {}

  /** What a node holds: {@code 'text'}, {@code 5}, {@code nothing}, {@code a list}. */
  static String describe(Node node) {
    if (node instanceof MappingNode) {
      return "a map";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    ScalarNode scalar = (ScalarNode) node;
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return "nothing";
    }
    if (isText(scalar)) {
      return Found.quoted(scalar.getValue());
    }
    if (isLiteral(scalar)) {
      return Found.oneLine(scalar.getValue());
    }
    return "a value with the tag " + Found.oneLine(tag.getValue());
  }

  /** True for a plain or quoted string, {@code ${...}} among them. */
  static boolean isText(ScalarNode scalar) {
    return scalar.getTag().equals(Tag.STR) || scalar.getTag().equals(Tag.ENV_TAG);
  }

  /** True for a number or a boolean. */
  static boolean isLiteral(ScalarNode scalar) {
    Tag tag = scalar.getTag();
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) || tag.equals(Tag.BOOL);
  }
}
