package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page's table of operators is the one that the code gives. */
final class OperatorsPageTest {
  private static final String BEGIN = "<!-- operators: from Operators.markdown() -->\n";
  private static final String END = "<!-- /operators -->";

  @Test
  void tableIsTheOneOfTheCode() throws IOException {
    String page = Files.readString(Path.of("docs/onnx.md"));
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    assertTrue(begin >= 0 && end > begin, "docs/onnx.md has the table between its markers");
    String generated = Operators.markdown();
    assertEquals(
        generated,
        page.substring(begin + BEGIN.length(), end),
        () -> "docs/onnx.md's table of operators, expected:\n" + generated);
  }
}
