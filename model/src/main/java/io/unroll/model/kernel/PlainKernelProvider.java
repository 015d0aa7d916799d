package io.unroll.model.kernel;

import org.jspecify.annotations.Nullable;

/** Offers the plain kernel, which runs everywhere. */
public final class PlainKernelProvider implements KernelProvider {

  @Override
  public String name() {
    return Kernels.PLAIN;
  }

  @Override
  public @Nullable String obstacle() {
    return null;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Kernel create() {
    return new PlainKernel();
  }
}
