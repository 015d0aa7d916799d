package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** README's table of operators is the one that the code gives. */
final class ReadmeTest {
  private static final String BEGIN = "<!-- operators: from Operators.markdown() -->\n";
  private static final String END = "<!-- /operators -->";

  @Test
  void tableIsTheOneOfTheCode() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int begin = readme.indexOf(BEGIN);
    int end = readme.indexOf(END);
    assertTrue(begin >= 0 && end > begin, "README.md has the table between its markers");
    String generated = Operators.markdown();
    assertEquals(
        generated,
        readme.substring(begin + BEGIN.length(), end),
        () -> "README.md's table of operators, expected:\n" + generated);
  }
}
