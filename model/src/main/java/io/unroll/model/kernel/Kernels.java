package io.unroll.model.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * The kernels of this JVM, by name: the same name is the same bits on every machine. They come from
 * every {@link KernelProvider} that the class loader of this class sees; {@link #named} also asks
 * the thread's own class loader, where a Flink job has what its user wrote.
 */
public final class Kernels {
  /** Plain loops: the oracle, and what runs everywhere. */
  public static final String PLAIN = "plain";

  private Kernels() {}

  /** The fastest kernel that this JVM can run. */
  public static Kernel best() {
    for (KernelProvider provider : providers(Kernels.class.getClassLoader())) {
      if (provider.rank() >= 0 && provider.obstacle() == null) {
        return provider.create();
      }
    }
    throw new IllegalStateException("no kernel: META-INF/services lists no " + provider());
  }

  /**
   * The kernel of that name.
   *
   * @throws IllegalArgumentException when there is none, or this JVM cannot run it; says why
   */
  public static Kernel named(String name) {
    List<KernelProvider> known = known();
    for (KernelProvider provider : known) {
      if (provider.name().equals(name)) {
        String obstacle = provider.obstacle();
        if (obstacle != null) {
          throw new IllegalArgumentException("kernel '" + name + "': " + obstacle);
        }
        return provider.create();
      }
    }
    StringBuilder message =
        new StringBuilder("kernel: found '" + name + "', expected one of " + runnable(known));
    obstacles()
        .forEach(
            (kernel, why) -> message.append("; not '").append(kernel).append("': ").append(why));
    throw new IllegalArgumentException(message.toString());
  }

  /** Every kernel that this JVM can run, the fastest first. */
  public static List<String> names() {
    return runnable(known());
  }

  /** Every kernel that this JVM knows and cannot run, with the reason. */
  public static Map<String, String> obstacles() {
    Map<String, String> obstacles = new LinkedHashMap<>();
    for (KernelProvider provider : known()) {
      String obstacle = provider.obstacle();
      if (obstacle != null) {
        obstacles.put(provider.name(), obstacle);
      }
    }
    return obstacles;
  }

  private static List<String> runnable(List<KernelProvider> providers) {
    return providers.stream()
        .filter(provider -> provider.obstacle() == null)
        .map(KernelProvider::name)
        .distinct()
        .toList();
  }

  /** The providers of this class's loader, then those that only the thread's loader sees. */
  private static List<KernelProvider> known() {
    ClassLoader own = Kernels.class.getClassLoader();
    List<KernelProvider> known = new ArrayList<>(providers(own));
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context != null && !Objects.equals(context, own)) {
      for (KernelProvider provider : providers(context)) {
        if (known.stream().noneMatch(one -> one.getClass() == provider.getClass())) {
          known.add(provider);
        }
      }
    }
    return known;
  }

  /** The highest rank first. */
  private static List<KernelProvider> providers(ClassLoader loader) {
    List<KernelProvider> providers = new ArrayList<>();
    ServiceLoader.load(KernelProvider.class, loader).forEach(providers::add);
    providers.sort(Comparator.comparingInt(KernelProvider::rank).reversed());
    return providers;
  }

  private static String provider() {
    return KernelProvider.class.getName();
  }
}
