package io.unroll.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last line of a terminal, which changes in place. What else is written to the terminal passes
 * through {@link #stream}: it appears above that line.
 *
 * <p>Java cannot say whether standard error is a terminal ({@code System.console()} asks about
 * other streams, and not the same in all versions), so the launcher says it.
 */
final class LiveLine implements Progress.Line {
  /** The launcher's variable: {@code live} if standard error is a terminal that can do this. */
  static final String VARIABLE = "UNROLL_PROGRESS";

  // Back to the first column, and away with what stands there.
  private static final String ERASE = "\r\033[K";
  // A line that is longer than the terminal is wide is cut: wrapped, it could not be erased.
  private static final String NO_WRAP = "\033[?7l";
  private static final String WRAP = "\033[?7h";

  private final OutputStream terminal;
  private final Charset charset;
  private final PrintStream stream;
  private String text = "";
  private boolean shown;

  LiveLine(OutputStream terminal, Charset charset) {
    this.terminal = terminal;
    this.charset = charset;
    this.stream = new PrintStream(new Above(), true, charset);
  }

  /** On standard error, or null where the launcher found no terminal. */
  static @Nullable LiveLine of(Map<String, String> environment, PrintStream standardError) {
    return "live".equals(environment.get(VARIABLE))
        ? new LiveLine(standardError, Charset.defaultCharset())
        : null;
  }

  /** For everything else that is written to the terminal. */
  PrintStream stream() {
    return stream;
  }

  @Override
  public synchronized void show(String line) {
    text = line;
    try {
      repaint(new byte[0]);
    } catch (IOException e) {
      shown = false; // the terminal is gone; whoever waits for the run still gets its results
    }
  }

  private void repaint(byte[] above) throws IOException {
    String erase = shown ? ERASE : "";
    shown = !text.isEmpty();
    String line = shown ? NO_WRAP + text + WRAP : "";
    terminal.write(erase.getBytes(charset));
    terminal.write(above);
    terminal.write(line.getBytes(charset));
    terminal.flush();
  }

  /** Writes whole lines, and what a flush leaves of one when no line is shown. */
  private final class Above extends OutputStream {
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      synchronized (LiveLine.this) {
        waiting.write(bytes, from, count);
        if (count > 0 && bytes[from + count - 1] == '\n') {
          repaint(waiting.toByteArray());
          waiting.reset();
        }
      }
    }

    @Override
    public void flush() throws IOException {
      synchronized (LiveLine.this) {
        if (text.isEmpty() && waiting.size() > 0) {
          repaint(waiting.toByteArray());
          waiting.reset();
        }
      }
    }
  }
}
