package io.unroll.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where figures come from.
 *
 * @param facts by name: cpu, cores, memory, jvm, ..., in the order in which they are printed
 */
public record Machine(Map<String, String> facts) {

  /**
   * This machine.
   *
   * @param kernel the kernel that Unroll runs here, and its vectors
   * @param home a folder of the project
   * @param command the command line
   */
  public static Machine here(String kernel, Path home, String command) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("cpu", procLine("/proc/cpuinfo", "model name"));
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", procLine("/proc/meminfo", "MemTotal"));
    facts.put(
        "os", System.getProperty("os.name", "?") + " " + System.getProperty("os.version", "?"));
    facts.put(
        "jvm",
        System.getProperty("java.vm.name", "?") + " " + System.getProperty("java.vm.version", "?"));
    facts.put("kernel", kernel);
    facts.put("commit", commit(home));
    facts.put("command", command);
    return new Machine(facts);
  }

  private static String procLine(String file, String key) {
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      return "unknown: no " + file;
    }
    try {
      for (String line : Files.readAllLines(path)) {
        if (line.startsWith(key)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
      return "unknown: " + file + " has no '" + key + "'";
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static String commit(Path home) {
    String head = git(home, "rev-parse", "--short=12", "HEAD");
    return git(home, "status", "--porcelain", "--untracked-files=no").isEmpty()
        ? head
        : head + " and changes";
  }

  private static String git(Path home, String... arguments) {
    try {
      List<String> command = new ArrayList<>(List.of("git"));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? said.strip() : "unknown: " + said.strip();
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown: interrupted";
    }
  }

  /** One line per fact. */
  public String text() {
    StringBuilder text = new StringBuilder();
    facts.forEach((name, fact) -> text.append(name).append(' ').append(fact).append('\n'));
    return text.toString();
  }
}
