package io.unroll.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.unroll.job.PipelineJob;
import io.unroll.job.pipeline.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what a run that goes on knows that its input is the one that it has read. */
final class InputFilesTest {
  private static final FileTime THEN = FileTime.fromMillis(1_700_000_000_000L);
  private static final FileTime LATER = FileTime.fromMillis(1_700_000_001_000L);

  @TempDir private Path folder;
  private Path feeds;
  private Pipeline pipeline;

  @BeforeEach
  void twoFiles() throws Exception {
    Path examples = Examples.copy(folder);
    feeds = Files.createDirectory(examples.resolve("several feeds"));
    write("a.csv", "1,2\n");
    write("b.csv", "3,4\n");
    write("_hidden.csv", "9,9\n");
    Path file = examples.resolve("weather.yaml");
    Files.writeString(file, Files.readString(file).replace("feeds/weather.csv", "several feeds"));
    pipeline = PipelineJob.load(file).pipeline();
  }

  private Path write(String name, String text) throws IOException {
    return Files.setLastModifiedTime(Files.writeString(feeds.resolve(name), text), THEN);
  }

  private List<String> changes(String noted) throws IOException {
    return InputFiles.parse(noted).changes(pipeline);
  }

  private String noted() throws IOException {
    return InputFiles.of(pipeline).text();
  }

  @Test
  void whatIsAsItWasIsNoChange() throws Exception {
    String noted = noted();
    assertEquals(2, noted.lines().count(), noted);
    assertEquals(List.of(), changes(noted));
    Files.setLastModifiedTime(feeds.resolve("a.csv"), LATER);
    write("_hidden.csv", "8,8,8\n");
    assertEquals(List.of(), changes(noted));
  }

  @Test
  void theLastFileMayGrow() throws Exception {
    String noted = noted();
    write("b.csv", "3,4\n5,6\n");
    assertEquals(List.of(), changes(noted));
    write("b.csv", "3,5\n5,6\n");
    assertEquals(
        List.of(feeds.resolve("b.csv") + ": found other content in the 4 bytes that it had"),
        changes(noted));
  }

  @Test
  void whatWouldNotBeReadIsAChange() throws Exception {
    String noted = noted();
    write("a.csv", "1,2\n0,0\n");
    write("c.csv", "7,8\n");
    assertEquals(
        List.of(
            feeds.resolve("a.csv")
                + ": found 8 bytes, expected the 4 that it had: only the last file of a folder may"
                + " grow",
            feeds.resolve("c.csv")
                + ": found a new file, expected none: a run that goes on would not read it"),
        changes(noted));
  }

  @Test
  void whatIsGoneIsAChange() throws Exception {
    String noted = noted();
    write("a.csv", "1\n");
    Files.delete(feeds.resolve("b.csv"));
    assertEquals(
        List.of(
            feeds.resolve("a.csv") + ": found 2 bytes, expected the 4 that it had",
            feeds.resolve("b.csv") + ": found no such file, expected the one that was read"),
        changes(noted));
  }

  /** Not all of a large file is compared: then its time tells. */
  @Test
  void theMiddleOfALargeFileIsKnownByItsTime() throws Exception {
    Path large = write("b.csv", "3,4\n".repeat(1 << 20));
    String noted = noted();
    byte[] bytes = Files.readAllBytes(large);
    bytes[bytes.length / 2] = '7';
    Files.write(large, bytes);
    Files.setLastModifiedTime(large, LATER);
    assertEquals(
        List.of(
            large
                + ": found a file of 2023-11-14T22:13:21Z, expected that of 2023-11-14T22:13:20Z"),
        changes(noted));
    write("b.csv", "3,4\n".repeat((1 << 20) + 1));
    assertEquals(List.of(), changes(noted));
  }

  @Test
  void aNoteThatIsNoneIsToldAsOne() {
    IOException e = assertThrows(IOException.class, () -> InputFiles.parse("4 x"));
    assertEquals("found '4 x', expected bytes, time, checksum and file", e.getMessage());
  }
}
