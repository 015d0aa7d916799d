package io.unroll.model.kernel;

/**
 * The kernel of this test JVM, chosen once: the fastest that it offers. The build decides which
 * that is by the modules that it starts the JVM with. Tests that compare kernels name them instead.
 */
public final class TestKernel {
  public static final String NAME = Kernels.best().name();

  private TestKernel() {}

  /** One for a model. */
  public static Kernel create() {
    return Kernels.named(NAME);
  }
}
