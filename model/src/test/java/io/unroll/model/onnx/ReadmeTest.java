package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README's table of operators against the code. */
final class ReadmeTest {

  @Test
  void tableNamesExactlyTheOperatorsThatAreRead() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String table =
        readme.substring(readme.indexOf("| along one step"), readme.indexOf("Not read:"));
    TreeSet<String> named = new TreeSet<>();
    Matcher words = Pattern.compile("`([A-Z]\\w*)`").matcher(table);
    while (words.find()) {
      named.add(words.group(1));
    }
    TreeSet<String> read = new TreeSet<>();
    Operators.names().forEach(read::add);
    assertEquals(read, named);
  }
}
