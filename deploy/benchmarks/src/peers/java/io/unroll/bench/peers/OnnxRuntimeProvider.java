package io.unroll.bench.peers;

import io.unroll.bench.peer.Peers;
import io.unroll.model.kernel.Kernel;
import io.unroll.model.kernel.KernelProvider;
import org.jspecify.annotations.Nullable;

/** Offers ONNX Runtime to Unroll's own operator, by name alone. */
public final class OnnxRuntimeProvider implements KernelProvider {

  @Override
  public String name() {
    return Peers.ONNX_RUNTIME;
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
    return new OnnxRuntimeKernel();
  }
}
