package io.unroll.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The jar on a cluster explains a failure as the launcher does. */
final class MainTest {
  private final PrintStream standardOutput = System.out;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @AfterEach
  void putBack() {
    System.setOut(standardOutput);
    System.setErr(standardError);
  }

  /** Standard output is a full disk. */
  @Test
  void resultsThatCannotBeWrittenAreAFailure() {
    System.setErr(new PrintStream(said, true, UTF_8));
    System.setOut(
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int one) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            true,
            UTF_8));
    IllegalStateException failed =
        assertThrows(IllegalStateException.class, () -> Main.main(new String[] {"--version"}));
    assertEquals("unroll failed with exit code 1", failed.getMessage());
    assertEquals(
        "unroll: standard output could not be written: its results are missing"
            + System.lineSeparator(),
        said.toString(UTF_8));
  }
}
