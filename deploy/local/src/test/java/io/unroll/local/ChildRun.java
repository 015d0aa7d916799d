package io.unroll.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run in a process of its own, which can be killed. */
final class ChildRun {
  private static final String SAID = "child.txt";

  private ChildRun() {}

  /**
   * {@code run} as the launcher starts it, from the class path that was packaged.
   *
   * @param folder of what it says
   */
  static Process start(Path folder, Path pipeline, List<String> jvm, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-")) {
        command.add(option);
      }
    }
    Path lib = Path.of("target", "lib").toAbsolutePath();
    command.addAll(jvm);
    command.addAll(List.of("-Xmx512m", "-cp", lib + "/*", "io.unroll.local.Main", "run"));
    command.addAll(options);
    command.add(pipeline.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(SAID).toFile())
        .start();
  }

  /** What the last one of the folder has said so far. */
  static String said(Path folder) {
    try {
      return Files.readString(folder.resolve(SAID));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
