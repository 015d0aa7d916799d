package io.unroll.model.onnx;

import static io.unroll.model.onnx.TestGraph.attribute;
import static io.unroll.model.onnx.TestGraph.list;
import static io.unroll.model.onnx.TestGraph.withGru;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Graphs that parse and mean harm: the exact words, and little memory before they are said. */
final class HostileFilesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static void refused(String message, TestGraph graph) {
    refused(message, graph.file());
  }

  private static void refused(String message, OnnxFile file) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertEquals(message, assertThrows(OnnxException.class, file::read).getMessage());
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 64 << 20, message + ": allocated " + allocated + " bytes");
  }

  private static TensorProto.Builder floats(String name, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    return tensor;
  }

  @Test
  void nodesInACircle() {
    refused(
        "test: Add 'a' takes 'q' before Neg 'b' makes it: the nodes are not in the order in which"
            + " they run, or run in a circle",
        withGru().node("Add", "a", "g,q", "p").node("Neg", "b", "p", "q").output("p"));
    refused(
        "test: Neg 'a' takes 'p' before Neg 'a' makes it: the nodes are not in the order in which"
            + " they run, or run in a circle",
        withGru().node("Neg", "a", "p", "p").output("p"));
  }

  @Test
  void valuesUsedBeforeTheyAreMadeOrNeverMade() {
    refused(
        "test: Neg 'n' takes 's' before Neg 'm' makes it: the nodes are not in the order in which"
            + " they run, or run in a circle",
        withGru().node("Neg", "n", "s", "y").node("Neg", "m", "g", "s").output("y"));
    refused(
        "Add 'a': value 'nowhere' is used before a node makes it, or never made",
        withGru().node("Add", "a", "g,nowhere", "s").output("s"));
  }

  @Test
  void namesThatStandTwice() {
    refused(
        "test: value 's' is made twice, by Neg 'a' and by Abs 'b'",
        withGru().node("Neg", "a", "g", "s").node("Abs", "b", "g", "s").output("s"));
    refused(
        "test: value 'W' is made by Neg 'a' and is an input or an initializer too",
        withGru().node("Neg", "a", "g", "W").output("W"));
    refused(
        "test: value 'x' is made by Neg 'a' and is an input or an initializer too",
        withGru().node("Neg", "a", "g", "x").output("x"));
    refused(
        "test: initializer 'W' stands twice in the graph",
        withGru().weights("W", 1, 12, 3).output("g"));
    refused(
        "test: input 'x' stands twice in the graph",
        withGru().input("x", "batch,time,3").output("g"));
  }

  @Test
  void declaredSizesBeyondTheFile() {
    refused(
        "Add 'a': tensor 'big' declares 65536 x 65536 x 65536 x 65536 x 65536 elements, at most"
            + " 67108864",
        withGru()
            .initializer(floats("big", 1 << 16, 1 << 16, 1 << 16, 1 << 16, 1 << 16).build())
            .node("Add", "a", "g,big", "y")
            .output("y"));
    refused(
        "Add 'a': tensor 'big' declares 4611686018427387904 x 4 elements, at most 67108864",
        withGru()
            .initializer(floats("big", 1L << 62, 4).build())
            .node("Add", "a", "g,big", "y")
            .output("y"));
    refused(
        "Add 'a': tensor 'big': 0 values, expected 67108864",
        withGru()
            .initializer(floats("big", 1 << 26).build())
            .node("Add", "a", "g,big", "y")
            .output("y"));
    refused(
        "Add 'a': tensor 'big': 4 bytes, expected 268435456",
        withGru()
            .initializer(
                floats("big", 1 << 26).setRawData(ByteString.copyFrom(new byte[4])).build())
            .node("Add", "a", "g,big", "y")
            .output("y"));
    refused(
        "Add 'a': tensor 'less' has a dimension of -3",
        withGru()
            .initializer(floats("less", 2, -3).build())
            .node("Add", "a", "g,less", "y")
            .output("y"));
    refused(
        "Add 'a': tensor 'deep' has rank 100, at most 64",
        withGru()
            .initializer(floats("deep", new long[100]).build())
            .node("Add", "a", "g,deep", "y")
            .output("y"));
  }

  @Test
  void inputsAndStatesBeyondAnyRow() {
    refused(
        "test: a row of 2147483647 values, at most 16777216",
        new TestGraph()
            .input("x", "batch,time," + Integer.MAX_VALUE)
            .weights("W", 1, 12, 3)
            .weights("R", 1, 12, 4)
            .node("GRU", "g", "x,W,R", "y")
            .output("y"));
    refused(
        "test: a state of 2147483647 values",
        withGru()
            .input("h0", "1,batch," + Integer.MAX_VALUE)
            .weights("R2", 1, 12, 4)
            .node("GRU", "h", "xt,W,R2,,,h0", "z")
            .output("z"));
  }

  @Test
  void constantsThatGrowInsideTheGraph() {
    refused(
        "Add 'sum': a constant of 67108864 elements, at most 4194304",
        withGru()
            .longs("shape", 1 << 13, 1 << 13)
            .node("ConstantOfShape", "fill", "shape", "big")
            .longs("turned", 1 << 26)
            .node("Range", "r", "zero,many,step", "row")
            .scalar("zero", 0)
            .scalar("many", 1 << 13)
            .scalar("step", 1)
            .node("Cast", "c", "row", "frow", attribute("to", 1))
            .node("Expand", "wide", "frow,shape", "wider")
            .node("Transpose", "turn", "wider", "turned_row", list("perm", 1, 0))
            .node("Add", "sum", "wider,turned_row", "all")
            .node("Add", "use", "g,all", "y")
            .output("y"));
    refused(
        "MatMul 'product': multiplies constants (2000, 2000) and (2000, 2000): more than 1073741824"
            + " products",
        withGru()
            .longs("shape", 2000, 2000)
            .node("ConstantOfShape", "fill", "shape", "big")
            .node("MatMul", "product", "big,big", "all")
            .node("Add", "use", "g,all", "y")
            .output("y"));
  }

  @Test
  void constantsThatAddUp() {
    TestGraph graph =
        withGru()
            .scalar("zero", 0)
            .scalar("many", 1 << 20)
            .scalar("step", 1)
            .node("Range", "r", "zero,many,step", "n0");
    for (int i = 0; i < 20; i++) {
      graph.node("Add", "add_" + i, "n" + i + ",n0", "n" + (i + 1));
    }
    OnnxFile file = graph.node("Add", "use", "g,n20", "y").output("y").file();
    assertEquals(
        "Add 'add_15': constants of more than %d elements altogether"
            .formatted((1 << 24) + 4 * file.model().length),
        assertThrows(OnnxException.class, file::read).getMessage());
  }

  @Test
  void listsWithoutEnd() {
    refused(
        "Unsqueeze 'u': axes has 100000 values, at most 4096",
        withGru()
            .longs("axes", new long[100_000])
            .node("Unsqueeze", "u", "g,axes", "y")
            .output("y"));
  }

  /** Every symbol is an extent of its own: finding the next number must not begin anew. */
  @Test
  void thousandsOfOpenExtents() {
    TestGraph graph = withGru();
    String sum = "g";
    for (int i = 0; i < 3000; i++) {
      graph
          .input("h" + i, "1,b" + i + ",4")
          .node("GRU", "gru" + i, "xt,W,R,B,,h" + i, "g" + i)
          .node("Add", "add" + i, sum + ",g" + i, "s" + i);
      sum = "s" + i;
    }
    refused(
        "Mystery 'm': domain 'com.example' is not ONNX's own. Export without custom operators",
        graph.node("com.example", "Mystery", "m", sum, "y").output("y"));
  }

  @Test
  void graphsInsideGraphs() {
    ByteString inside = ByteString.EMPTY;
    for (int depth = 0; depth < 3000; depth++) { // graph { node { attribute { g { ... } } } }
      inside = field(1, field(5, field(6, inside)));
    }
    byte[] bytes = field(7, inside).toByteArray();
    refused(
        "deep: not an ONNX model, or a damaged one ("
            + bytes.length
            + " bytes): Protocol message had too many levels of nesting.  May be malicious.  Use"
            + " setRecursionLimit() to increase the recursion depth limit.",
        new OnnxFile("deep", bytes, Map.of()));
  }

  private static ByteString field(int number, ByteString value) {
    ByteString.Output out = ByteString.newOutput();
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    try {
      coded.writeBytes(number, value);
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteString();
  }

  @Test
  void aHundredThousandNodes() {
    for (String op : new String[] {"Identity", "Neg", "Unsqueeze"}) {
      TestGraph graph = withGru().longs("axis", 0);
      String value = "g";
      for (int i = 0; i < 100_000; i++) {
        graph.node(op, "", value + (op.equals("Unsqueeze") ? ",axis" : ""), "v" + i);
        value = "v" + i;
      }
      OnnxFile file = graph.output(value).file();
      assertEquals(!op.equals("Unsqueeze"), DamagedFiles.readsOrRefuses(file, op));
    }
  }

  @Test
  void namesOfAMegabyteWithTerminalCodes() {
    String name = "\u001b[2J\n" + "n".repeat(1 << 20);
    OnnxException refusal =
        assertThrows(
            OnnxException.class,
            withGru().node("Mystery", name, "g", "y").output("y").file()::read);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.startsWith("Mystery '?[2J?nnnn"), message.substring(0, 20));
    assertEquals(2005, message.length());
    DamagedFiles.assertIsForPeople(refusal, "a long name");
  }
}
