package io.unroll.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.unroll.model.GoldenCase;
import io.unroll.model.RecurrentModel;
import io.unroll.model.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ejml.data.FMatrixRMaj;

/**
 * Damaged copies of every golden file. Each is refused in words, or is a model that takes a step;
 * neither allocates more than a bound.
 */
final class DamagedFiles {
  /** Of one reading and one step. The largest golden file has 36 KB. */
  static final long MAX_ALLOCATED = 256L << 20;

  /** Far beyond what a reading takes: one that hangs must fail, a slow machine must not. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What belongs in a stack trace, not in a message. */
  private static final Pattern JAVA =
      Pattern.compile("\\b(java|javax|jdk|com|org|io|ai)\\.[a-z]+\\.|Exception|\\bat [a-z]+\\.");

  private DamagedFiles() {}

  /** Every golden file, the feeds' models and loops; one with named states is read with them. */
  static List<OnnxFile> good() {
    List<OnnxFile> files = new ArrayList<>();
    for (String folder : List.of("golden", "feeds")) {
      for (Path file : models(folder)) {
        files.add(file(file));
      }
    }
    files.addAll(LoopTest.files());
    return files;
  }

  private static List<Path> models(String folder) {
    try {
      Path root =
          Path.of(
              Objects.requireNonNull(DamagedFiles.class.getClassLoader().getResource(folder))
                  .toURI());
      try (Stream<Path> walk = Files.walk(root)) {
        return walk.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OnnxFile file(Path file) {
    Path golden = file.resolveSibling("case.json");
    try {
      OnnxFile onnx = OnnxFile.load(file);
      if (!Files.exists(golden)) {
        return onnx;
      }
      boolean oneModel = file.endsWith("model.onnx");
      return oneModel ? onnx.withStates(GoldenCase.load(folderOf(golden)).onnx().states()) : onnx;
    } catch (IOException | OnnxException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  private static String folderOf(Path file) {
    return String.valueOf(Objects.requireNonNull(file.getParent()).getFileName());
  }

  /**
   * Damages the files in turn, {@code count} times in all; returns how many were read or refused.
   */
  static int check(int count) {
    long seed = Seeds.seed();
    List<OnnxFile> files = good();
    assertTrue(files.size() >= 27, files.size() + " files");
    Map<Boolean, Integer> read = new HashMap<>();
    for (int i = 0; i < count; i++) {
      OnnxFile good = files.get(i % files.size());
      long own = (seed + i) * 0x9E3779B97F4A7C15L; // neighbours would begin with the same choices
      String where = "%s, mutation %d: %s".formatted(good.name(), i, Seeds.message(seed));
      read.merge(
          assertTimeoutPreemptively(
              LIMIT, () -> readsOrRefuses(good, new Mutations(new Random(own)), where), where),
          1,
          Integer::sum);
    }
    assertTrue(read.getOrDefault(true, 0) > count / 20, "too few still read: " + read);
    assertTrue(read.getOrDefault(false, 0) > count / 20, "too few are refused: " + read);
    return read.getOrDefault(true, 0) + read.getOrDefault(false, 0);
  }

  private static boolean readsOrRefuses(OnnxFile good, Mutations mutations, String where) {
    Map<String, byte[]> external = new TreeMap<>(good.externalData());
    byte[] model = mutations.model(good.model());
    external.replaceAll((name, data) -> mutations.external(data));
    OnnxFile damaged = new OnnxFile(good.name(), model, external).withStates(good.states());
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean read = readsOrRefuses(damaged, where);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= MAX_ALLOCATED,
        () -> where + ": allocated " + allocated + " bytes, at most " + MAX_ALLOCATED);
    return read;
  }

  /** Whether it is a model; a failure is an assertion's, with the damage in its message. */
  static boolean readsOrRefuses(OnnxFile file, String where) {
    try {
      RecurrentModel model = file.read();
      Inspection.of(file).text();
      FMatrixRMaj input = new FMatrixRMaj(1, model.inputSize());
      FMatrixRMaj state = new FMatrixRMaj(1, model.stateLayout().size());
      model.initialState(state.data, 0);
      var workspace = model.workspace(1);
      model.step(input, state, workspace);
      assertEquals(model.outputSize(), workspace.output().numCols, where);
      return true;
    } catch (OnnxException refusal) {
      assertIsForPeople(refusal, where);
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(where + ": " + e, e);
    }
  }

  static void assertIsForPeople(OnnxException refusal, String where) {
    String message = String.valueOf(refusal.getMessage());
    assertFalse(message.isBlank() || message.endsWith(": ") || message.contains("null"), where);
    assertFalse(JAVA.matcher(message).find(), where + ": " + message);
    assertFalse(message.contains("\n") || message.contains("\t"), where + ": " + message);
  }
}
