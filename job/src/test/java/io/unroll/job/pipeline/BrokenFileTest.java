package io.unroll.job.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no pipeline, whatever they say. */
final class BrokenFileTest {
  @TempDir Path directory;

  @BeforeEach
  void makesFiles() throws IOException {
    Texts.makeFiles(directory);
  }

  private void assertMistake(String expected, String text) {
    PipelineException e =
        assertThrows(PipelineException.class, () -> PipelineFile.read("p.yaml", text, directory));
    assertEquals(expected, e.getMessage());
  }

  private void assertFileMistake(String expected, Path file) {
    PipelineException e = assertThrows(PipelineException.class, () -> PipelineFile.read(file));
    assertEquals(file + expected, e.getMessage());
  }

  @Test
  void empty() {
    assertMistake(
        "p.yaml:1:1: found an empty file, expected a map that starts with version: 1", "");
    assertMistake(
        "p.yaml:1:1: found an empty file, expected a map that starts with version: 1",
        "# later\n\n");
  }

  @Test
  void noMap() {
    assertMistake("p.yaml:1:1: found a list, expected a map that starts with version: 1", "- a\n");
    assertMistake("p.yaml:2:1: found 'a b', expected a map that starts with version: 1", "\na b\n");
    assertMistake("p.yaml:2:1: found nothing, expected a map that starts with version: 1", "---\n");
  }

  @Test
  void severalDocuments() {
    assertMistake(
        "p.yaml:14:1: found a second YAML document, expected one in a file",
        Texts.SMALL + "---\n" + Texts.SMALL);
  }

  @Test
  void tabs() {
    assertMistake(
        "p.yaml:3:1: found no valid YAML: a tab, where YAML indents with spaces, expected YAML 1.2",
        "version: 1\nsource:\n\tformat: csv\n");
  }

  @Test
  void wrongIndentation() {
    assertMistake(
        "p.yaml:2:6: found no valid YAML: mapping values are not allowed here, expected YAML 1.2",
        "version: 1\n name: a\n");
  }

  @Test
  void openBracket() {
    assertMistake(
        "p.yaml:3:1: found no valid YAML: expected ',' or ']', but got <stream end> while parsing a"
            + " flow sequence, expected YAML 1.2",
        "version: 1\nfeatures: [a, b\n");
  }

  @Test
  void unknownAlias() {
    assertMistake(
        "p.yaml:1:10: found no valid YAML: found undefined alias x, expected YAML 1.2",
        "version: *x\n");
  }

  @Test
  void aliasesAreYaml() throws Exception {
    Pipeline pipeline =
        PipelineFile.read(
            "p.yaml",
            Texts.SMALL.replace("series: s", "series: &s s").replace("[x]", "[*s]"),
            directory);
    assertEquals("s", pipeline.observation().features().get(0).field().text());
  }

  @Test
  void aliasInsideItself() {
    assertMistake(
        "p.yaml:2:8: found an alias inside what it names, expected a finite tree",
        "version: 1\nflink: &f {a: *f}\n");
  }

  @Test
  void aliasesThatMultiply() {
    StringBuilder text = new StringBuilder("version: 1\na0: &a0 [x, x]\n");
    for (int i = 1; i < 12; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    assertMistake(
        "p.yaml:1:1: found no usable YAML: Number of aliases for non-scalar nodes exceeds the"
            + " specified max=10, expected YAML 1.2",
        text.toString());
  }

  @Test
  void tooDeep() {
    assertMistake(
        "p.yaml:1:35: found more than 32 levels, expected fewer", "a: " + "[".repeat(100_000));
  }

  @Test
  void unprintableText() {
    assertMistake(
        "p.yaml:2:8: found character U+0007, expected printable text",
        "version: 1\nname: a\u0007\n");
  }

  @Test
  void otherTag() {
    assertMistake(
        "p.yaml:2:1 name: found a value with the tag !secret, expected a name of 1 to 100 letters,"
            + " digits, '.', '_' and '-'",
        Texts.SMALL.replace("name: small", "name: !secret small"));
  }

  @Test
  void missingFile() {
    assertFileMistake(
        ": found no such file, expected a pipeline file", directory.resolve("absent.yaml"));
  }

  @Test
  void folder() {
    assertFileMistake(": found a folder, expected a pipeline file", directory);
  }

  @Test
  void hugeFile() throws IOException {
    Path file = Files.write(directory.resolve("huge.yaml"), new byte[(1 << 20) + 1]);
    assertFileMistake(": found more bytes than 1048576, expected at most so many", file);
  }

  @Test
  void otherEncoding() throws IOException {
    Path file = directory.resolve("latin.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', '1', '\n', 'b', ':', ' ', (byte) 0xE9, '\n'});
    assertFileMistake(":2:4: found byte 0xE9, which is not UTF-8, expected a file in UTF-8", file);
  }

  @Test
  void cutInsideACharacter() throws IOException {
    Path file = Files.write(directory.resolve("cut.yaml"), new byte[] {'a', ':', ' ', (byte) 0xC3});
    assertFileMistake(":1:4: found byte 0xC3, which is not UTF-8, expected a file in UTF-8", file);
  }

  @Test
  void aByteOrderMarkIsNoMistake() throws Exception {
    Path file = Files.writeString(directory.resolve("bom.yaml"), "\uFEFF" + Texts.SMALL);
    assertEquals("small", PipelineFile.read(file).name());
  }
}
