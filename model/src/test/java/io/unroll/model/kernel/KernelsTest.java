package io.unroll.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run with the vector kernel's module and without it. */
final class KernelsTest {
  private static final String MODULE = "jdk.incubator.vector";

  private static boolean present() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  @Test
  void theVectorKernelIsTheBestWhereItsModuleIs() {
    assertEquals(present() ? List.of("vector", "plain") : List.of("plain"), Kernels.names());
    assertEquals(present() ? "vector" : "plain", Kernels.best().name());
  }

  @Test
  void everyKernelBearsTheNameThatItIsFoundBy() {
    for (String name : Kernels.names()) {
      assertEquals(name, Kernels.named(name).name());
    }
  }

  @Test
  void aNameThatIsNoneIsRefusedWithThoseThereAre() {
    String obstacle =
        "; not 'vector': module jdk.incubator.vector is not in this JVM,"
            + " start it with --add-modules jdk.incubator.vector";
    assertEquals(
        "kernel: found 'fast', expected one of "
            + (present() ? "[vector, plain]" : "[plain]" + obstacle),
        assertThrows(IllegalArgumentException.class, () -> Kernels.named("fast")).getMessage());
  }

  @Test
  void aKernelThatTheJvmCannotRunIsRefusedWithTheReason() {
    List<String> refusals =
        present() ? List.of() : List.of("module jdk.incubator.vector is not in this JVM");
    for (String refusal : refusals) {
      assertEquals(
          "kernel 'vector': " + refusal + ", start it with --add-modules jdk.incubator.vector",
          assertThrows(IllegalArgumentException.class, () -> Kernels.named("vector")).getMessage());
    }
  }

  /** Each fused multiply-add would be one of big decimals. */
  @Test
  void theVectorKernelIsRefusedWhereTheHardwareHasNoFma() throws Exception {
    String found = ForkedJvm.print(List.of("-XX:-UseFMA"), Offered.class);
    String reason =
        present()
            ? "this JVM has no fused multiply-add in hardware (UseFMA is false), it would compute"
                + " each one in slow Java code"
            : "module jdk.incubator.vector is not in this JVM,"
                + " start it with --add-modules jdk.incubator.vector";
    assertTrue(found.contains("best plain, kernel 'vector': " + reason + "\n"), found);
  }

  /** The same bits after a crash, compiled or not: who asks for it by name gets it. */
  @Test
  void theVectorKernelIsOfferedToAnInterpreter() throws Exception {
    String found = ForkedJvm.print(List.of("-Xint"), Offered.class);
    assertTrue(found.contains("best " + Kernels.best().name() + ", "), found);
  }

  /** Prints the best kernel, and what comes of asking for the vector kernel. */
  static final class Offered {
    private Offered() {}

    public static void main(String[] args) {
      String named;
      try {
        named = Kernels.named("vector").name();
      } catch (IllegalArgumentException e) {
        named = String.valueOf(e.getMessage());
      }
      System.out.println("best " + Kernels.best().name() + ", " + named);
    }
  }

  @Test
  void aKernelOfTheThreadsOwnLoaderIsFoundByNameAndNeverTheBest(@TempDir Path folder)
      throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(KernelProvider.class.getName()), Guest.class.getName() + "\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    assertThrows(IllegalArgumentException.class, () -> Kernels.named("guest"));
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, Kernels.class.getClassLoader())) {
      thread.setContextClassLoader(loader);
      assertNotNull(Kernels.named("guest"));
      assertEquals("guest", Kernels.names().get(Kernels.names().size() - 1));
      assertEquals(present() ? "vector" : "plain", Kernels.best().name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The plain kernel under another name, from somebody else. */
  public static final class Guest implements KernelProvider {
    @Override
    public String name() {
      return "guest";
    }

    @Override
    public @Nullable String obstacle() {
      return null;
    }

    @Override
    public int rank() {
      return -1;
    }

    @Override
    public Kernel create() {
      return new PlainKernelProvider().create();
    }
  }
}
