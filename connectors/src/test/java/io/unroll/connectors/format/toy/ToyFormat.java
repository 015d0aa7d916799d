package io.unroll.connectors.format.toy;

import io.unroll.connectors.format.FieldPath;
import io.unroll.connectors.format.Format;
import io.unroll.connectors.format.RecordReader;
import io.unroll.connectors.format.Text;
import io.unroll.connectors.format.Unreadable;
import io.unroll.connectors.format.Value;
import io.unroll.connectors.format.WantedFields;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole source format as somebody would add it: lines of {@code key=value}, apart by blanks. Only
 * {@link #listed} registers it.
 */
public record ToyFormat() implements Format {

  /** What runs while the format is listed. */
  @FunctionalInterface
  public interface Action {
    /** Does it. */
    void run() throws Exception;
  }

  /**
   * Writes into {@code folder} the one line that registers the format, and lets the thread see it
   * while {@code action} runs.
   */
  public static void listed(Path folder, Action action) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(Format.class.getName()), ToyFormat.class.getName() + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, ToyFormat.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      action.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public String title() {
    return "toy";
  }

  @Override
  public RecordReader reader(WantedFields wanted) {
    return (record, values) -> read(Text.decode(record, wanted.what()), wanted, values);
  }

  @Override
  public @Nullable String unfit(FieldPath field, boolean kafka) {
    return field.origin() == FieldPath.Origin.POINTER ? "a name: records are key=value" : null;
  }

  private static void read(String text, WantedFields wanted, Value[] values) throws Unreadable {
    Map<String, Value> found = new HashMap<>();
    for (String pair : text.strip().split(" +", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new Unreadable("expected key=value, found " + Text.cut(pair));
      }
      found.put(pair.substring(0, equals), Value.text(pair.substring(equals + 1)));
    }
    for (int i = 0; i < wanted.slots().length; i++) {
      values[wanted.slots()[i]] = found.getOrDefault(wanted.paths().get(i).text(), Value.MISSING);
    }
  }
}
