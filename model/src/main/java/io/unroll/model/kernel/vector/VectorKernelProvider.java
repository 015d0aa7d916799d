package io.unroll.model.kernel.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.KernelProvider;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Offers the vector kernel where the JVM was started with its module, has vectors of at least four
 * floats, and multiplies and adds in one instruction. Names no class of that module itself.
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
    if (lacksFma()) {
      return "this JVM has no fused multiply-add in hardware (UseFMA is false), it would compute"
          + " each one in slow Java code";
    }
    return null;
  }

  /** True if the JVM says so: one that is not HotSpot, or is without that module, says nothing. */
  private static boolean lacksFma() {
    if (ModuleLayer.boot().findModule("jdk.management").isEmpty()) {
      return false;
    }
    try {
      HotSpotDiagnosticMXBean vm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return vm != null && vm.getVMOption("UseFMA").getValue().equals("false");
    } catch (IllegalArgumentException e) { // no such bean, no such option
      return false;
    }
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
