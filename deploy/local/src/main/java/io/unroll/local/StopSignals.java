package io.unroll.local;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Hears Ctrl-C and other requests to end while a job runs, so that the run can stop in order. A
 * second signal ends the process at once, with Flink's own shutdown hooks. These would run beside a
 * hook of ours and delete the files that a last checkpoint needs, so a hook is no alternative.
 *
 * <p>Java hears signals through {@code sun.misc.Signal} only. Its module is part of every JDK
 * ({@code jdk.unsupported}), but javac warns of it and our build allows no warning: so it is called
 * by name.
 */
final class StopSignals implements AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
  private static final int SIGNALLED = 128;

  private final CompletableFuture<Integer> asked = new CompletableFuture<>();
  private final List<Replaced> replaced = new ArrayList<>();

  private record Replaced(Object signal, Object handler) {}

  private final Runnable answer;

  private StopSignals(Runnable answer) {
    this.answer = answer;
  }

  /**
   * Hears from now on, until closed. A signal that this process ignores stays ignored.
   *
   * @param answer to the first signal, at once
   */
  static StopSignals hear(Runnable answer) {
    StopSignals signals = new StopSignals(answer);
    for (String name : NAMES) {
      try {
        Object signal = type("Signal").getConstructor(String.class).newInstance(name);
        signals.replaced.add(new Replaced(signal, handle(signal, signals.handler())));
      } catch (ReflectiveOperationException notHere) {
        // Windows has no HUP, and -Xrs leaves all to the system: the signal then ends the process
        // as it always did, and the next run goes on from the newest checkpoint.
      }
    }
    return signals;
  }

  /** The exit code that the first signal stands for: 130 for Ctrl-C, 143 for TERM. */
  CompletableFuture<Integer> asked() {
    return asked;
  }

  private Object handler() throws ReflectiveOperationException {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (!method.getName().equals("handle")) {
            return switch (method.getName()) {
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "StopSignals";
            };
          }
          int number = (int) type("Signal").getMethod("getNumber").invoke(arguments[0]);
          if (!asked.complete(SIGNALLED + number)) {
            System.exit(SIGNALLED + number);
          }
          answer.run();
          return null;
        };
    return Proxy.newProxyInstance(
        StopSignals.class.getClassLoader(), new Class<?>[] {type("SignalHandler")}, handler);
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    return type("Signal")
        .getMethod("handle", type("Signal"), type("SignalHandler"))
        .invoke(null, signal, handler);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName("sun.misc." + name);
  }

  @Override
  public void close() {
    for (Replaced before : replaced) {
      try {
        handle(before.signal, before.handler);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("it could be set a moment ago", e);
      }
    }
  }
}
