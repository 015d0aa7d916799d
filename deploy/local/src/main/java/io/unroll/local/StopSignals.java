package io.unroll.local;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Hears Ctrl-C and other requests to end, so that a run can stop in order. A second request ends
 * the process at once, with Flink's own shutdown hooks. These would run beside a hook of ours and
 * delete the files that a last checkpoint needs, so a hook is no alternative.
 *
 * <p>The same signal within a second is the same request: who ends a whole process group reaches
 * this process twice, by itself and through the launcher.
 *
 * <p>Java hears signals through {@code sun.misc.Signal} only. Its module is part of every JDK
 * ({@code jdk.unsupported}), but javac warns of it and our build allows no warning: so it is called
 * by name.
 */
final class StopSignals implements AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");
  private static final int SIGNALLED = 128;
  private static final long ONE_REQUEST_NANOS = 1_000_000_000L;

  private final CompletableFuture<Integer> asked = new CompletableFuture<>();
  private final List<Replaced> replaced = new ArrayList<>();

  private record Replaced(Object signal, Object handler) {}

  private final IntConsumer answer;
  private final IntConsumer end;
  private final LongSupplier nanos;
  private long firstAt;

  /**
   * Hears nothing by itself.
   *
   * @param end of the process, with an exit code
   * @param nanos of a clock that only goes on
   */
  StopSignals(IntConsumer answer, IntConsumer end, LongSupplier nanos) {
    this.answer = answer;
    this.end = end;
    this.nanos = nanos;
  }

  /**
   * Hears from now on, until closed. A signal that this process ignores stays ignored.
   *
   * @param answer to the first signal, at once; is given the exit code that the signal stands for
   */
  static StopSignals hear(IntConsumer answer) {
    StopSignals signals = new StopSignals(answer, System::exit, System::nanoTime);
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

  /**
   * A signal has come.
   *
   * @param exitCode that it stands for
   */
  void heard(int exitCode) {
    boolean first;
    synchronized (this) { // the JVM has a thread for each signal
      long now = nanos.getAsLong();
      first = asked.complete(exitCode);
      if (first) {
        firstAt = now;
      } else if (asked.join() == exitCode && now - firstAt < ONE_REQUEST_NANOS) {
        return;
      }
    }
    (first ? answer : end).accept(exitCode);
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
          heard(SIGNALLED + number);
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
