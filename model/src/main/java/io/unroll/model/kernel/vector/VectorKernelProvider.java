package io.unroll.model.kernel.vector;

import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.KernelProvider;
import org.jspecify.annotations.Nullable;

/**
 * Offers the vector kernel where the JVM was started with its module and has vectors of at least
 * four floats. Names no class of that module itself.
 */
public final class VectorKernelProvider implements KernelProvider {
  static final String MODULE = "jdk.incubator.vector";
  private static final int FEWEST = 4;

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public @Nullable String obstacle() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return "module " + MODULE + " is not in this JVM, start it with --add-modules " + MODULE;
    }
    if (Lanes.L < FEWEST) {
      return "a vector holds "
          + Lanes.L
          + " floats on this machine, expected "
          + FEWEST
          + " or more";
    }
    return null;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Kernel create() {
    return new VectorKernel();
  }
}
