package io.unroll.model.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.unroll.model.cell.Apply;
import io.unroll.model.cell.Node;
import io.unroll.model.cell.ReadState;
import io.unroll.model.cell.RecurrentCell;
import io.unroll.model.cell.StepGraph;
import io.unroll.model.cell.WriteState;
import io.unroll.model.kernel.Activation;
import io.unroll.model.kernel.TestKernel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of nodes against the closed set of them, which Java 17 cannot switch over. */
final class NodeWriterTest {

  @Test
  void everyNodeIsWrittenOrSaysWhyNot() {
    Set<Class<?>> expected = new HashSet<>(List.of(Node.class.getPermittedSubclasses()));
    expected.removeAll(
        Set.of(RecurrentCell.class, ReadState.class, WriteState.class)); // ScanWriter's
    StepGraph.Builder builder = new StepGraph.Builder(TestKernel.create(), 1);
    Apply node = new Apply(builder, "Tanh", "tanh", Activation.TANH, StepGraph.INPUT);
    builder.add(node);
    OnnxWriter writer = new OnnxWriter("test", builder.build(node.output()));
    assertEquals(expected, writer.nodes().types());
  }
}
