package io.unroll.bench.fork;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.concurrent.Callable;

/** What a forked JVM does with its measurement. */
public final class ForkedMain {
  private ForkedMain() {}

  /**
   * Measures, says the figures on standard output, and ends this JVM at once: what is measured is
   * measured, and a Flink's orderly end would only cost time. A failure goes to standard error,
   * which is the log. An error ends the JVM, too: Flink's threads would keep it alive without this
   * one.
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // standard error is where the other JVM expects it
  public static void say(Callable<Map<String, Double>> measurement) {
    int code = 1;
    try {
      String figures = new ObjectMapper().writeValueAsString(measurement.call());
      System.out.println(ForkedJvm.RESULT + figures);
      code = 0;
    } catch (Throwable e) { // whatever a job may throw
      e.printStackTrace();
    } finally {
      System.out.flush();
      System.err.flush();
      Runtime.getRuntime().halt(code);
    }
  }
}
