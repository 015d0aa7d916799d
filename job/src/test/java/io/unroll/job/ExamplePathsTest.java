package io.unroll.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Each path is replaced once, whatever the folder of the checkout is called. */
final class ExamplePathsTest {
  @Test
  void namesInTheFoldersOwnPathStay() {
    Path examples = Path.of("/my/feeds/models/$1/examples");
    String text =
        """
        path: feeds/a.csv
        onnx: models/b.onnx # in other/models/c.onnx
        onnx: ../models/d.onnx
        """;
    assertEquals(
        """
        path: EXAMPLES/feeds/a.csv
        onnx: EXAMPLES/models/b.onnx # in other/models/c.onnx
        onnx: EXAMPLES/models/d.onnx
        """
            .replace("EXAMPLES", examples.toString()),
        ExamplePaths.absolute(text, examples));
  }
}
