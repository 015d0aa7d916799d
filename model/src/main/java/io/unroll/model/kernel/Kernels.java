package io.unroll.model.kernel;

import java.util.List;

/** The kernels of this JVM, by name: the same name is the same bits on every machine. */
public final class Kernels {
  /** Plain loops: the oracle, and what runs everywhere. */
  public static final String PLAIN = "plain";

  private Kernels() {}

  /** The fastest kernel that this JVM can run. */
  public static Kernel best() {
    return new PlainKernel();
  }

  /**
   * The kernel of that name.
   *
   * @throws IllegalArgumentException when there is none, or this JVM cannot run it; says why
   */
  public static Kernel named(String name) {
    if (!name.equals(PLAIN)) {
      throw new IllegalArgumentException(
          "kernel: found '" + name + "', expected one of " + names());
    }
    return new PlainKernel();
  }

  /** Every kernel that this JVM can run, the fastest first. */
  public static List<String> names() {
    return List.of(PLAIN);
  }
}
