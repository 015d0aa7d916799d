package io.unroll.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** 100 000 real trades (ta4j-examples, MIT): epoch seconds, price, amount; irregular steps. */
final class Trades {
  /**
   * One trade.
   *
   * @param seconds since the epoch
   */
  record Trade(long seconds, double price, double amount) {}

  private Trades() {}

  static List<Trade> load() throws IOException {
    try (InputStream in =
        Trades.class.getResourceAsStream("/bitstamp_trades_from_20131125_usd.csv")) {
      if (in == null) {
        throw new IOException("bitstamp_trades_from_20131125_usd.csv is not on the class path");
      }
      List<Trade> trades = new ArrayList<>();
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      lines.readLine(); // header
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] columns = line.split(",", -1);
        trades.add(
            new Trade(
                Long.parseLong(columns[0]),
                Double.parseDouble(columns[1]),
                Double.parseDouble(columns[2])));
      }
      return trades;
    }
  }
}
