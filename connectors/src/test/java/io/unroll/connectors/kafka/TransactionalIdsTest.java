package io.unroll.connectors.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TransactionalIdsTest {
  private static final List<String> IDS =
      List.of(
          "unroll-prices-0-1",
          "unroll-prices-12-3456",
          "unroll-prices-2-0-1",
          "unroll-prices-rejected-0-1",
          "unroll-prices.eu-0-1",
          "unroll-prices_eu-0-1",
          "unroll-pricesXeu-0-1",
          "my-unroll-prices-0-1",
          "unroll-prices-0",
          "unroll-prices-0-x");

  private static List<String> of(String name, String suffix) {
    TransactionalIds ids = TransactionalIds.ofPipeline(name, suffix);
    List<String> ours = IDS.stream().filter(ids::include).toList();
    assertEquals(ours, IDS.stream().filter(id -> id.matches(ids.expression())).toList());
    return ours;
  }

  @Test
  void aPrefixOfAnotherPrefixSharesNoId() {
    assertEquals(List.of("unroll-prices-0-1", "unroll-prices-12-3456"), of("prices", ""));
    assertEquals(List.of("unroll-prices-2-0-1"), of("prices-2", ""));
    assertEquals(List.of("unroll-prices-rejected-0-1"), of("prices", "-rejected"));
    assertEquals(List.of("unroll-prices.eu-0-1"), of("prices.eu", ""));
    assertEquals(List.of(), of("price", ""));
  }
}
