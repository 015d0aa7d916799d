package io.unroll.connectors;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** Which class of a module uses which, as the compiled classes say. */
public final class Arrows {
  private static final Pattern ARROW = Pattern.compile("^\\s+(\\S+)\\s+->\\s+(\\S+)\\s.*$");

  private Arrows() {}

  /**
   * From each class to all that it uses, of whatever module.
   *
   * @param some a class of the module
   * @throws AssertionError if there is no such tool
   */
  public static Map<String, Set<String>> of(Class<?> some) throws URISyntaxException {
    Path classes = Path.of(some.getProtectionDomain().getCodeSource().getLocation().toURI());
    StringWriter out = new StringWriter();
    ToolProvider jdeps =
        ToolProvider.findFirst("jdeps").orElseThrow(() -> new AssertionError("a JDK has jdeps"));
    PrintWriter writer = new PrintWriter(out);
    jdeps.run(writer, writer, "-verbose:class", "-filter:none", classes.toString());
    Map<String, Set<String>> uses = new TreeMap<>();
    for (String line : out.toString().split("\\R", -1)) {
      Matcher arrow = ARROW.matcher(line);
      if (arrow.matches()) {
        uses.computeIfAbsent(arrow.group(1), name -> new TreeSet<>()).add(arrow.group(2));
      }
    }
    return uses;
  }

  /** The package of a class. */
  public static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }
}
