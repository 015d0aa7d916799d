package io.unroll.model.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Offers a kernel to {@link Kernels}, found by {@link java.util.ServiceLoader}. Its class loads
 * whatever the JVM; what may be missing there is loaded by {@link #create} alone.
 */
public interface KernelProvider {

  /** The kernel's name: lower case, one word. The same name is the same bits on every machine. */
  String name();

  /** Why this JVM cannot run the kernel and what would help; null when it can. */
  @Nullable String obstacle();

  /** {@link Kernels#best} is the highest that can run; below 0 never comes up by itself. */
  int rank();

  /** The kernel; called only where there is no obstacle. */
  Kernel create();
}
