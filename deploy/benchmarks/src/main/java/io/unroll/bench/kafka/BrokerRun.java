package io.unroll.bench.kafka;

import io.unroll.bench.fork.ForkedJvm;
import io.unroll.bench.peer.Peers;
import java.io.IOException;

/** The broker's JVM: says where it listens, and serves until its standard input ends. */
public final class BrokerRun {
  private BrokerRun() {}

  /**
   * Entry point.
   *
   * @param args none
   */
  public static void main(String[] args) throws IOException {
    try (Peers.Broker broker = Peers.get().broker()) {
      System.out.println(ForkedJvm.RESULT + broker.bootstrapServers());
      System.out.flush();
      if (System.in.read() >= 0) {
        throw new IOException("found something on standard input, expected its end");
      }
    }
  }
}
